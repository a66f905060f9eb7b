/** RPC procedures about devices of the host. */
import { NODE_DEVICE_LIFECYCLE, type NodeDeviceEvent } from "@vireo/model/node/node-device-event";
import type { NodeDeviceSummary } from "@vireo/model/operation/node-device";
import { remote } from "@vireo/rpc/program/remote";
import { ask, connectionOf, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { atMost, readFlags } from "./flags.ts";
import { type EventWire, SubscriptionsBySession } from "./object-subscriptions.ts";
import { wireTruth } from "./wire.ts";

/** Capabilities by libvirt's bit. */
const CAPABILITY = {
  system: 1,
  pci: 2,
  usb_device: 4,
  usb: 8,
  net: 16,
  scsi_host: 32,
  scsi_target: 64,
  scsi: 128,
  storage: 256,
  fc_host: 512,
  vports: 1024,
  scsi_generic: 2048,
  drm: 4096,
  mdev_types: 8192,
  mdev: 16_384,
  ccw: 32_768,
  css: 65_536,
  vdpa: 131_072,
  ap_card: 262_144,
  ap_queue: 524_288,
  ap_matrix: 1_048_576,
  vpd: 2_097_152,
} as const;
const FILTER = { ...CAPABILITY, inactive: 1 << 30, active: 2 ** 31 } as const;
const LIST_LIMIT = 65_536;
const VALIDATE = { validate: 1 } as const;

type Filters = Readonly<Partial<Record<keyof typeof FILTER, true>>>;

/** Without a word about it both kinds are meant. */
function filtered(all: readonly NodeDeviceSummary[], filters: Filters) {
  const { active, inactive, ...rest } = filters;
  const wanted = Object.keys(rest);
  return all
    .filter((one) => active === inactive || one.active === (active === true))
    .filter(
      ({ capabilities }) => wanted.length === 0 || wanted.some((cap) => capabilities.includes(cap)),
    );
}

const all = (call: DoorCall): Promise<readonly NodeDeviceSummary[]> =>
  ask(call, ["nodeDevice", "list"], {});
const refOf = (name: string) => ({ device: { name } });
const found = (name: string, call: DoorCall): Promise<NodeDeviceSummary> =>
  ask(call, ["nodeDevice", "lookup"], refOf(name));
const wireDevice = ({ name }: { name: string }) => ({ dev: { name } });

/** The old generation of lists: those that are there, of one capability if it is named. */
async function named(cap: string | null, call: DoorCall): Promise<readonly string[]> {
  const present = filtered(await all(call), { active: true });
  const fitting = present.filter(({ capabilities }) => cap === null || capabilities.includes(cap));
  return fitting.map(({ name }) => name);
}

const listHandlers: DoorHandlers = {
  nodeNumOfDevices: async ({ cap, flags }, call) => {
    readFlags(flags, {}, "nodeNumOfDevices");
    return { num: (await named(cap, call)).length };
  },
  nodeListDevices: async ({ cap, maxnames, flags }, call) => {
    readFlags(flags, {}, "nodeListDevices");
    atMost(LIST_LIMIT, maxnames, "maxnames > REMOTE_NODE_DEVICE_LIST_MAX");
    return { names: (await named(cap, call)).slice(0, maxnames) };
  },
  connectListAllNodeDevices: async ({ need_results, flags }, call) => {
    const filters = readFlags(flags, FILTER, "nodeConnectListAllNodeDevices");
    const devices = filtered(await all(call), filters);
    const wire = devices.map(({ name }) => ({ name }));
    return { devices: need_results === 0 ? [] : wire, ret: devices.length };
  },
  nodeDeviceLookupByName: async ({ name }, call) => wireDevice(await found(name, call)),
  nodeDeviceLookupScsiHostByWwn: async ({ wwnn, wwpn, flags }, call) => {
    readFlags(flags, {}, "nodeDeviceLookupSCSIHostByWWN");
    return wireDevice(await ask(call, ["nodeDevice", "lookup"], { device: { wwnn, wwpn } }));
  },
};

const readHandlers: DoorHandlers = {
  nodeDeviceGetXmlDesc: async ({ name, flags }, call) => {
    readFlags(flags, {}, "nodeDeviceGetXMLDesc");
    return { xml: await ask(call, ["nodeDevice", "xml"], refOf(name)) };
  },
  nodeDeviceGetParent: async ({ name }, call) => ({
    parentName: (await found(name, call)).parent ?? null,
  }),
  nodeDeviceNumOfCaps: async ({ name }, call) => ({
    num: (await found(name, call)).capabilities.length,
  }),
  nodeDeviceListCaps: async ({ name, maxnames }, call) => {
    atMost(LIST_LIMIT, maxnames, "maxnames > REMOTE_NODE_DEVICE_CAPS_LIST_MAX");
    return { names: (await found(name, call)).capabilities.slice(0, maxnames) };
  },
  nodeDeviceGetAutostart: async ({ name }, call) => ({
    autostart: wireTruth((await found(name, call)).autostart),
  }),
  nodeDeviceIsPersistent: async ({ name }, call) => ({
    persistent: wireTruth((await found(name, call)).persistent),
  }),
  nodeDeviceIsActive: async ({ name }, call) => ({
    active: wireTruth((await found(name, call)).active),
  }),
};

const changeHandlers: DoorHandlers = {
  nodeDeviceDettach: ({ name }, call) => ask(call, ["nodeDevice", "detach"], refOf(name)),
  nodeDeviceDetachFlags: ({ name, driverName, flags }, call) => {
    readFlags(flags, {}, "nodeDeviceDetachFlags");
    const driver = driverName === null ? {} : { driver: driverName };
    return ask(call, ["nodeDevice", "detach"], { ...refOf(name), ...driver });
  },
  nodeDeviceReAttach: ({ name }, call) => ask(call, ["nodeDevice", "reattach"], refOf(name)),
  nodeDeviceReset: ({ name }, call) => ask(call, ["nodeDevice", "reset"], refOf(name)),
  nodeDeviceCreateXml: async ({ xml_desc: xml, flags }, call) => {
    const ways = readFlags(flags, VALIDATE, "nodeDeviceCreateXML");
    return wireDevice(await ask(call, ["nodeDevice", "create"], { xml, ...ways }));
  },
  nodeDeviceDestroy: ({ name }, call) => ask(call, ["nodeDevice", "destroy"], refOf(name)),
  nodeDeviceDefineXml: async ({ xml_desc: xml, flags }, call) => {
    const ways = readFlags(flags, VALIDATE, "nodeDeviceDefineXML");
    return wireDevice(await ask(call, ["nodeDevice", "define"], { xml, ...ways }));
  },
  nodeDeviceUndefine: ({ name, flags }, call) => {
    readFlags(flags, {}, "nodeDeviceUndefine");
    return ask(call, ["nodeDevice", "undefine"], refOf(name));
  },
  nodeDeviceCreate: ({ name, flags }, call) => {
    readFlags(flags, {}, "nodeDeviceCreate");
    return ask(call, ["nodeDevice", "start"], refOf(name));
  },
  nodeDeviceSetAutostart: ({ name, autostart }, call) =>
    ask(call, ["nodeDevice", "setAutostart"], { ...refOf(name), autostart: autostart !== 0 }),
};

const EVENTS: readonly NodeDeviceEvent["kind"][] = ["lifecycle", "update"];
const EVENT_WIRE: EventWire<NodeDeviceEvent> = {
  count: EVENTS.length,
  idOf: ({ kind }) => EVENTS.indexOf(kind),
  // a device's name is all that there is to know it by
  uuidOf: ({ name }) => name,
  send: (session, callbackID, event) => {
    const dev = { name: event.name };
    if (event.kind === "update")
      session.sendEvent(remote, "nodeDeviceEventUpdate", { callbackID, dev });
    else
      session.sendEvent(remote, "nodeDeviceEventLifecycle", {
        callbackID,
        dev,
        event: NODE_DEVICE_LIFECYCLE.indexOf(event.event),
        detail: 0,
      });
  },
};
const subscriptions = new SubscriptionsBySession(EVENT_WIRE, (session) =>
  connectionOf(session).events("nodeDevice"),
);

const eventHandlers: DoorHandlers = {
  connectNodeDeviceEventRegisterAny: async ({ eventID, dev }, call) => {
    const mine = subscriptions.for(call.session, "virConnectNodeDeviceEventRegisterAny");
    await all(call); // only what is known can be seen to change
    return { callbackID: mine.add(eventID, dev?.name) };
  },
  connectNodeDeviceEventDeregisterAny: ({ callbackID }, { session }) => {
    subscriptions.for(session, "virConnectNodeDeviceEventDeregisterAny").remove(callbackID);
  },
};

export const nodeDeviceHandlers: DoorHandlers = {
  ...eventHandlers,
  ...listHandlers,
  ...readHandlers,
  ...changeHandlers,
};

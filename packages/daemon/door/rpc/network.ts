/** RPC procedures about virtual networks. */
import {
  FIXED_SECTIONS,
  UPDATE_COMMANDS,
  UPDATE_SECTIONS,
  type UpdateSection,
} from "@vireo/model/network/update-section";
import { NETWORK_LIFECYCLE, type NetworkEvent } from "@vireo/model/network-event";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import { virError } from "@vireo/model/error";
import type { NetworkLease, NetworkRef, NetworkSummary } from "@vireo/model/operation/network";
import { remote } from "@vireo/rpc/program/remote";
import { ask, connectionOf, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { atMost, readFlags } from "./flags.ts";
import { type EventWire, SubscriptionsBySession } from "./object-subscriptions.ts";
import { inState, namesInState, STATE_FILTER, type StateFilter } from "./state-filter.ts";
import { wireTruth } from "./wire.ts";

const LIST_LIMIT = 16_384;

const wireNetwork = ({ name, uuid }: { name: string; uuid: string }) => ({ name, uuid });
/** Only the UUID counts; the name may be stale. */
const refOf = ({ uuid }: { uuid: string }): NetworkRef => ({ uuid });
const all = (call: DoorCall): Promise<readonly NetworkSummary[]> =>
  ask(call, ["network", "list"], {});
const summary = (net: { uuid: string }, call: DoorCall): Promise<NetworkSummary> =>
  ask(call, ["network", "lookup"], { network: refOf(net) });

async function names(max: number, filter: StateFilter, call: DoorCall) {
  atMost(LIST_LIMIT, max, "maxnames > REMOTE_NETWORK_LIST_MAX");
  return namesInState(await all(call), filter, max);
}
const number = async (filter: StateFilter, call: DoorCall) => ({
  num: inState(await all(call), { [filter]: true }).length,
});

const listHandlers: DoorHandlers = {
  connectNumOfNetworks: (_args, call) => number("active", call),
  connectNumOfDefinedNetworks: (_args, call) => number("inactive", call),
  connectListNetworks: ({ maxnames }, call) => names(maxnames, "active", call),
  connectListDefinedNetworks: ({ maxnames }, call) => names(maxnames, "inactive", call),
  connectListAllNetworks: async ({ need_results, flags }, call) => {
    const filters = readFlags(flags, STATE_FILTER, "networkConnectListAllNetworks");
    const found = inState(await all(call), filters);
    return { nets: need_results === 0 ? [] : found.map(wireNetwork), ret: found.length };
  },
  networkLookupByName: async ({ name }, call) => ({
    net: wireNetwork(await ask(call, ["network", "lookup"], { network: { name } })),
  }),
  networkLookupByUuid: async ({ uuid }, call) => ({
    net: wireNetwork(await ask(call, ["network", "lookup"], { network: { uuid } })),
  }),
};

/** What an update's numbers stand for. @throws VireoError */
function updateOf({ command, section }: { command: number; section: number }, network: string) {
  const verb = UPDATE_COMMANDS[command - 1];
  // the keys of a constant are its sections
  const sections = Object.keys(UPDATE_SECTIONS) as readonly UpdateSection[];
  const part = sections.find((one) => UPDATE_SECTIONS[one] === section);
  if (verb === undefined) throw virError("invalidArg", `unsupported update command ${command}`);
  if (part === undefined)
    throw virError(
      "operationUnsupported",
      `can't update '${FIXED_SECTIONS[section] ?? section}' section of network '${network}'`,
      { from: ErrorDomain.network },
    );
  return { command: verb, section: part };
}

const lifeHandlers: DoorHandlers = {
  networkDefineXml: async ({ xml }, call) => ({
    net: wireNetwork(await ask(call, ["network", "define"], { xml })),
  }),
  networkDefineXmlFlags: async ({ xml, flags }, call) => {
    const ways = readFlags(flags, { validate: 1 }, "networkDefineXMLFlags");
    return { net: wireNetwork(await ask(call, ["network", "define"], { xml, ...ways })) };
  },
  networkCreateXml: async ({ xml }, call) => ({
    net: wireNetwork(await ask(call, ["network", "create"], { xml })),
  }),
  networkCreateXmlFlags: async ({ xml, flags }, call) => {
    const ways = readFlags(flags, { validate: 1 }, "networkCreateXMLFlags");
    return { net: wireNetwork(await ask(call, ["network", "create"], { xml, ...ways })) };
  },
  networkCreate: ({ net }, call) => ask(call, ["network", "start"], { network: refOf(net) }),
  networkDestroy: ({ net }, call) => ask(call, ["network", "destroy"], { network: refOf(net) }),
  networkUndefine: ({ net }, call) => ask(call, ["network", "undefine"], { network: refOf(net) }),
  networkSetAutostart: ({ net, autostart }, call) =>
    ask(call, ["network", "setAutostart"], { network: refOf(net), autostart: autostart !== 0 }),
  networkUpdate: ({ net, parentIndex, xml, flags, ...numbers }, call) => {
    const where = readFlags(flags, { live: 1, config: 2 }, "networkUpdate");
    const change = { ...updateOf(numbers, net.name), parentIndex: Math.max(parentIndex, -1), xml };
    return ask(call, ["network", "update"], { network: refOf(net), ...change, ...where });
  },
};

const wireLease = (lease: NetworkLease) => ({
  iface: lease.interface,
  expirytime: BigInt(lease.expiry),
  type: lease.family === "ipv4" ? 0 : 1,
  mac: lease.mac ?? null,
  iaid: lease.iaid ?? null,
  ipaddr: lease.address,
  prefix: lease.prefix,
  hostname: lease.hostname ?? null,
  clientid: lease.clientId ?? null,
});

const readHandlers: DoorHandlers = {
  networkGetXmlDesc: async ({ net, flags }, call) => {
    const ways = readFlags(flags, { inactive: 1 }, "networkGetXMLDesc");
    return { xml: await ask(call, ["network", "xml"], { network: refOf(net), ...ways }) };
  },
  networkGetBridgeName: async ({ net }, call) => {
    const { bridge, name } = await summary(net, call);
    if (bridge === undefined)
      throw virError("internalError", `network '${name}' does not have a bridge name.`);
    return { name: bridge };
  },
  networkGetAutostart: async ({ net }, call) => ({
    autostart: wireTruth((await summary(net, call)).autostart),
  }),
  networkIsActive: async ({ net }, call) => ({
    active: wireTruth((await summary(net, call)).active),
  }),
  networkIsPersistent: async ({ net }, call) => ({
    persistent: wireTruth((await summary(net, call)).persistent),
  }),
  networkGetDhcpLeases: async ({ net, mac, need_results, flags }, call) => {
    readFlags(flags, {}, "networkGetDHCPLeases");
    const only = mac === null ? {} : { mac };
    const found = await ask(call, ["network", "leases"], { network: refOf(net), ...only });
    return { leases: need_results === 0 ? [] : found.map(wireLease), ret: found.length };
  },
};

const EVENT_WIRE: EventWire<NetworkEvent> = {
  count: 1,
  idOf: () => 0,
  uuidOf: ({ network }) => network.uuid,
  send: (session, callbackID, { network, event }) =>
    session.sendEvent(remote, "networkEventLifecycle", {
      callbackID,
      net: wireNetwork(network),
      event: NETWORK_LIFECYCLE.indexOf(event),
      detail: 0,
    }),
};
const subscriptions = new SubscriptionsBySession(EVENT_WIRE, (session) =>
  connectionOf(session).events("network"),
);
const eventHandlers: DoorHandlers = {
  connectNetworkEventRegisterAny: ({ eventID, net }, { session }) => ({
    callbackID: subscriptions
      .for(session, "virConnectNetworkEventRegisterAny")
      .add(eventID, net?.uuid),
  }),
  connectNetworkEventDeregisterAny: ({ callbackID }, { session }) => {
    subscriptions.for(session, "virConnectNetworkEventDeregisterAny").remove(callbackID);
  },
};

export const networkHandlers: DoorHandlers = {
  ...listHandlers,
  ...lifeHandlers,
  ...readHandlers,
  ...eventHandlers,
};

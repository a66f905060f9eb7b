/** RPC procedures about the host's own network interfaces. */
import type { HostInterfaceSummary } from "@vireo/model/operation/host-interface";
import { virError } from "@vireo/model/error";
import { ask, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { atMost, readFlags } from "./flags.ts";
import { wireTruth } from "./wire.ts";

const LIST_LIMIT = 16_384;
const STATES = { inactive: 1, active: 2 } as const;

const all = (call: DoorCall): Promise<readonly HostInterfaceSummary[]> =>
  ask(call, ["hostInterface", "list"], {});
async function those(active: boolean, call: DoorCall): Promise<readonly HostInterfaceSummary[]> {
  return (await all(call)).filter((one) => one.active === active);
}
const wire = ({ name, mac }: HostInterfaceSummary) => ({ iface: { name, mac } });
const refOf = ({ name }: { name: string }) => ({ interface: { name } });

async function names(max: number, active: boolean, call: DoorCall) {
  atMost(LIST_LIMIT, max, "maxnames > REMOTE_INTERFACE_LIST_MAX");
  return { names: (await those(active, call)).map(({ name }) => name).slice(0, max) };
}

const listHandlers: DoorHandlers = {
  connectNumOfInterfaces: async (_args, call) => ({ num: (await those(true, call)).length }),
  connectNumOfDefinedInterfaces: async (_args, call) => ({
    num: (await those(false, call)).length,
  }),
  connectListInterfaces: ({ maxnames }, call) => names(maxnames, true, call),
  connectListDefinedInterfaces: ({ maxnames }, call) => names(maxnames, false, call),
  connectListAllInterfaces: async ({ need_results, flags }, call) => {
    const { active, inactive } = readFlags(flags, STATES, "interfaceConnectListAllInterfaces");
    const found = (await all(call)).filter(
      (one) => active === inactive || one.active === (active === true),
    );
    const ifaces = need_results === 0 ? [] : found.map(({ name, mac }) => ({ name, mac }));
    return { ifaces, ret: found.length };
  },
  interfaceLookupByName: async ({ name }, call) =>
    wire(await ask(call, ["hostInterface", "lookup"], { interface: { name } })),
  interfaceLookupByMacString: async ({ mac }, call) => {
    const found = (await all(call)).filter((one) => one.mac === mac.toLowerCase());
    if (found.length > 1)
      throw virError("multipleInterfaces", `the MAC address '${mac}' matches multiple interfaces`);
    return wire(await ask(call, ["hostInterface", "lookup"], { interface: { mac } }));
  },
  interfaceIsActive: async ({ iface }, call) => ({
    active: wireTruth((await ask(call, ["hostInterface", "lookup"], refOf(iface))).active),
  }),
};

export const hostInterfaceHandlers: DoorHandlers = {
  ...listHandlers,
  interfaceGetXmlDesc: async ({ iface, flags }, call) => {
    const ways = readFlags(flags, { inactive: 1 }, "interfaceGetXMLDesc");
    return { xml: await ask(call, ["hostInterface", "xml"], { ...refOf(iface), ...ways }) };
  },
  interfaceDefineXml: async ({ xml, flags }, call) => {
    const ways = readFlags(flags, { validate: 1 }, "interfaceDefineXML");
    return wire(await ask(call, ["hostInterface", "define"], { xml, ...ways }));
  },
  interfaceUndefine: ({ iface }, call) => ask(call, ["hostInterface", "undefine"], refOf(iface)),
  interfaceCreate: ({ iface, flags }, call) => {
    readFlags(flags, {}, "interfaceCreate");
    return ask(call, ["hostInterface", "start"], refOf(iface));
  },
  interfaceDestroy: ({ iface, flags }, call) => {
    readFlags(flags, {}, "interfaceDestroy");
    return ask(call, ["hostInterface", "destroy"], refOf(iface));
  },
  interfaceChangeBegin: ({ flags }, call) => {
    readFlags(flags, {}, "interfaceChangeBegin");
    return ask(call, ["hostInterface", "beginChange"], {});
  },
  interfaceChangeCommit: ({ flags }, call) => {
    readFlags(flags, {}, "interfaceChangeCommit");
    return ask(call, ["hostInterface", "commitChange"], {});
  },
  interfaceChangeRollback: ({ flags }, call) => {
    readFlags(flags, {}, "interfaceChangeRollback");
    return ask(call, ["hostInterface", "rollbackChange"], {});
  },
};

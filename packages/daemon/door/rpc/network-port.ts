/** RPC procedures about the places that guests have in virtual networks. */
import type { network, networkPort } from "@vireo/rpc/program/remote/type";
import type { ValueOf } from "@vireo/rpc/xdr/xdr-type";
import { ask, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { ratesIn, ratesParams } from "./interface-rates.ts";
import { answer } from "./typed-fields.ts";

type WireNetwork = ValueOf<typeof network>;
type WirePort = ValueOf<typeof networkPort>;

/** Only UUIDs count; a name may be stale. */
const networkOf = ({ uuid }: WireNetwork) => ({ network: { uuid } });
const portOf = ({ net, uuid }: WirePort) => ({ ...networkOf(net), port: uuid });
const none = (flags: number, call: string): void => {
  readFlags(flags, {}, call);
};

export const networkPortHandlers: DoorHandlers = {
  networkListAllPorts: async ({ network: net, need_results, flags }, call) => {
    none(flags, "networkListAllPorts");
    const found = await ask(call, ["networkPort", "list"], networkOf(net));
    const ports = need_results === 0 ? [] : found.map((uuid) => ({ net, uuid }));
    return { ports, ret: found.length };
  },
  networkPortLookupByUuid: async ({ network: net, uuid }, call) => {
    const input = { ...networkOf(net), port: uuid };
    return { port: { net, uuid: await ask(call, ["networkPort", "lookup"], input) } };
  },
  networkPortCreateXml: async ({ network: net, xml, flags }, call) => {
    const ways = readFlags(flags, { reclaim: 1, validate: 2 }, "networkPortCreateXML");
    const input = { ...networkOf(net), xml, ...ways };
    return { port: { net, uuid: await ask(call, ["networkPort", "create"], input) } };
  },
  networkPortGetXmlDesc: async ({ port, flags }, call) => {
    none(flags, "networkPortGetXMLDesc");
    return { xml: await ask(call, ["networkPort", "xml"], portOf(port)) };
  },
  networkPortDelete: ({ port, flags }, call) => {
    none(flags, "networkPortDelete");
    return ask(call, ["networkPort", "delete"], portOf(port));
  },
  networkPortGetParameters: async ({ port, nparams, flags }, call) => {
    none(flags, "networkPortGetParameters");
    return answer(ratesParams(await ask(call, ["networkPort", "tune"], portOf(port))), nparams);
  },
  networkPortSetParameters: ({ port, params, flags }, call) => {
    none(flags, "networkPortSetParameters");
    return ask(call, ["networkPort", "setTune"], { ...portOf(port), ...ratesIn(params) });
  },
};

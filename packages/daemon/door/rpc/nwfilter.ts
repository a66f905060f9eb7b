/** RPC procedures about packet filters and their bindings. */
import type { NwFilterBindingSummary, NwFilterIdentity } from "@vireo/model/operation/nwfilter";
import { ask, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { atMost, readFlags } from "./flags.ts";

const LIST_LIMIT = 16_384;
const VALIDATE = { validate: 1 } as const;

const all = (call: DoorCall): Promise<readonly NwFilterIdentity[]> =>
  ask(call, ["nwfilter", "list"], {});
const refOf = ({ uuid }: NwFilterIdentity) => ({ nwfilter: { uuid } });
const wireFilter = ({ name, uuid }: NwFilterIdentity) => ({ name, uuid });

const wireBinding = ({ portDev, filter }: NwFilterBindingSummary) => ({
  portdev: portDev,
  filtername: filter,
});
const bindingOf = ({ portdev }: { portdev: string }) => ({ binding: { name: portdev } });

const define = async (xml: string, validate: { validate?: true }, call: DoorCall) => ({
  nwfilter: wireFilter(await ask(call, ["nwfilter", "define"], { xml, ...validate })),
});

const filterHandlers: DoorHandlers = {
  connectNumOfNwfilters: async (_args, call) => ({ num: (await all(call)).length }),
  connectListNwfilters: async ({ maxnames }, call) => {
    atMost(LIST_LIMIT, maxnames, "maxnames > REMOTE_NWFILTER_LIST_MAX");
    return { names: (await all(call)).map(({ name }) => name).slice(0, maxnames) };
  },
  connectListAllNwfilters: async ({ need_results, flags }, call) => {
    readFlags(flags, {}, "nwfilterConnectListAllNWFilters");
    const found = await all(call);
    return { filters: need_results === 0 ? [] : found.map(wireFilter), ret: found.length };
  },
  nwfilterLookupByName: async ({ name }, call) => ({
    nwfilter: wireFilter(await ask(call, ["nwfilter", "lookup"], { nwfilter: { name } })),
  }),
  nwfilterLookupByUuid: async ({ uuid }, call) => ({
    nwfilter: wireFilter(await ask(call, ["nwfilter", "lookup"], { nwfilter: { uuid } })),
  }),
  nwfilterGetXmlDesc: async ({ nwfilter, flags }, call) => {
    readFlags(flags, {}, "nwfilterGetXMLDesc");
    return { xml: await ask(call, ["nwfilter", "xml"], refOf(nwfilter)) };
  },
  nwfilterDefineXml: ({ xml }, call) => define(xml, {}, call),
  nwfilterDefineXmlFlags: ({ xml, flags }, call) =>
    define(xml, readFlags(flags, VALIDATE, "nwfilterDefineXMLFlags"), call),
  nwfilterUndefine: ({ nwfilter }, call) => ask(call, ["nwfilter", "undefine"], refOf(nwfilter)),
};

const bindingHandlers: DoorHandlers = {
  connectListAllNwfilterBindings: async ({ need_results, flags }, call) => {
    readFlags(flags, {}, "nwfilterConnectListAllNWFilterBindings");
    const found = await ask(call, ["nwfilterBinding", "list"], {});
    return { bindings: need_results === 0 ? [] : found.map(wireBinding), ret: found.length };
  },
  nwfilterBindingLookupByPortDev: async ({ name }, call) => ({
    nwfilter: wireBinding(await ask(call, ["nwfilterBinding", "lookup"], { binding: { name } })),
  }),
  nwfilterBindingGetXmlDesc: async ({ nwfilter, flags }, call) => {
    readFlags(flags, {}, "nwfilterBindingGetXMLDesc");
    return { xml: await ask(call, ["nwfilterBinding", "xml"], bindingOf(nwfilter)) };
  },
  nwfilterBindingCreateXml: async ({ xml, flags }, call) => {
    const ways = readFlags(flags, VALIDATE, "nwfilterBindingCreateXML");
    return {
      nwfilter: wireBinding(await ask(call, ["nwfilterBinding", "create"], { xml, ...ways })),
    };
  },
  nwfilterBindingDelete: ({ nwfilter }, call) =>
    ask(call, ["nwfilterBinding", "delete"], bindingOf(nwfilter)),
};

export const nwfilterHandlers: DoorHandlers = { ...filterHandlers, ...bindingHandlers };

/** RPC procedures about snapshots. */
import { virError } from "@vireo/model/error";
import type { domainSnapshot } from "@vireo/rpc/program/remote/type";
import type { ValueOf } from "@vireo/rpc/xdr/xdr-type";
import type { OperationInput } from "@vireo/model/operation/operations";
import { ask, driverFunction, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { domainOf, wireTruth } from "./wire.ts";

const CREATE = {
  redefine: 1,
  current: 2,
  noMetadata: 4,
  halt: 8,
  diskOnly: 16,
  reuseExternal: 32,
  quiesce: 64,
  atomic: 128,
  live: 256,
  validate: 512,
} as const;
const REVERT = { running: 1, paused: 2, force: 4, resetNvram: 8 } as const;
const DELETE = { children: 1, metadataOnly: 2, childrenOnly: 4 } as const;
const LIST = {
  /** Among all: only roots. Among children: also theirs. */
  span: 1,
  metadata: 2,
  leaves: 4,
  noLeaves: 8,
  noMetadata: 16,
  inactive: 32,
  active: 64,
  diskOnly: 128,
  internal: 256,
  external: 512,
  topological: 1024,
} as const;

type WireSnapshot = ValueOf<typeof domainSnapshot>;
type WireDomain = WireSnapshot["dom"];

const refOf = ({ dom, name }: WireSnapshot) => ({ domain: domainOf(dom), name });
const none = (flags: number, call: DoorCall, name: string): void => {
  readFlags(flags, {}, driverFunction(call, name));
};

interface Among {
  readonly dom: WireDomain;
  readonly below?: string;
  readonly flags: number;
  /** libvirt's name of the function. */
  readonly by: string;
}

async function names(call: DoorCall, { dom, below, flags, by }: Among): Promise<readonly string[]> {
  const {
    span,
    topological: _always,
    ...filter
  } = readFlags(flags, LIST, driverFunction(call, by));
  // the same bit narrows a question about all and widens one about children
  const deep = below === undefined ? span !== true : span === true;
  const wish: OperationInput<"domainSnapshot", "list"> = {
    domain: domainOf(dom),
    deep,
    ...(below === undefined ? {} : { below }),
    ...filter,
  };
  return ask(call, ["domainSnapshot", "list"], wish);
}

const asWire = (dom: WireDomain, found: readonly string[], wanted: number) => ({
  snapshots: wanted === 0 ? [] : found.map((name) => ({ name, dom })),
  ret: found.length,
});

const listHandlers: DoorHandlers = {
  domainSnapshotNum: async ({ dom, flags }, call) => ({
    num: (await names(call, { dom, flags, by: "DomainSnapshotNum" })).length,
  }),
  domainSnapshotListNames: async ({ dom, maxnames, flags }, call) => ({
    names: (await names(call, { dom, flags, by: "DomainSnapshotListNames" })).slice(0, maxnames),
  }),
  domainListAllSnapshots: async ({ dom, need_results, flags }, call) =>
    asWire(dom, await names(call, { dom, flags, by: "DomainListAllSnapshots" }), need_results),
  domainSnapshotNumChildren: async ({ snap: { dom, name }, flags }, call) => ({
    num: (await names(call, { dom, below: name, flags, by: "DomainSnapshotNumChildren" })).length,
  }),
  domainSnapshotListChildrenNames: async ({ snap: { dom, name }, maxnames, flags }, call) => {
    const by = "DomainSnapshotListChildrenNames";
    return { names: (await names(call, { dom, below: name, flags, by })).slice(0, maxnames) };
  },
  domainSnapshotListAllChildren: async ({ snapshot: { dom, name }, need_results, flags }, call) => {
    const by = "DomainSnapshotListAllChildren";
    return asWire(dom, await names(call, { dom, below: name, flags, by }), need_results);
  },
};

const lookHandlers: DoorHandlers = {
  domainSnapshotLookupByName: async ({ dom, name, flags }, call) => {
    none(flags, call, "DomainSnapshotLookupByName");
    await ask(call, ["domainSnapshot", "find"], refOf({ dom, name }));
    return { snap: { name, dom } };
  },
  domainHasCurrentSnapshot: async ({ dom, flags }, call) => {
    none(flags, call, "DomainHasCurrentSnapshot");
    const { name } = await ask(call, ["domainSnapshot", "current"], { domain: domainOf(dom) });
    return { result: wireTruth(name !== undefined) };
  },
  domainSnapshotCurrent: async ({ dom, flags }, call) => {
    none(flags, call, "DomainSnapshotCurrent");
    const { name } = await ask(call, ["domainSnapshot", "current"], { domain: domainOf(dom) });
    if (name === undefined)
      throw virError("noDomainSnapshot", "the domain does not have a current snapshot");
    return { snap: { name, dom } };
  },
  domainSnapshotGetParent: async ({ snap, flags }, call) => {
    none(flags, call, "DomainSnapshotGetParent");
    const { parent } = await ask(call, ["domainSnapshot", "find"], refOf(snap));
    if (parent === undefined)
      throw virError("noDomainSnapshot", `snapshot '${snap.name}' does not have a parent`);
    return { snap: { name: parent, dom: snap.dom } };
  },
  domainSnapshotIsCurrent: async ({ snap, flags }, call) => {
    none(flags, call, "DomainSnapshotIsCurrent");
    const { current } = await ask(call, ["domainSnapshot", "find"], refOf(snap));
    return { current: wireTruth(current) };
  },
  domainSnapshotHasMetadata: async ({ snap, flags }, call) => {
    none(flags, call, "DomainSnapshotHasMetadata");
    await ask(call, ["domainSnapshot", "find"], refOf(snap));
    return { metadata: 1 };
  },
  domainSnapshotGetXmlDesc: async ({ snap, flags }, call) => {
    const ways = readFlags(flags, { secure: 1 }, driverFunction(call, "DomainSnapshotGetXMLDesc"));
    return { xml: await ask(call, ["domainSnapshot", "xml"], { ...refOf(snap), ...ways }) };
  },
};

export const domainSnapshotHandlers: DoorHandlers = {
  ...listHandlers,
  ...lookHandlers,
  domainSnapshotCreateXml: async ({ dom, xml_desc, flags }, call) => {
    const ways = readFlags(flags, CREATE, driverFunction(call, "DomainSnapshotCreateXML"));
    const wish = { domain: domainOf(dom), xml: xml_desc, ...ways };
    return { snap: { name: await ask(call, ["domainSnapshot", "create"], wish), dom } };
  },
  domainRevertToSnapshot: ({ snap, flags }, call) => {
    const ways = readFlags(flags, REVERT, driverFunction(call, "DomainRevertToSnapshot"));
    return ask(call, ["domainSnapshot", "revert"], { ...refOf(snap), ...ways });
  },
  domainSnapshotDelete: ({ snap, flags }, call) => {
    const ways = readFlags(flags, DELETE, driverFunction(call, "DomainSnapshotDelete"));
    return ask(call, ["domainSnapshot", "delete"], { ...refOf(snap), ...ways });
  },
};

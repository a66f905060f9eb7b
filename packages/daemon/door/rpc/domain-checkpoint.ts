/** RPC procedures about checkpoints. */
import { virError } from "@vireo/model/error";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { domainCheckpoint } from "@vireo/rpc/program/remote/type";
import type { ValueOf } from "@vireo/rpc/xdr/xdr-type";
import { ask, driverFunction, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { domainOf } from "./wire.ts";

/** `span`: among all only roots, among children also theirs. */
const LIST = { span: 1, topological: 2, leaves: 4, noLeaves: 8 } as const;
const XML = { secure: 1, noDomain: 2, size: 4 } as const;
const DELETE = { children: 1, metadataOnly: 2, childrenOnly: 4 } as const;

type WireCheckpoint = ValueOf<typeof domainCheckpoint>;

const refOf = ({ dom, name }: WireCheckpoint) => ({ domain: domainOf(dom), name });

interface Among {
  readonly dom: WireCheckpoint["dom"];
  readonly below?: string;
  readonly flags: number;
  /** libvirt's name of the function. */
  readonly by: string;
  readonly wanted: number;
}

async function listed(call: DoorCall, { dom, below, flags, by, wanted }: Among) {
  const ways = readFlags(flags, LIST, driverFunction(call, by));
  const { leaves, noLeaves } = ways;
  const wish: OperationInput<"domainCheckpoint", "list"> = {
    domain: domainOf(dom),
    deep: below === undefined ? ways.span !== true : ways.span === true,
    ...(below === undefined ? {} : { below }),
    leaves,
    noLeaves,
  };
  const names = await ask(call, ["domainCheckpoint", "list"], wish);
  return {
    checkpoints: wanted === 0 ? [] : names.map((name) => ({ name, dom })),
    ret: names.length,
  };
}

export const domainCheckpointHandlers: DoorHandlers = {
  domainCheckpointCreateXml: async ({ dom, xml_desc, flags }, call) => {
    const by = driverFunction(call, "CheckpointCreateXML");
    const { redefine } = readFlags(flags, { redefine: 1, redefineValidate: 4 }, by); // libvirt does not quiesce either
    const wish = { domain: domainOf(dom), xml: xml_desc, redefine };
    const name = await ask(call, ["domainCheckpoint", "create"], wish);
    return { checkpoint: { name, dom } };
  },
  domainCheckpointGetXmlDesc: async ({ checkpoint, flags }, call) => {
    const ways = readFlags(flags, XML, driverFunction(call, "DomainCheckpointGetXMLDesc"));
    return { xml: await ask(call, ["domainCheckpoint", "xml"], { ...refOf(checkpoint), ...ways }) };
  },
  domainListAllCheckpoints: ({ dom, need_results, flags }, call) =>
    listed(call, { dom, flags, by: "DomainListAllCheckpoints", wanted: need_results }),
  domainCheckpointListAllChildren: ({ checkpoint, need_results, flags }, call) =>
    listed(call, {
      dom: checkpoint.dom,
      below: checkpoint.name,
      flags,
      by: "DomainCheckpointListAllChildren",
      wanted: need_results,
    }),
  domainCheckpointLookupByName: async ({ dom, name, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainCheckpointLookupByName"));
    await ask(call, ["domainCheckpoint", "find"], refOf({ dom, name }));
    return { checkpoint: { name, dom } };
  },
  domainCheckpointGetParent: async ({ checkpoint, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainCheckpointGetParent"));
    const { parent } = await ask(call, ["domainCheckpoint", "find"], refOf(checkpoint));
    if (parent === undefined)
      throw virError(
        "noDomainCheckpoint",
        `checkpoint '${checkpoint.name}' does not have a parent`,
      );
    return { parent: { name: parent, dom: checkpoint.dom } };
  },
  domainCheckpointDelete: ({ checkpoint, flags }, call) => {
    const ways = readFlags(flags, DELETE, driverFunction(call, "DomainCheckpointDelete"));
    return ask(call, ["domainCheckpoint", "delete"], { ...refOf(checkpoint), ...ways });
  },
};

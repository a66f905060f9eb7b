/** libvirt's lists of typed parameters from values of ours. */
import type { domainMonitorOperations } from "@vireo/model/operation/domain-monitor";
import type { OutputOf } from "@vireo/model/operation/operation";
import type { typedParam } from "@vireo/rpc/program/remote/type";
import type { ValueOf } from "@vireo/rpc/xdr/xdr-type";

type Statistic = OutputOf<typeof domainMonitorOperations.stats>[number]["stats"][string];
export type WireParam = ValueOf<typeof typedParam>;

const PARAM_TYPE = {
  int: 1,
  uint: 2,
  llong: 3,
  ullong: 4,
  double: 5,
  boolean: 6,
  string: 7,
} as const;

export function wireParam(field: string, { type, value }: Statistic): WireParam {
  switch (type) {
    case "int":
    case "uint":
    case "double":
      return { field, value: { type: PARAM_TYPE[type], value } };
    case "llong":
    case "ullong":
      return { field, value: { type: PARAM_TYPE[type], value: BigInt(value) } };
    case "boolean":
      return { field, value: { type: PARAM_TYPE.boolean, value: value ? 1 : 0 } };
    case "string":
      return { field, value: { type: PARAM_TYPE.string, value } };
  }
}

/** Numbers by name, all of one type. */
export const wireParams = (
  values: Readonly<Record<string, number>>,
  type: "uint" | "llong" | "ullong",
): WireParam[] => Object.entries(values).map(([field, value]) => wireParam(field, { type, value }));

/** A caller without room learns how many there are; others get as many as they have room for. */
export const fitting = (
  params: readonly WireParam[],
  room: number,
): { params: WireParam[]; nparams: number } =>
  room === 0
    ? { params: [], nparams: params.length }
    : { params: params.slice(0, room), nparams: Math.min(room, params.length) };

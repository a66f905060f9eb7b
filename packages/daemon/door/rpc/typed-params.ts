/** libvirt's lists of typed parameters from values of ours. */
import type { domainMonitorOperations } from "@vireo/model/operation/domain-monitor";
import type { OutputOf } from "@vireo/model/operation/operation";
import { TypedParameterType } from "@vireo/rpc/constant/typed-param";
import type { typedParam } from "@vireo/rpc/program/remote/type";
import type { ValueOf } from "@vireo/rpc/xdr/xdr-type";

type Statistic = OutputOf<typeof domainMonitorOperations.stats>[number]["stats"][string];
export type WireParam = ValueOf<typeof typedParam>;

export function wireParam(field: string, { type, value }: Statistic): WireParam {
  switch (type) {
    case "int":
    case "uint":
    case "double":
      return { field, value: { type: TypedParameterType[type], value } };
    case "llong":
    case "ullong":
      return { field, value: { type: TypedParameterType[type], value: BigInt(value) } };
    case "boolean":
      return { field, value: { type: TypedParameterType.boolean, value: value ? 1 : 0 } };
    case "string":
      return { field, value: { type: TypedParameterType.string, value } };
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

/** libvirt's lists of typed parameters, read into the named fields of an operation and written from them. */
import { badArgument, virError } from "@vireo/model/error";
import {
  checkParams,
  param,
  recordOf,
  TypedParamError,
  type ParamType,
  type ParamValue,
  type TypedParam,
} from "@vireo/rpc/typed-param";
import { driverFunction, type DoorCall } from "./door-session.ts";
import { readFlags } from "./flags.ts";

/** libvirt's name and type of each field, in the order in which they are told. */
export type FieldTable = Readonly<Record<string, readonly [name: string, type: ParamType]>>;

/** The values by libvirt's names. @throws VireoError for a name or a type that is not in the table */
function checked(
  params: readonly TypedParam[],
  table: FieldTable,
): Readonly<Record<string, ParamValue>> {
  const allowed = Object.fromEntries(Object.values(table));
  try {
    checkParams(params, allowed);
  } catch (error) {
    if (!(error instanceof TypedParamError)) throw error;
    const kind = error.kind === "unsupported" ? "argumentUnsupported" : "invalidArg";
    throw virError(kind, error.message, { cause: error });
  }
  return recordOf(params);
}

/** What an operation counts up to; more is as good as that. */
const counted = (value: ParamValue): number => Math.min(Number(value), Number.MAX_SAFE_INTEGER);

/** The numbers that the client gave, by field. */
export function numbersIn(
  params: readonly TypedParam[],
  table: FieldTable,
): { readonly [field: string]: number } {
  const values = checked(params, table);
  const found = Object.entries(table).flatMap(([field, [name, type]]) => {
    const value = values[name];
    return value === undefined || type === "string" ? [] : [[field, counted(value)] as const];
  });
  return Object.fromEntries(found);
}

/** The texts that the client gave, by field. */
export function textsIn(
  params: readonly TypedParam[],
  table: FieldTable,
): { readonly [field: string]: string } {
  const values = checked(params, table);
  const found = Object.entries(table).flatMap(([field, [name]]) => {
    const value = values[name];
    return typeof value === "string" ? [[field, value] as const] : [];
  });
  return Object.fromEntries(found);
}

type Fields = Readonly<Record<string, unknown>>;

function written(type: ParamType, name: string, value: unknown): TypedParam {
  const number = typeof value === "number" ? value : 0;
  if (type === "string") return param.string(name, typeof value === "string" ? value : "");
  if (type === "boolean") return param.boolean(name, value === true);
  return param[type](name, number);
}

/** All fields of the table; those that have no value are 0 or empty. */
export const paramsOf = (values: Fields, table: FieldTable): TypedParam[] =>
  Object.entries(table).map(([field, [name, type]]) => written(type, name, values[field]));

export interface Counted {
  readonly params: TypedParam[];
  readonly nparams: number;
}

/** A client that has room for none asks how many there are. */
export const answer = (params: TypedParam[], room: number): Counted =>
  room === 0
    ? { params: [], nparams: params.length }
    : { params: params.slice(0, room), nparams: Math.min(room, params.length) };

const AFFECT = { live: 1, config: 2, typedStrings: 4 } as const;
type Affect = { readonly live?: true; readonly config?: true };

/** Flags of a change. */
export function affectOf(word: number, call: DoorCall, name: string): Affect {
  return readFlags(word, { live: 1, config: 2 }, driverFunction(call, name));
}

/** Flags of a question, which is about one configuration. @throws VireoError `invalidArg` */
export function oneAffectOf(word: number, call: DoorCall, name: string): Affect {
  const { typedStrings: _, ...ways } = readFlags(word, AFFECT, driverFunction(call, name));
  if (ways.live === true && ways.config === true)
    throw badArgument(
      "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive",
      { function: driverFunction(call, name), argument: "flags" },
    );
  return ways;
}

/** Typed parameters: libvirt's lists of named values, to and from plain values. */
import type { typedParam } from "./program/remote/type.ts";
import type { ValueOf } from "./xdr/xdr-type.ts";

/** One named value as it travels. */
export type TypedParam = ValueOf<typeof typedParam>;
/** The types in libvirt's words, as they appear in its error messages. */
export type ParamType = (typeof TYPE_NAMES)[keyof typeof TYPE_NAMES];
/** A value without its type: 64-bit integers are bigint. */
export type ParamValue = number | bigint | boolean | string;

const TYPE_NAMES = {
  1: "int",
  2: "uint",
  3: "llong",
  4: "ullong",
  5: "double",
  6: "boolean",
  7: "string",
} as const;

const BOOLEAN = 6;

/** Make a parameter: `param.ullong("balloon.current", 4096)`. */
export const param = {
  int: (field: string, value: number): TypedParam => ({ field, value: { type: 1, value } }),
  uint: (field: string, value: number): TypedParam => ({ field, value: { type: 2, value } }),
  llong: (field: string, value: number | bigint): TypedParam => ({
    field,
    value: { type: 3, value: BigInt(value) },
  }),
  ullong: (field: string, value: number | bigint): TypedParam => ({
    field,
    value: { type: 4, value: BigInt(value) },
  }),
  double: (field: string, value: number): TypedParam => ({ field, value: { type: 5, value } }),
  boolean: (field: string, value: boolean): TypedParam => ({
    field,
    value: { type: BOOLEAN, value: value ? 1 : 0 },
  }),
  string: (field: string, value: string): TypedParam => ({ field, value: { type: 7, value } }),
} as const;

/** The type of a parameter. */
export const typeOfParam = ({ value }: TypedParam): ParamType => TYPE_NAMES[value.type];

/** The plain value of a parameter. */
export const valueOfParam = ({ value }: TypedParam): ParamValue =>
  value.type === BOOLEAN ? value.value !== 0 : value.value;

/** All parameters as a record; of several with one name the last wins. */
export const recordOf = (params: readonly TypedParam[]): Readonly<Record<string, ParamValue>> =>
  Object.fromEntries(params.map((p) => [p.field, valueOfParam(p)]));

/** Why a list of parameters is refused, with the message libvirt gives. */
export class TypedParamError extends Error {
  override readonly name = "TypedParamError";
  /** "unsupported" is libvirt's code 74, "invalid" its code 8. */
  readonly kind: "unsupported" | "invalid";

  constructor(kind: TypedParamError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Check what a client wants to set against what may be set. Names in `repeatable` may occur several
 * times. Throws TypedParamError.
 */
export function checkParams(
  params: readonly TypedParam[],
  allowed: Readonly<Record<string, ParamType>>,
  repeatable: ReadonlySet<string> = new Set(),
): void {
  const seen = new Set<string>();
  for (const p of params) {
    checkType(p, Object.hasOwn(allowed, p.field) ? allowed[p.field] : undefined);
    if (seen.has(p.field) && !repeatable.has(p.field)) {
      throw new TypedParamError("invalid", `parameter '${p.field}' occurs multiple times`);
    }
    seen.add(p.field);
  }
}

function checkType(p: TypedParam, expected: ParamType | undefined): void {
  if (expected === undefined) {
    throw new TypedParamError("unsupported", `parameter '${p.field}' not supported`);
  }
  const type = typeOfParam(p);
  if (type === expected) return;
  const message = `invalid type '${type}' for parameter '${p.field}', expected '${expected}'`;
  throw new TypedParamError("invalid", message);
}

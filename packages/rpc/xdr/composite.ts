/** Types made of other types. Casts here turn what the mapped types promise into what loops built. */
import type { Layout } from "./layout.ts";
import { int32 } from "./scalar.ts";
import { XdrError } from "./xdr-error.ts";
import type { XdrReader } from "./xdr-reader.ts";
import type { ValueOf, XdrType } from "./xdr-type.ts";

/** Members of a struct, in wire order. */
export type Fields = Readonly<Record<string, XdrType<unknown>>>;

/** The value of a struct. */
export type StructValue<F extends Fields> = {
  readonly [K in keyof F]: ValueOf<F[K]>;
};

/** Members one after the other. The name only serves listings. */
export function struct<F extends Fields>(fields: F, name?: string): XdrType<StructValue<F>> {
  const members = Object.entries(fields);
  return {
    layout: structLayout(members, name),
    minBytes: members.reduce((sum, [, type]) => sum + type.minBytes, 0),
    write: (out, value) => {
      let at = "";
      try {
        for (const [key, type] of members) {
          at = key;
          type.write(out, value[key]);
        }
      } catch (error) {
        throw inField(at, error);
      }
    },
    read: (input) => {
      const value: Record<string, unknown> = {};
      for (const [key, type] of members) value[key] = type.read(input);
      // the loop has set exactly the keys of F with values of their types
      return value as StructValue<F>;
    },
  };
}

type Member = readonly [string, XdrType<unknown>];

function structLayout(members: readonly Member[], name: string | undefined): Layout {
  const fields = members.map(([key, type]) => ({
    name: key,
    layout: type.layout,
  }));
  return { kind: "struct", ...(name === undefined ? {} : { name }), fields };
}

/** The error, saying which field it concerns. */
function inField(key: string, error: unknown): unknown {
  return error instanceof XdrError
    ? new XdrError(`${key}: ${error.message}`, { cause: error })
    : error;
}

/** A value or null: one word, any non-zero one counts as "present" (go-libvirt sends 0x01000000). */
export function optional<T>(element: XdrType<T>): XdrType<T | null> {
  return {
    layout: { kind: "optional", element: element.layout },
    minBytes: 4,
    write: (out, value) => {
      out.uint32(value === null ? 0 : 1);
      if (value !== null) element.write(out, value);
    },
    read: (input) => (input.uint32() === 0 ? null : element.read(input)),
  };
}

/** Arms of a union by discriminant. */
export type Arms = Readonly<Record<number, XdrType<unknown>>>;

/** The value of a union: its discriminant and what belongs to it. */
export type UnionValue<A extends Arms> = {
  readonly [K in keyof A & number]: {
    readonly type: K;
    readonly value: ValueOf<A[K]>;
  };
}[keyof A & number];

/** A discriminant word and the arm it selects; other discriminants are refused. */
export function union<A extends Arms>(arms: A): XdrType<UnionValue<A>> {
  const byTag = new Map(Object.entries(arms).map(([tag, type]) => [Number(tag), type] as const));
  return {
    layout: {
      kind: "union",
      arms: [...byTag].map(([tag, t]) => ({ tag, layout: t.layout })),
    },
    minBytes: 4,
    write: (out, { type, value }) => {
      int32.write(out, type);
      armOf(byTag, type).write(out, value);
    },
    // `type` selects the arm that gives `value` its type
    read: (input) => readArm(input, byTag) as UnionValue<A>,
  };
}

function readArm(input: XdrReader, arms: ReadonlyMap<number, XdrType<unknown>>): object {
  const type = input.int32();
  return { type, value: armOf(arms, type).read(input) };
}

function armOf(arms: ReadonlyMap<number, XdrType<unknown>>, tag: number): XdrType<unknown> {
  const arm = arms.get(tag);
  if (arm === undefined) throw new XdrError(`Unknown union discriminant ${tag}`);
  return arm;
}

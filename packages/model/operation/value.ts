/**
 * Declarations of the plain values that operations take and give: one declaration yields the
 * TypeScript type, the check at the border and the JSON Schema.
 */
import { virError } from "../error.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Value<T> {
  readonly schema: JsonSchema;
  readonly optional: boolean;
  /** Returns the typed value; throws `invalidArg` naming `path` when the input does not fit. */
  readonly check: (input: unknown, path: string) => T;
}
export type ValueType<V> = V extends Value<infer T> ? T : never;

const refuse = (path: string, expected: string, got: unknown): never => {
  throw virError("invalidArg", `${path}: expected ${expected}, got ${shown(got)}`);
};
const SHOWN = 60;

/** What was got instead; of what is large only what it is, for it may be deep without end. */
function shown(got: unknown): string {
  if (got === undefined) return "nothing";
  if (Array.isArray(got)) return `a list of ${got.length}`;
  return typeof got === "object" && got !== null
    ? `an object with ${Object.keys(got).slice(0, 5).join(", ").slice(0, SHOWN) || "nothing"}`
    : JSON.stringify(got).slice(0, SHOWN);
}

const value = <T>(schema: JsonSchema, check: Value<T>["check"]): Value<T> => ({
  schema,
  optional: false,
  check,
});

/** Longest text accepted anywhere: libvirt's limit for one string. */
const TEXT_LIMIT = 4 * 1024 * 1024;

export const text: Value<string> = value({ type: "string", maxLength: TEXT_LIMIT }, (v, path) =>
  typeof v === "string" && v.length <= TEXT_LIMIT ? v : refuse(path, "a text", v),
);

export const truth: Value<boolean> = value({ type: "boolean" }, (v, path) =>
  typeof v === "boolean" ? v : refuse(path, "true or false", v),
);

export const integer = (
  minimum = Number.MIN_SAFE_INTEGER,
  maximum = Number.MAX_SAFE_INTEGER,
): Value<number> =>
  value({ type: "integer", minimum, maximum }, (v, path) =>
    Number.isSafeInteger(v) && typeof v === "number" && v >= minimum && v <= maximum
      ? v
      : refuse(path, `an integer from ${minimum} to ${maximum}`, v),
  );
/** A non-negative count or size. */
export const count: Value<number> = integer(0);

export const decimal: Value<number> = value({ type: "number" }, (v, path) =>
  typeof v === "number" && Number.isFinite(v) ? v : refuse(path, "a number", v),
);

export const oneOf = <const V extends readonly string[]>(...values: V): Value<V[number]> =>
  value(
    { enum: values },
    (v, path) => values.find((one) => one === v) ?? refuse(path, `one of ${values.join(", ")}`, v),
  );

export const list = <T>(item: Value<T>, limit = 65_536): Value<readonly T[]> =>
  value({ type: "array", items: item.schema, maxItems: limit }, (v, path) =>
    Array.isArray(v) && v.length <= limit
      ? v.map((one, i) => item.check(one, `${path}[${i}]`))
      : refuse(path, `a list of at most ${limit}`, v),
  );

/** Values by a free name, such as statistics. */
export const dictionary = <T>(item: Value<T>): Value<Readonly<Record<string, T>>> =>
  value({ type: "object", additionalProperties: item.schema }, (v, path) =>
    isRecord(v)
      ? Object.fromEntries(
          Object.entries(v).map(([key, one]) => [key, item.check(one, `${path}.${key}`)]),
        )
      : refuse(path, "an object", v),
  );

export const optional = <T>(of: Value<T>): Value<T | undefined> => ({
  schema: of.schema,
  optional: true,
  check: (v, path) => (v === undefined ? undefined : of.check(v, path)),
});

export const nothing: Value<void> = value({ type: "null" }, () => undefined);

/** A field with its documentation. */
export const doc = <T>(of: Value<T>, description: string): Value<T> => ({
  ...of,
  schema: { ...of.schema, description },
});

/** One of several shapes; the first that fits is taken. */
export const either = <const V extends readonly Value<unknown>[]>(
  ...shapes: V
): Value<ValueType<V[number]>> =>
  value({ anyOf: shapes.map((one) => one.schema) }, (v, path) => {
    for (const shape of shapes) {
      try {
        return shape.check(v, path) as ValueType<V[number]>; // the shape's own check has typed it
      } catch {
        // the next shape may fit
      }
    }
    return refuse(path, "one of the documented shapes", v);
  });

type Fields = Readonly<Record<string, Value<unknown>>>;
type OptionalKeys<F> = { [K in keyof F]: undefined extends ValueType<F[K]> ? K : never }[keyof F];
type Flat<T> = { [K in keyof T]: T[K] };
export type RecordOf<F> = Flat<
  { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: ValueType<F[K]> } & {
    readonly [K in OptionalKeys<F>]?: Exclude<ValueType<F[K]>, undefined> | undefined;
  }
>;

const isRecord = (v: unknown): v is Readonly<Record<string, unknown>> =>
  typeof v === "object" && v !== null && !Array.isArray(v);

export const record = <const F extends Fields>(fields: F): Value<RecordOf<F>> =>
  value(
    {
      type: "object",
      properties: Object.fromEntries(Object.entries(fields).map(([k, f]) => [k, f.schema])),
      required: Object.entries(fields).flatMap(([k, f]) => (f.optional ? [] : [k])),
      additionalProperties: false,
    },
    (v, path) => {
      if (!isRecord(v)) return refuse(path, "an object", v);
      const stray = Object.keys(v).find((key) => !(key in fields));
      if (stray !== undefined) refuse(path, `only ${Object.keys(fields).join(", ")}`, stray);
      const out: Record<string, unknown> = {};
      for (const [key, field] of Object.entries(fields)) {
        const checked = field.check(v[key], `${path}.${key}`);
        if (checked !== undefined) out[key] = checked;
      }
      return out as RecordOf<F>; // every field was checked above
    },
  );

/** Plain JSON as QEMU takes it on its command line and over QMP. */
export type JsonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };
export type JsonObject = { readonly [key: string]: JsonValue | undefined };

/**
 * The object without the members nobody asked for.
 * QEMU tells an absent option from one with its default value, so "not asked" must not be written.
 */
export function given<T extends JsonObject>(properties: T): T {
  const kept: Record<string, JsonValue | undefined> = {};
  for (const [key, value] of Object.entries(properties)) if (value !== undefined) kept[key] = value;
  // The same members in the same order, only the undefined ones are gone.
  return kept as T;
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/** Text of a JSON value; integers beyond 2^53 are carried as `bigint` and written whole. */
export function jsonText(value: JsonValue): string {
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(jsonText).join(",")}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${jsonText(member)}`);
  }
  return `{${members.join(",")}}`;
}

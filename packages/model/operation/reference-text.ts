/**
 * A reference (which domain, which volume) as one piece of text, for URLs: a UUID or a name stands
 * for itself; everything else is `field=value&field=value`, nested fields with a dot.
 */
import { virError } from "../error.ts";
import type { JsonSchema } from "./value.ts";

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

type Tree = { [field: string]: string | number | Tree };

interface Shape {
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

const isShape = (schema: unknown): schema is Shape =>
  typeof schema === "object" && schema !== null && "properties" in schema;

const shapesOf = (schema: JsonSchema): readonly Shape[] =>
  (Array.isArray(schema["anyOf"]) ? schema["anyOf"] : [schema]).filter(isShape);

const onlyField = (schema: JsonSchema, name: string): boolean =>
  shapesOf(schema).some(({ properties }) => {
    const fields = Object.keys(properties);
    return fields.length === 1 && fields[0] === name;
  });

const isPlain = (name: string): boolean => name !== "" && !name.includes("=") && !UUID.test(name);

function flat(ref: object, prefix = ""): [string, string][] {
  const fields: [string, unknown][] = Object.entries(ref);
  return fields.flatMap(([field, value]): [string, string][] =>
    typeof value === "object" && value !== null
      ? flat(value, `${prefix}${field}.`)
      : [[`${prefix}${field}`, String(value)]],
  );
}

/** The text of a reference; `encodeURIComponent` makes a path segment of it. */
export function referenceText(ref: object): string {
  const fields = flat(ref);
  const [first] = fields;
  if (fields.length === 1 && first !== undefined) {
    const [field, value] = first;
    if (field === "uuid" || (field === "name" && isPlain(value))) return value;
  }
  return fields.map(([field, value]) => `${field}=${encodeURIComponent(value)}`).join("&");
}

/** A number where some shape of the reference has a number. */
function typed(schema: JsonSchema, path: readonly string[], value: string): string | number {
  const [field = "", ...rest] = path;
  const numeric = shapesOf(schema).some(({ properties }) => {
    const inner = properties[field];
    if (inner === undefined) return false;
    return rest.length === 0
      ? inner["type"] === "integer" && /^\d{1,15}$/.test(value)
      : typeof typed(inner, rest, value) === "number";
  });
  return numeric ? Number(value) : value;
}

/** Without a prototype: any field name is just a name. */
const emptyTree = (): Tree => Object.create(null) as Tree;

function put(tree: Tree, path: readonly string[], value: string | number): void {
  const [field = "", ...rest] = path;
  if (rest.length === 0) {
    tree[field] = value;
    return;
  }
  const inner = tree[field];
  const next = typeof inner === "object" ? inner : emptyTree();
  tree[field] = next;
  put(next, rest, value);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw virError("invalidArg", `'${text}' is not percent-encoded text`);
  }
}

/**
 * The reference that a text stands for, not yet checked against the operation's declaration.
 * @throws VireoError `invalidArg`
 */
export function referenceFromText(schema: JsonSchema, text: string): unknown {
  if (UUID.test(text) && onlyField(schema, "uuid")) return { uuid: text };
  if (!text.includes("=")) return { name: text };
  const tree = emptyTree();
  for (const pair of text.split("&")) {
    const at = pair.indexOf("=");
    const path = pair.slice(0, Math.max(at, 0)).split(".");
    if (at <= 0 || path.length > 4)
      throw virError("invalidArg", `'${pair}' in reference '${text}' is not field=value`);
    put(tree, path, typed(schema, path, decoded(pair.slice(at + 1))));
  }
  return tree;
}

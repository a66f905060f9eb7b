/** The JSON form of a document, checked against the declaration that its XML follows. */
import { virError } from "../error.ts";
import type { AnyElement, AnyMember, Element } from "./declaration.ts";
import { discriminantOf, planOf } from "./element.ts";
import type { Scalar } from "./scalar.ts";

/** Deeper than any document of libvirt's; a backing chain is the deepest. */
const DEPTH = 200;

const refuse = (path: string, what: string): never => {
  throw virError("xmlError", `${path}: ${what}`);
};

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A JSON value, where it stands, and how deep. */
interface Place {
  readonly json: unknown;
  readonly path: string;
  readonly depth: number;
}

const inside = ({ path, depth }: Place, key: string | number, json: unknown): Place => ({
  json,
  path: `${path}.${key}`,
  depth: depth + 1,
});

/**
 * The value of an element from its JSON form, as `jsonSchema` describes it. What XML has by default may
 * be left out.
 * @throws VireoError `xmlError` that names the place
 */
export const fromJson = <T>(type: Element<T>, json: unknown): T =>
  elementFrom(type, { json, path: type.tag, depth: 0 }) as T; // read by the declaration that T was inferred from

function elementFrom(type: AnyElement, place: Place): Json {
  const { json, path, depth } = place;
  if (depth > DEPTH) return refuse(path, "nested too deep");
  if (!isObject(json)) return refuse(path, "expected an object");
  const { members } = planOf(type, pickedOf(type, json, path));
  const stray = Object.keys(json).find((key) => !members.some((one) => one.key === key));
  if (stray !== undefined) refuse(`${path}.${stray}`, "is not known here");
  const value: Record<string, unknown> = {};
  for (const { key, member } of members) {
    const given = json[key] ?? member.options.default;
    if (given !== undefined) value[key] = memberFrom(member, inside(place, key, given));
    else if (member.required) refuse(`${path}.${key}`, "is missing");
  }
  return value;
}

function pickedOf(type: AnyElement, json: Json, path: string): string | undefined {
  const discriminant = discriminantOf(type);
  if (discriminant === undefined) return undefined;
  const { key, member } = discriminant;
  const picked = json[key] ?? member.options.default;
  return typeof picked === "string" && member.values?.includes(picked) === true
    ? picked
    : refuse(`${path}.${key}`, `expected one of ${member.values?.join(", ")}`);
}

function memberFrom(member: AnyMember, place: Place): unknown {
  const { json, path } = place;
  if (member.kind !== "children" && member.kind !== "texts") return itemFrom(member, place);
  if (!Array.isArray(json)) return refuse(path, "expected a list");
  return json.map((one: unknown, at) => itemFrom(member, inside(place, at, one)));
}

function itemFrom({ kind, element, scalar }: AnyMember, place: Place): unknown {
  const { json, path } = place;
  if (element !== undefined) return elementFrom(element, place);
  if (kind === "discriminant") return json;
  if (kind === "flag")
    return typeof json === "boolean" ? json : refuse(path, "expected true or false");
  if (kind === "raw") return typeof json === "string" ? json : refuse(path, "expected XML as text");
  if (scalar !== undefined) return scalarFrom(scalar, place);
  return Number.isSafeInteger(json) && Number(json) >= 0 ? json : refuse(path, "expected a size");
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Good is what reads back as itself from the text that XML would hold. */
function scalarFrom(scalar: Scalar<unknown>, { json, path }: Place): unknown {
  const expected = `expected ${scalar.expects}`;
  let read: unknown;
  try {
    read = scalar.read(scalar.write(json));
  } catch {
    return refuse(path, expected); // a writer met a value of another type
  }
  return same(read, json) ? json : refuse(path, expected);
}

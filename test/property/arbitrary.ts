/** Values of an element for fast-check, derived from its declaration: whatever may be declared can be generated. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { AnyElement } from "@vireo/model/schema/declaration";
import { discriminantOf, type PlannedMember, planOf } from "@vireo/model/schema/element";
import { format } from "@vireo/model/schema/format";
import type { Scalar } from "@vireo/model/schema/scalar";
import { shown, type View } from "@vireo/model/schema/view";
import { dumpNode } from "@vireo/model/xml/dump-node";
import { parseXml } from "@vireo/model/xml/parse-xml";

export type Model = Readonly<Record<string, unknown>>;

/** Everything is printed. */
export const WHOLE: View = { live: true, secure: true, migratable: false };

/** Elements inside each other; deeper ones are left out unless required. */
const DEPTH = 7;

const CHARACTERS = Array.from("abcXYZ019 <>&'\"/:.,-_äß€😀");
const word = fc
  .string({ unit: fc.constantFrom(...CHARACTERS), minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() === text);

/** Texts that one special scalar or another accepts. */
const SPECIAL = [
  "c7a5fdbd-cdaf-9455-926a-d65c16db1809",
  "52:54:00:12:34:56",
  "0x1f",
  "0-3,8",
  "5",
  "192.168.122.1",
  "fe80::1",
  "eth0",
  "yes",
  "on",
  "vda",
  "1",
  "0x5000c500a1b2c3d4",
  "5000c500a1b2c3d4",
  "2.1.0",
  "1e-3",
  "auto",
  "host",
  "0123456789ABCDEF",
];

function textsFor({ json }: Scalar<unknown>): fc.Arbitrary<string> {
  const { enum: words, type, minimum, maximum } = json;
  if (Array.isArray(words)) return fc.constantFrom(...words.map(String));
  if (type === "boolean") return fc.constantFrom("yes", "no", "on", "off", "true", "false");
  if (type === "integer") {
    const [min, max] = [Number(minimum ?? 0), Number(maximum ?? 2 ** 32 - 1)];
    return fc.oneof(
      fc.integer({ min, max: Math.min(max, min + 100) }).map(String),
      fc.maxSafeInteger().map((number) => String(Math.min(max, Math.max(min, number)))),
    );
  }
  return fc.oneof(fc.constantFrom(...SPECIAL), word);
}

/** Only what survives being written; enough tries so that a scalar that refuses them all fails the test. */
const scalarOf = (scalar: Scalar<unknown>): fc.Arbitrary<unknown> =>
  fc
    .oneof(textsFor(scalar), fc.constantFrom(...SPECIAL))
    .filter((text) => text !== scalar.absent && scalar.read(text) !== undefined)
    .map((text) => scalar.read(text))
    .filter((value) => isDeepStrictEqual(scalar.read(scalar.write(value)), value));

const rawText = (name: string, { member }: PlannedMember): fc.Arbitrary<string> =>
  word.map((text) => {
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const xml = parseXml(
      `<${name}><app:a xmlns:app="http://app/1"><b>${escaped}</b></app:a></${name}>`,
    );
    return dumpNode(member.prepare?.(xml) ?? xml);
  });

const size = fc.oneof(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 1, max: 2 ** 45 }));

function valueOf(planned: PlannedMember, depth: number): fc.Arbitrary<unknown> {
  const { kind, scalar, element } = planned.member;
  if (kind === "flag") return fc.constant(true);
  if (kind === "raw") return rawText(planned.xmlName, planned);
  if (element !== undefined) {
    const one = fc.constant(undefined).chain(() => elementValue(element, depth + 1));
    return kind === "children" ? fc.array(one, { minLength: 1, maxLength: 3 }) : one;
  }
  if (scalar === undefined) return size;
  const one = scalarOf(scalar);
  return kind === "texts" ? fc.array(one, { minLength: 1, maxLength: 3 }) : one;
}

/** With its default it is there even when nobody wrote it. */
function memberValue(planned: PlannedMember, depth: number): fc.Arbitrary<unknown> {
  const { required, options, element } = planned.member;
  const otherwise = fc.constant(options.default);
  if (element !== undefined && depth >= DEPTH && !required) return otherwise;
  const value = valueOf(planned, depth).map((one) =>
    one !== options.omit && shown(options.show, one, WHOLE) ? one : options.default,
  );
  if (required) return value;
  return fc.oneof({ weight: 3, arbitrary: otherwise }, { weight: 1, arbitrary: value });
}

/** Elements that would be printed as nothing are nothing. */
const isPrinted = (element: AnyElement | undefined, value: unknown): boolean =>
  value !== undefined && (element === undefined || format(element, value, WHOLE) !== "");

function present({ member }: PlannedMember, value: unknown): unknown {
  const { element, options, kind } = member;
  if (kind !== "children" || !Array.isArray(value))
    return isPrinted(element, value) ? value : options.default;
  const kept = value.filter((one) => isPrinted(element, one));
  return kept.length === 0 ? options.default : kept;
}

const isText = ({ member: { kind } }: PlannedMember): boolean =>
  kind === "content" || kind === "scaledContent";
const isAttribute = ({ member: { kind } }: PlannedMember): boolean =>
  kind === "attr" || kind === "discriminant" || kind === "scaledAttr";

/** An element has text or children, not both. */
function unmixed(members: readonly PlannedMember[], value: Model): Model {
  const inside = members.filter((one) => !isAttribute(one) && value[one.key] !== undefined);
  const text = inside.find(isText);
  if (text === undefined || inside.length === 1) return value;
  const drop = new Set(
    inside.filter((one) => isText(one) !== text.member.required).map(({ key }) => key),
  );
  return Object.fromEntries(Object.entries(value).filter(([key]) => !drop.has(key)));
}

function membersValue(
  members: readonly PlannedMember[],
  fixed: Model,
  depth: number,
): fc.Arbitrary<Model> {
  const open = members.filter(({ key }) => !(key in fixed));
  return fc.tuple(...open.map((planned) => memberValue(planned, depth))).map((values) => {
    const given = open.map((planned, at) => [planned.key, present(planned, values[at])] as const);
    const entries = [...Object.entries(fixed), ...given];
    return unmixed(members, Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
  });
}

/** Any value of the element. */
export function elementValue(type: AnyElement, depth = 0): fc.Arbitrary<Model> {
  const discriminant = discriminantOf(type);
  if (discriminant === undefined) return membersValue(planOf(type, undefined).members, {}, depth);
  const { key, member } = discriminant;
  return fc
    .constantFrom(...(member.values ?? []))
    .chain((picked) => membersValue(planOf(type, picked).members, { [key]: picked }, depth));
}

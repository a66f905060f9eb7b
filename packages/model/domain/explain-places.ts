/** The places of a domain with their values and sources, and the lines of XML that show them. */
import { childKey, namespaceOf, type PlannedMember } from "../schema/element.ts";
import type { AnyElement } from "../schema/declaration.ts";
import { parseXml } from "../xml/parse-xml.ts";
import type { XmlElement } from "../xml/tree.ts";
import { memberPath } from "./explain-path.ts";
import { membersOf, type Source, type Trace } from "./explain-trace.ts";

export interface Place {
  readonly path: string;
  readonly source: Source;
  /** As XML writes it; absent for elements, and for secrets. */
  readonly text?: string;
}

type Model = Readonly<Record<string, unknown>>;
const isModel = (value: unknown): value is Model =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What XML would write of a scalar; secrets are not told. */
export function scalarText({ member }: PlannedMember, value: unknown): string | undefined {
  if (member.element !== undefined || member.options.show === "secure") return undefined;
  if (member.kind === "raw" || member.kind === "flag") return undefined;
  return member.scalar?.write(value) ?? String(value);
}

function* placesOfMember(
  planned: PlannedMember,
  { value, trace, parent, at }: { value: unknown; trace: Trace; parent: string; at: number },
): Generator<Place> {
  const path = memberPath(parent, planned, at);
  const { element } = planned.member;
  const text = scalarText(planned, value);
  yield { path, source: trace.source, ...(text === undefined ? {} : { text }) };
  if (element !== undefined) yield* placesInside(element, { value, trace, path });
}

function* placesInside(
  type: AnyElement,
  { value, trace, path: parent }: { value: unknown; trace: Trace; path: string },
): Generator<Place> {
  if (!isModel(value)) return;
  for (const planned of membersOf(type, value)) {
    const held = value[planned.key];
    const parts = trace.parts.get(planned.key);
    if (held === undefined || parts === undefined) continue;
    const [values, traces]: [readonly unknown[], readonly Trace[]] =
      "source" in parts ? [[held], [parts]] : [Array.isArray(held) ? held : [], parts];
    for (const [at, one] of traces.entries())
      yield* placesOfMember(planned, { value: values[at], trace: one, parent, at });
  }
}

/** Every place of `value`, in print order; the root first. */
export function placesOf(type: AnyElement, value: unknown, trace: Trace): readonly Place[] {
  const path = `/${type.tag}`;
  return [{ path, source: trace.source }, ...placesInside(type, { value, trace, path })];
}

// --- lines

/** A line of XML, and the element that begins on it. */
export interface XmlLine {
  readonly xml: string;
  readonly path?: string;
}

type Paths = Map<number, string>;

function noteElement(
  type: AnyElement,
  { xml, path }: { xml: XmlElement; path: string },
  paths: Paths,
): void {
  paths.set(xml.line, path);
  const value: Model = Object.fromEntries(xml.attributes);
  const members = membersOf(type, asModel(type, value));
  const counts = new Map<string, number>();
  for (const child of xml.children) {
    const key = childKey(child.name, child.namespace);
    const at = counts.get(key) ?? 0;
    counts.set(key, at + 1);
    const planned = members.find(
      ({ member, xmlName }) =>
        !memberIsAttribute(member) && childKey(xmlName, namespaceOf(member)) === key,
    );
    if (planned === undefined) continue;
    const place = memberPath(path, planned, at);
    if (planned.member.element === undefined) paths.set(child.line, place);
    else noteElement(planned.member.element, { xml: child, path: place }, paths);
  }
}

const memberIsAttribute = ({ kind }: PlannedMember["member"]): boolean =>
  kind === "attr" || kind === "discriminant" || kind === "scaledAttr";

/** The discriminant's text under its key, with its default when it is not printed. */
function asModel(type: AnyElement, attributes: Model): Model {
  const found = Object.entries(type.members).find(([, one]) => one.kind === "discriminant");
  if (found === undefined) return {};
  const [key, member] = found;
  if (member.kind === "choice") return {};
  const given = attributes[member.options.name ?? key] ?? member.options.default;
  return { [key]: given };
}

/** The lines of a document that `format` wrote, each with the place of the element that begins there. */
export function linesOf(type: AnyElement, text: string): readonly XmlLine[] {
  const paths: Paths = new Map();
  noteElement(type, { xml: parseXml(text), path: `/${type.tag}` }, paths);
  return text
    .trimEnd()
    .split("\n")
    .map((xml, at) => {
      const path = paths.get(at + 1);
      return path === undefined ? { xml } : { xml, path };
    });
}

/**
 * Who said what in a domain: for each value of the model whether it was written, is a default of
 * the declaration, or was filled in by a step. Follows the declaration, so it holds for every element.
 */
import { align } from "../schema/align.ts";
import { discriminantOf, type PlannedMember, planOf } from "../schema/element.ts";
import type { AnyElement } from "../schema/declaration.ts";
import { namespaceOf } from "../schema/element.ts";
import type { XmlElement } from "../xml/tree.ts";

/** What a place's value comes from. */
export interface Source {
  /** `written`, `default` (of the declaration), or the name of the step. */
  readonly rule: string;
  /** Line of the written XML. */
  readonly line?: number;
  /** The value before a step changed it. */
  readonly was?: unknown;
}
/** The sources of a value, in its own shape. */
export interface Trace {
  readonly source: Source;
  /** By key of the model. */
  readonly parts: ReadonlyMap<string, Trace | readonly Trace[]>;
}

type Model = Readonly<Record<string, unknown>>;
const isModel = (value: unknown): value is Model =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const leaf = (source: Source): Trace => ({ source, parts: new Map() });

/** The members an element has with this value. */
export function membersOf(type: AnyElement, value: Model): readonly PlannedMember[] {
  const key = discriminantOf(type)?.key;
  return planOf(type, key === undefined ? undefined : String(value[key])).members;
}

function mapParts(
  type: AnyElement,
  value: unknown,
  of: (planned: PlannedMember, value: unknown) => Trace | readonly Trace[],
): Trace["parts"] {
  const parts = new Map<string, Trace | readonly Trace[]>();
  if (!isModel(value)) return parts;
  for (const planned of membersOf(type, value)) {
    const held = value[planned.key];
    if (held !== undefined) parts.set(planned.key, of(planned, held));
  }
  return parts;
}

// --- as written

const sameName = ({ member, xmlName }: PlannedMember, xml: XmlElement): readonly XmlElement[] =>
  xml.children.filter((one) => one.name === xmlName && one.namespace === namespaceOf(member));

const writtenAt = ({ line }: XmlElement): Source => ({ rule: "written", line });
const byDefault: Source = { rule: "default" };

function writtenMember(
  planned: PlannedMember,
  value: unknown,
  xml: XmlElement,
): Trace | readonly Trace[] {
  const { member, xmlName } = planned;
  const { kind, element, options } = member;
  const otherwise = value === options.default ? byDefault : writtenAt(xml);
  switch (kind) {
    case "attr":
    case "discriminant":
    case "scaledAttr":
      return leaf(xml.attributes.has(xmlName) ? writtenAt(xml) : otherwise);
    case "content":
    case "scaledContent":
      return leaf(writtenAt(xml));
    default:
  }
  const found = sameName(planned, xml);
  const traceOf = (one: unknown, at: number): Trace => {
    const child = found[at];
    if (child === undefined)
      return element === undefined ? leaf(otherwise) : filled(element, one, otherwise);
    return element === undefined ? leaf(writtenAt(child)) : traceWritten(element, one, child);
  };
  return kind === "children" || kind === "texts" ? listOf(value).map(traceOf) : traceOf(value, 0);
}

/** The sources of what `xml` was read as. */
export const traceWritten = (type: AnyElement, value: unknown, xml: XmlElement): Trace => ({
  source: writtenAt(xml),
  parts: mapParts(type, value, (planned, held) => writtenMember(planned, held, xml)),
});

// --- filled in

/** The same source for all of a value. */
function filled(type: AnyElement, value: unknown, source: Source): Trace {
  return {
    source,
    parts: mapParts(type, value, (planned, held) => filledMember(planned, held, source)),
  };
}

function filledMember(
  { member: { kind, element } }: PlannedMember,
  value: unknown,
  source: Source,
): Trace | readonly Trace[] {
  const one = (item: unknown): Trace =>
    element === undefined ? leaf(source) : filled(element, item, source);
  return kind === "children" || kind === "texts" ? listOf(value).map(one) : one(value);
}

interface Change {
  readonly before: unknown;
  readonly after: unknown;
  readonly trace: Trace | readonly Trace[] | undefined;
  readonly source: Source;
}

const isList = (trace: Change["trace"]): trace is readonly Trace[] => Array.isArray(trace);
const isOne = (trace: Change["trace"]): trace is Trace => trace !== undefined && !isList(trace);

function changedList(element: AnyElement | undefined, change: Change): readonly Trace[] {
  const [was, is] = [listOf(change.before), listOf(change.after)];
  const origins = align(was, is);
  return is.map((one, at) => {
    const from = origins[at];
    const trace = from !== undefined && isList(change.trace) ? change.trace[from] : undefined;
    if (from === undefined || trace === undefined)
      return element === undefined ? leaf(change.source) : filled(element, one, change.source);
    return changedOne(element, { ...change, before: was[from], after: one, trace });
  });
}

function changedOne(element: AnyElement | undefined, change: Change): Trace {
  const { before, after, trace, source } = change;
  if (isOne(trace) && before === after) return trace;
  if (element === undefined) return changedScalar(change);
  if (!isOne(trace) || !isModel(before)) return filled(element, after, source);
  const parts = mapParts(element, after, (planned, held) =>
    changedMember(planned, {
      before: before[planned.key],
      after: held,
      trace: trace.parts.get(planned.key),
      source,
    }),
  );
  return { source: trace.source, parts };
}

const same = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

function changedScalar({ before, after, trace, source }: Change): Trace {
  if (before === undefined || !isOne(trace)) return leaf(source);
  return same(before, after) ? trace : leaf({ ...source, was: before });
}

function changedMember({ member }: PlannedMember, change: Change): Trace | readonly Trace[] {
  const { kind, element } = member;
  return kind === "children" || kind === "texts"
    ? changedList(element, change)
    : changedOne(element, change);
}

/** The sources after a step that made `after` of `before`. */
export const traceStep = (
  type: AnyElement,
  { before, after, trace }: { before: unknown; after: unknown; trace: Trace },
  rule: string,
): Trace => changedOne(type, { before, after, trace, source: { rule } });

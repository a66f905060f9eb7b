/** XML tree to value, by declaration. */
import type { ErrorKind } from "../error-catalogue.ts";
import { dumpNode } from "../xml/dump-node.ts";
import { attributePosition } from "../xml/position.ts";
import type { XmlElement } from "../xml/tree.ts";
import {
  type AnyElement,
  childKey,
  discriminantOf,
  type Element,
  namespaceOf,
  type Plan,
  type PlannedMember,
  planOf,
} from "./element.ts";
import type { Issue } from "./issue.ts";
import type { Scalar } from "./scalar.ts";
import { scale } from "./unit.ts";
import { shown, type View } from "./view.ts";

export interface ParseOptions {
  /** With `live: false` what only a running domain has is passed over silently. */
  readonly live?: boolean;
}

/**
 * Reads `xml` as `type`. Problems go to `issues`; when one of them is an `error` the value must not be used.
 * What the declaration does not know is reported as `ignored`.
 */
export function parse<T>(
  type: Element<T>,
  xml: XmlElement,
  issues: Issue[],
  options: ParseOptions = {},
): T {
  const reader = new Reader(issues, options);
  const value = reader.element(type, xml, `/${type.tag}`);
  reader.reportUnknown();
  // the reader follows the declaration that T was inferred from
  return value as T;
}

interface Place {
  readonly xml: XmlElement;
  readonly path: string;
}
interface Unknown {
  readonly of: XmlElement;
  /** `@name` or, for a child, the child itself. */
  readonly what: string | XmlElement;
  readonly issue: Issue;
}

class Reader {
  readonly #issues: Issue[];
  readonly #view: View;
  readonly #unknown: Unknown[] = [];
  /** Read through `older`; not to be called unknown. */
  readonly #claimed = new Map<XmlElement, Set<string>>();

  constructor(issues: Issue[], options: ParseOptions) {
    this.#issues = issues;
    this.#view = { live: options.live ?? true, secure: true, migratable: false };
  }

  element(type: AnyElement, xml: XmlElement, path: string): Readonly<Record<string, unknown>> {
    const value: Record<string, unknown> = {};
    const place = { xml, path };
    const plan = planOf(type, this.#picked(type, place));
    for (const planned of plan.members) {
      const read = this.#member(planned, place);
      if (read !== undefined) value[planned.key] = read;
    }
    this.#collectUnknown(plan, place);
    return value;
  }

  reportUnknown(): void {
    for (const { of, what, issue } of this.#unknown)
      if (this.#claimed.get(of)?.has(typeof what === "string" ? what : what.name) !== true)
        this.#issues.push(issue);
  }

  #picked(type: AnyElement, { xml }: Place): string | undefined {
    const found = discriminantOf(type);
    if (found === undefined) return undefined;
    return (
      xml.attributes.get(found.xmlName) ?? (found.member.options.default as string | undefined)
    );
  }

  #member(planned: PlannedMember, place: Place): unknown {
    const { options } = planned.member;
    const value = this.#read(planned, place) ?? this.#older(planned, place);
    if (value !== undefined && shown(options.show, value, this.#view))
      return value === REFUSED ? undefined : value;
    if (options.default !== undefined) return options.default;
    if (planned.member.required && value === undefined) this.#missing(planned, place);
    return undefined;
  }

  #missing({ member, xmlName }: PlannedMember, place: Place): void {
    const what = member.kind === "attr" || member.kind === "discriminant" ? "attribute" : "element";
    const { missing, fault } = member.options;
    const message =
      missing ?? `Missing required ${what} '${xmlName}' in element '${place.xml.name}'`;
    this.#error(place, message, { fault });
  }

  #read(planned: PlannedMember, place: Place): unknown {
    const { member, xmlName } = planned;
    const { xml, path } = place;
    switch (member.kind) {
      case "attr":
      case "discriminant":
        return this.#scalar(planned, xml.attributes.get(xmlName), place, xmlName);
      case "content":
        return this.#scalar(planned, xml.text || undefined, place);
      case "scaledAttr":
        return this.#scaled(planned, xml.attributes.get(xmlName), place);
      case "scaledContent":
        return this.#scaled(planned, xml.text || undefined, place);
      default:
        return this.#fromChildren(planned, this.#found(planned, place), path);
    }
  }

  #found({ member, xmlName }: PlannedMember, { xml, path }: Place): readonly XmlElement[] {
    const namespace = namespaceOf(member);
    const found = xml.children.filter((one) => one.name === xmlName && one.namespace === namespace);
    if (member.kind !== "children" && member.kind !== "texts")
      for (const extra of found.slice(1))
        this.#ignore(
          { xml: extra, path: `${path}/${xmlName}` },
          `Only the first <${xmlName}> is read`,
        );
    return found;
  }

  #fromChildren(planned: PlannedMember, found: readonly XmlElement[], parent: string): unknown {
    const { member, xmlName } = planned;
    const first = found[0];
    if (first === undefined) return undefined;
    const place = { xml: first, path: `${parent}/${xmlName}` };
    switch (member.kind) {
      case "flag":
        this.#noContent(place, NOTHING);
        return true;
      case "raw":
        return dumpNode(member.prepare?.(first) ?? first);
      case "text":
        this.#noContent(place, NOTHING);
        return this.#scalar(planned, first.text || undefined, place);
      case "scaledText":
        this.#noContent(place, new Set([member.scaling?.attribute ?? ""]));
        return this.#scaled(planned, first.text || undefined, place);
      case "texts":
        return found
          .map((xml, at) =>
            this.#scalar(planned, xml.text || undefined, { xml, path: `${place.path}[${at + 1}]` }),
          )
          .filter((value) => value !== undefined && value !== REFUSED);
      case "children":
        return found.map((xml, at) =>
          this.#child(planned, { xml, path: `${place.path}[${at + 1}]` }),
        );
      default:
        return this.#child(planned, place);
    }
  }

  #child({ member }: PlannedMember, { xml, path }: Place): unknown {
    return member.element === undefined ? undefined : this.element(member.element, xml, path);
  }

  /** `undefined`: not there; `REFUSED`: there, but wrong (already reported). */
  #scalar(
    { member, xmlName }: PlannedMember,
    text: string | undefined,
    place: Place,
    attribute?: string,
  ): unknown {
    const { scalar, options } = member;
    if (text === undefined || scalar === undefined || text === scalar.absent) return undefined;
    const value = scalar.read(text);
    if (value !== undefined) return value;
    const message =
      options.invalid?.replace("%s", () => text) ??
      (attribute === undefined
        ? wrongText(xmlName, text, scalar)
        : wrongAttribute({ attribute, element: place.xml.name, text }, scalar));
    this.#error(place, message, { fault: options.fault, attribute });
    return REFUSED;
  }

  #scaled({ member, xmlName }: PlannedMember, text: string | undefined, place: Place): unknown {
    const { scaling } = member;
    if (text === undefined || scaling === undefined) return undefined;
    const word = place.xml.attributes.get(scaling.attribute);
    const value = scale(text, { word, assumed: scaling.assumed, unit: scaling.unit });
    if (typeof value === "number") return value;
    const where = member.kind === "scaledAttr" ? xmlName : place.xml.name;
    this.#error(place, SCALE_MESSAGES[value]({ where, text, word: word ?? "" }), {
      fault: value === "range" ? "overflow" : value === "unit" ? "invalidArg" : undefined,
    });
    return REFUSED;
  }

  #older(planned: PlannedMember, place: Place): unknown {
    for (const older of planned.member.options.older ?? []) {
      const [child = "", attribute] = older.split("@");
      const at = child === "" ? place.xml : place.xml.children.find((one) => one.name === child);
      if (at === undefined) continue;
      this.#claim(
        at === place.xml ? at : place.xml,
        at === place.xml ? `@${attribute ?? ""}` : child,
      );
      if (attribute !== undefined) this.#claim(at, `@${attribute}`);
      const text = attribute === undefined ? at.text || undefined : at.attributes.get(attribute);
      const value =
        planned.member.kind === "flag"
          ? true
          : this.#scalar(planned, text, { ...place, xml: at }, attribute);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #claim(xml: XmlElement, what: string): void {
    const known = this.#claimed.get(xml) ?? new Set();
    this.#claimed.set(xml, known.add(what));
  }

  #collectUnknown(plan: Plan, place: Place): void {
    const { xml, path } = place;
    for (const name of xml.attributes.keys())
      if (!plan.attributes.has(name)) this.#unknownAttribute(place, name);
    for (const child of xml.children)
      if (!plan.children.has(childKey(child.name, child.namespace)))
        this.#unknownChild(xml, child, path);
    if (!plan.text && xml.text.trim() !== "")
      this.#ignore(place, `Text in <${xml.name}>, which has none`);
  }

  #noContent(place: Place, attributes: ReadonlySet<string>): void {
    for (const name of place.xml.attributes.keys())
      if (!attributes.has(name)) this.#unknownAttribute(place, name);
    for (const child of place.xml.children) this.#unknownChild(place.xml, child, place.path);
  }

  #unknownAttribute({ xml, path }: Place, name: string): void {
    const message = `Unknown attribute '${name}' in element '${xml.name}'`;
    const issue = {
      path: `${path}@${name}`,
      ...attributePosition(xml, name),
      message,
      severity: "ignored",
    } as const;
    this.#unknown.push({ of: xml, what: `@${name}`, issue });
  }

  #unknownChild(of: XmlElement, xml: XmlElement, path: string): void {
    const { line, column, name } = xml;
    const message = `Unknown element '${name}' in element '${of.name}'`;
    this.#unknown.push({
      of,
      what: xml,
      issue: { path: `${path}/${name}`, line, column, message, severity: "ignored" },
    });
  }

  #ignore({ xml, path }: Place, message: string): void {
    this.#issues.push({ path, line: xml.line, column: xml.column, message, severity: "ignored" });
  }

  #error({ xml, path }: Place, message: string, { attribute, fault }: Blame): void {
    const at =
      attribute === undefined
        ? { line: xml.line, column: xml.column }
        : attributePosition(xml, attribute);
    const where = attribute === undefined ? path : `${path}@${attribute}`;
    const base = {
      path: where,
      line: at.line,
      column: at.column,
      message,
      severity: "error",
    } as const;
    this.#issues.push(fault === undefined ? base : { ...base, fault });
  }
}

interface Blame {
  readonly attribute?: string | undefined;
  readonly fault?: ErrorKind | undefined;
}

/** Stands for a value that was there but illegal, so that it is not reported as missing too. */
const REFUSED = Symbol("refused");
const NOTHING: ReadonlySet<string> = new Set();

interface WrongAttribute {
  readonly attribute: string;
  readonly element: string;
  readonly text: string;
}
const wrongAttribute = (
  { attribute, element, text }: WrongAttribute,
  scalar: Scalar<unknown>,
): string =>
  `Invalid value for attribute '${attribute}' in element '${element}': '${text}'.${scalar.hint === undefined ? "" : ` ${scalar.hint}`}`;
const wrongText = (element: string, text: string, scalar: Scalar<unknown>): string =>
  `Invalid value for element '${element}': '${text}', expected ${scalar.expects}`;

interface ScaleText {
  readonly where: string;
  readonly text: string;
  readonly word: string;
}
const SCALE_MESSAGES: Readonly<Record<"number" | "unit" | "range", (said: ScaleText) => string>> = {
  number: ({ where, text }) => `Invalid value '${text}' for element or attribute './${where}'`,
  unit: ({ word }) => `unknown suffix '${word}'`,
  range: ({ text }) => `value too large: ${text}`,
};

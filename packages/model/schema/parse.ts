/** XML tree to value, by declaration. */
import { dumpNode } from "../xml/dump-node.ts";
import type { XmlElement } from "../xml/tree.ts";
import {
  childKey,
  discriminantOf,
  namespaceOf,
  type Plan,
  type PlannedMember,
  planOf,
} from "./element.ts";
import type { AnyElement, AnyMember, Element, ElementOptions } from "./declaration.ts";
import { IssueLog, type Place } from "./issue-log.ts";
import type { Issue } from "./issue.ts";
import type { Scalar } from "./scalar.ts";
import { type ScaleProblem, scale } from "./unit.ts";
import { shown, type View } from "./view.ts";

export interface ParseOptions {
  /** With `live: false` what only a running domain has is passed over silently. */
  readonly live?: boolean;
}

/**
 * Reads `xml` as `type`. Problems go to `issues`; when one of them is an `error` the value must not be used.
 * What the declaration does not know is reported as `ignored`.
 */
// oxlint-disable-next-line max-params -- what, from where, with which complaints; options are rare
export function parse<T>(
  type: Element<T>,
  xml: XmlElement,
  issues: Issue[],
  options: ParseOptions = {},
): T {
  const log = new IssueLog(issues);
  const view = { live: options.live ?? true, secure: true, migratable: false };
  const value = new Reader(log, view).element(type, { xml, path: `/${type.tag}` });
  log.finish();
  // the reader follows the declaration that T was inferred from
  return value as T;
}

/** Stands for a value that was there but illegal, so that it is not reported as missing too. */
const REFUSED = Symbol("refused");
const NOTHING: ReadonlySet<string> = new Set();

class Reader {
  readonly #log: IssueLog;
  readonly #view: View;

  constructor(log: IssueLog, view: View) {
    this.#log = log;
    this.#view = view;
  }

  element(type: AnyElement, place: Place): Readonly<Record<string, unknown>> {
    const value: Record<string, unknown> = {};
    const plan = planOf(type, picked(type, place.xml));
    for (const planned of plan.members) {
      const read = this.#member(planned, place);
      if (read !== undefined) value[planned.key] = read;
    }
    this.#noteUnknown(plan, place, type.options);
    return value;
  }

  #member(planned: PlannedMember, place: Place): unknown {
    const { options, required } = planned.member;
    const value = this.#read(planned, place) ?? this.#older(planned, place);
    if (value === REFUSED) return undefined;
    if (value !== undefined && shown(options.show, value, this.#view)) return value;
    if (options.default === undefined && required && value === undefined)
      this.#missing(planned, place);
    return options.default;
  }

  #missing({ member, xmlName }: PlannedMember, place: Place): void {
    const what = isAttribute(member) ? "attribute" : "element";
    const { missing, missingFault } = member.options;
    const message = `Missing required ${what} '${xmlName}' in element '${place.xml.name}'`;
    this.#log.error(place, missing ?? message, missingFault);
  }

  #read(planned: PlannedMember, place: Place): unknown {
    const { member, xmlName } = planned;
    const { xml, path } = place;
    switch (member.kind) {
      case "attr":
      case "discriminant":
        return this.#scalar(planned, xml.attributes.get(xmlName), {
          xml,
          path,
          attribute: xmlName,
        });
      case "content":
        return this.#scalar(planned, ownText(xml), place);
      case "scaledAttr":
        return this.#scaled(planned, xml.attributes.get(xmlName), place);
      case "scaledContent":
        return this.#scaled(planned, xml.text || undefined, place);
      case "texts":
      case "children":
        return this.#many(planned, place);
      default:
        return this.#one(planned, place);
    }
  }

  #many(planned: PlannedMember, place: Place): readonly unknown[] | undefined {
    const found = findChildren(planned, place.xml);
    if (found.length === 0) return undefined;
    const path = `${place.path}/${planned.xmlName}`;
    const values = found.map((xml, at) => this.#item(planned, { xml, path: `${path}[${at + 1}]` }));
    return values.filter((value) => value !== undefined && value !== REFUSED);
  }

  #item(planned: PlannedMember, place: Place): unknown {
    const { element, kind } = planned.member;
    if (kind === "texts") return this.#scalar(planned, place.xml.text || undefined, place);
    return element === undefined ? undefined : this.element(element, place);
  }

  #one(planned: PlannedMember, parent: Place): unknown {
    const [xml, ...extra] = findChildren(planned, parent.xml);
    if (xml === undefined) return undefined;
    const place = { xml, path: `${parent.path}/${planned.xmlName}` };
    for (const one of extra) this.#second(planned, { ...place, xml: one });
    return this.#single(planned, place);
  }

  #second({ member, xmlName }: PlannedMember, place: Place): void {
    const { single } = member.options;
    if (single === undefined) this.#log.ignored(place, `Only the first <${xmlName}> is read`);
    else this.#log.error(place, single.message, single.fault);
  }

  #single(planned: PlannedMember, place: Place): unknown {
    const { member } = planned;
    const { xml } = place;
    switch (member.kind) {
      case "flag":
        this.#noteContent(place, NOTHING);
        return true;
      case "raw":
        return dumpNode(member.prepare?.(xml) ?? xml);
      case "text":
        this.#noteContent(place, NOTHING);
        return this.#scalar(planned, xml.text || undefined, place);
      case "scaledText":
        this.#noteContent(place, new Set([member.scaling?.attribute ?? ""]));
        return this.#scaled(planned, xml.text || undefined, place);
      default:
        return member.element === undefined ? undefined : this.element(member.element, place);
    }
  }

  /** `undefined`: not there; `REFUSED`: there, but wrong (already reported). */
  #scalar({ member, xmlName }: PlannedMember, text: string | undefined, place: Place): unknown {
    const { scalar, options } = member;
    if (text === undefined || scalar === undefined || text === scalar.absent) return undefined;
    const value = scalar.read(text);
    if (value !== undefined) return value;
    const problem = scalar.problem?.(text);
    const message =
      problem?.message ??
      options.invalid?.replace("%s", () => text) ??
      wrong(place, { xmlName, text, scalar, reason: problem?.reason });
    this.#log.error(place, message, problem === undefined ? options.fault : problem.fault);
    return REFUSED;
  }

  #scaled({ member, xmlName }: PlannedMember, text: string | undefined, place: Place): unknown {
    const { scaling } = member;
    if (text === undefined || scaling === undefined) return undefined;
    const word = place.xml.attributes.get(scaling.attribute);
    const value = scale(text, { word, assumed: scaling.assumed, unit: scaling.unit });
    if (typeof value === "number") return value;
    const where = member.kind === "scaledAttr" ? xmlName : `${place.xml.name}[1]`;
    const { message, fault } = SCALE_PROBLEMS[value];
    const given =
      value === "number" ? member.options.invalid?.replace("%s", () => text) : undefined;
    this.#log.error(place, given ?? message({ where, text, word: word ?? "" }), fault);
    return REFUSED;
  }

  #older(planned: PlannedMember, place: Place): unknown {
    for (const older of planned.member.options.older ?? []) {
      const value = this.#atOlder(planned, place, older);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #atOlder(planned: PlannedMember, { xml, path }: Place, older: string): unknown {
    const [child = "", attribute] = older.split("@");
    const at = child === "" ? xml : xml.children.find((one) => one.name === child);
    if (at === undefined) return undefined;
    if (child !== "") this.#log.claim(xml, child);
    if (attribute === undefined)
      return planned.member.kind === "flag"
        ? true
        : this.#scalar(planned, at.text || undefined, { xml: at, path });
    this.#log.claim(at, `@${attribute}`);
    return this.#scalar(planned, at.attributes.get(attribute), { xml: at, path, attribute });
  }

  #noteUnknown(plan: Plan, place: Place, { unknownChild }: ElementOptions): void {
    const { xml, path } = place;
    for (const name of xml.attributes.keys())
      if (!plan.attributes.has(name)) this.#log.unknownAttribute(place, name);
    for (const child of xml.children)
      if (plan.children.has(childKey(child.name, child.namespace))) continue;
      else if (unknownChild === undefined) this.#log.unknownChild(place, child);
      else
        this.#log.error(
          { xml: child, path: `${path}/${child.name}` },
          unknownChild.replace("%s", () => child.name),
          "configUnsupported",
        );
    if (!plan.text && xml.text.trim() !== "")
      this.#log.ignored(place, `Text in <${xml.name}>, which has none`);
  }

  /** Elements that hold at most text have neither children nor attributes. */
  #noteContent(place: Place, attributes: ReadonlySet<string>): void {
    for (const name of place.xml.attributes.keys())
      if (!attributes.has(name)) this.#log.unknownAttribute(place, name);
    for (const child of place.xml.children) this.#log.unknownChild(place, child);
  }
}

const isAttribute = ({ kind }: AnyMember): boolean =>
  kind === "attr" || kind === "discriminant" || kind === "scaledAttr";

/** The discriminant's value that holds for `xml`. */
function picked(type: AnyElement, xml: XmlElement): string | undefined {
  const found = discriminantOf(type);
  const given = found === undefined ? undefined : xml.attributes.get(found.xmlName);
  const otherwise = found?.member.options.default;
  return given ?? (typeof otherwise === "string" ? otherwise : undefined);
}

function findChildren({ member, xmlName }: PlannedMember, xml: XmlElement): readonly XmlElement[] {
  const namespace = namespaceOf(member);
  return xml.children.filter((one) => one.name === xmlName && one.namespace === namespace);
}

interface WrongValue {
  readonly xmlName: string;
  readonly text: string;
  readonly scalar: Scalar<unknown>;
  readonly reason: string | undefined;
}
function wrong({ xml, attribute }: Place, { xmlName, text, scalar, reason }: WrongValue): string {
  if (attribute === undefined)
    return `Invalid value for element '${xmlName}': '${text}', expected ${scalar.expects}`;
  const hint = scalar.hint === undefined ? "" : ` ${scalar.hint}`;
  return `Invalid value for attribute '${attribute}' in element '${xml.name}': ${reason ?? `'${text}'.${hint}`}`;
}

interface ScaleText {
  readonly where: string;
  readonly text: string;
  readonly word: string;
}
interface ScaleRefusal {
  readonly fault: "xmlError" | "invalidArg" | "overflow";
  readonly message: (said: ScaleText) => string;
}
const SCALE_PROBLEMS: Readonly<Record<ScaleProblem, ScaleRefusal>> = {
  number: {
    fault: "xmlError",
    message: ({ where, text }) => `Invalid value '${text}' for element or attribute './${where}'`,
  },
  unit: { fault: "invalidArg", message: ({ word }) => `unknown suffix '${word}'` },
  range: { fault: "overflow", message: ({ text, word }) => `value too large: ${text}${word}` },
};

/** Blanks between children are no text. */
const ownText = ({ text, children }: XmlElement): string | undefined =>
  text === "" || (children.length > 0 && text.trim() === "") ? undefined : text;

/** Value to XML in libvirt's layout, by declaration. */
import { dumpNode } from "../xml/dump-node.ts";
import { escapeXml } from "../xml/escape-xml.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { discriminantOf, type PlannedMember, planOf } from "./element.ts";
import type { AnyElement, AnyMember, Element } from "./declaration.ts";
import { prettySize } from "./unit.ts";
import { CONFIG_VIEW, shown, type View } from "./view.ts";

/** Prints `value`, each line ended; `level` counts the elements around it (two spaces each). */
// oxlint-disable-next-line max-params -- what, which value, for whom; the level is rare
export const format = <T>(
  type: Element<T>,
  value: T,
  view: View = CONFIG_VIEW,
  level = 0,
): string =>
  // the printer follows the declaration that T was inferred from
  formatElement(type, { value: value as Model, tag: qualified(type.tag, type), view, level });

type Model = Readonly<Record<string, unknown>>;
interface Printing {
  readonly value: Model;
  readonly tag: string;
  readonly view: View;
  readonly level: number;
}

const qualified = (name: string, { options }: AnyElement): string =>
  options.namespace === undefined ? name : `${options.namespace.prefix}:${name}`;

interface Parts {
  readonly attributes: string;
  /** The element's own text. */
  readonly content: string | undefined;
  /** Its children, line by line. */
  readonly body: string;
}

function formatElement(type: AnyElement, printing: Printing): string {
  const { tag, level } = printing;
  const { attributes, content, body } = partsOf(type, printing);
  const { empty = false } = type.options;
  const start = `${"  ".repeat(level)}<${tag}${attributes}`;
  if (body !== "" || (content === undefined && empty === "open"))
    return `${start}>${content ?? ""}\n${body}${"  ".repeat(level)}</${tag}>\n`;
  if (content !== undefined) return `${start}>${content}</${tag}>\n`;
  return attributes === "" && empty === false ? "" : `${start}/>\n`;
}

function partsOf(type: AnyElement, { value, view, level }: Printing): Parts {
  const members = printedMembers(type, value, view);
  const namespaces = type.options.namespace === undefined ? declared(members) : "";
  return {
    attributes:
      members.map(({ planned, held }) => attributeText(planned, held)).join("") + namespaces,
    content: members
      .map(({ planned, held }) => contentText(planned, held))
      .find((text) => text !== undefined),
    body: members
      .map(({ planned, held }) => childrenText(planned, held, { view, level: level + 1 }))
      .join(""),
  };
}

interface Held {
  readonly planned: PlannedMember;
  readonly held: unknown;
}
function printedMembers(type: AnyElement, value: Model, view: View): readonly Held[] {
  const key = discriminantOf(type)?.key;
  const { members } = planOf(type, key === undefined ? undefined : String(value[key]));
  return members
    .map((planned) => ({ planned, held: value[planned.key] }))
    .filter(({ planned, held }) => isPrinted(planned.member, held, view));
}

/** Namespaces of children are declared here, when their parent has none. */
function declared(members: readonly Held[]): string {
  const uris = new Map<string, string>();
  for (const { planned } of members) {
    const namespace = planned.member.element?.options.namespace;
    if (namespace !== undefined) uris.set(namespace.prefix, namespace.uri);
  }
  return [...uris].map(([prefix, uri]) => ` xmlns:${prefix}='${escapeXml(uri)}'`).join("");
}

function isPrinted({ options }: AnyMember, value: unknown, view: View): boolean {
  return value !== undefined && value !== options.omit && shown(options.show, value, view);
}

const written = ({ scalar }: AnyMember, value: unknown): string =>
  escapeXml(scalar?.write(value) ?? String(value));

interface Size {
  readonly size: string;
  /** ` unit='KiB'` */
  readonly unit: string;
}
function sized({ scaling }: AnyMember, value: unknown): Size {
  if (scaling === undefined || typeof value !== "number") return { size: String(value), unit: "" };
  const { unit, attribute, pretty } = scaling;
  const printed = pretty ? prettySize(value, unit) : { value, unit: unit.name };
  return { size: String(Math.floor(printed.value)), unit: ` ${attribute}='${printed.unit}'` };
}

function attributeText({ member, xmlName }: PlannedMember, value: unknown): string {
  switch (member.kind) {
    case "attr":
    case "discriminant":
      return ` ${xmlName}='${written(member, value)}'`;
    case "scaledAttr": {
      const { size, unit } = sized(member, value);
      return ` ${xmlName}='${size}'${unit}`;
    }
    case "scaledContent":
      return sized(member, value).unit;
    default:
      return "";
  }
}

function contentText({ member }: PlannedMember, value: unknown): string | undefined {
  if (member.kind === "scaledContent") return sized(member, value).size;
  return member.kind === "content" ? written(member, value) : undefined;
}

function childrenText(
  planned: PlannedMember,
  value: unknown,
  { view, level }: { view: View; level: number },
): string {
  const { member, xmlName } = planned;
  const indent = "  ".repeat(level);
  const line = (text: unknown, attributes = ""): string =>
    `${indent}<${xmlName}${attributes}>${written(member, text)}</${xmlName}>\n`;
  switch (member.kind) {
    case "text":
      return line(value);
    case "texts":
      return listOf(value)
        .map((one) => line(one))
        .join("");
    case "scaledText":
      return line(sized(member, value).size, sized(member, value).unit);
    case "flag":
      return value === true ? `${indent}<${xmlName}/>\n` : "";
    case "raw":
      return `${indent}${dumpNode(parseXml(String(value)), level)}\n`;
    case "child":
      return formatChild(planned, value, { view, level });
    case "children":
      return listOf(value)
        .map((one) => formatChild(planned, one, { view, level }))
        .join("");
    default:
      return "";
  }
}

function formatChild(
  { member, xmlName }: PlannedMember,
  value: unknown,
  { view, level }: { view: View; level: number },
): string {
  const { element } = member;
  if (element === undefined) return "";
  return formatElement(element, {
    value: value as Model,
    tag: qualified(xmlName, element),
    view,
    level,
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

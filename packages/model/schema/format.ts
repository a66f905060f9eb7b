/** Value to XML in libvirt's layout, by declaration. */
import { dumpNode } from "../xml/dump-node.ts";
import { escapeXml } from "../xml/escape-xml.ts";
import { parseXml } from "../xml/parse-xml.ts";
import {
  type AnyElement,
  discriminantOf,
  type Element,
  type PlannedMember,
  planOf,
} from "./element.ts";
import type { AnyMember } from "./member.ts";
import { prettySize } from "./unit.ts";
import { CONFIG_VIEW, shown, type View } from "./view.ts";

/** Prints `value`, each line ended; `level` counts the elements around it (two spaces each). */
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

function formatElement(type: AnyElement, { value, tag, view, level }: Printing): string {
  const key = discriminantOf(type)?.key;
  const plan = planOf(type, key === undefined ? undefined : String(value[key]));
  const indent = "  ".repeat(level);
  let attributes = "";
  let body = "";
  let content: string | undefined;
  const namespaces = new Map<string, string>();
  for (const planned of plan.members) {
    const held = value[planned.key];
    if (!isPrinted(planned.member, held, view)) continue;
    attributes += attributeText(planned, held);
    content ??= contentText(planned, held);
    body += childrenText(planned, held, { view, level: level + 1 });
    const namespace = planned.member.element?.options.namespace;
    if (namespace !== undefined && type.options.namespace === undefined)
      namespaces.set(namespace.prefix, namespace.uri);
  }
  for (const [prefix, uri] of namespaces) attributes += ` xmlns:${prefix}='${escapeXml(uri)}'`;
  if (content !== undefined && body === "")
    return `${indent}<${tag}${attributes}>${content}</${tag}>\n`;
  const { empty = false } = type.options;
  if (body !== "" || empty === "open")
    return `${indent}<${tag}${attributes}>${content ?? ""}\n${body}${indent}</${tag}>\n`;
  return attributes === "" && !empty ? "" : `${indent}<${tag}${attributes}/>\n`;
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
  return { size: String(printed.value), unit: ` ${attribute}='${printed.unit}'` };
}

function attributeText({ member, xmlName }: PlannedMember, value: unknown): string {
  const { size, unit } = sized(member, value);
  switch (member.kind) {
    case "attr":
    case "discriminant":
      return ` ${xmlName}='${written(member, value)}'`;
    case "scaledAttr":
      return ` ${xmlName}='${size}'${unit}`;
    case "scaledContent":
      return unit;
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

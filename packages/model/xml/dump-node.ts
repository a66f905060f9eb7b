/**
 * Writes a subtree that we do not interpret, in the layout libxml2 gives it when libvirt prints metadata:
 * double quotes, two spaces, and no reformatting inside elements that hold text.
 */
import type { XmlElement, XmlNode } from "./tree.ts";

const escapeText = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");

const isBlank = (node: XmlNode): boolean => node.kind === "text" && node.text.trim() === "";

/** Blank text is layout unless it stands beside other text or is all there is. */
function significant(nodes: readonly XmlNode[]): readonly XmlNode[] {
  if (nodes.some((node) => node.kind === "text" && !isBlank(node))) return nodes;
  const kept = nodes.filter((node) => !isBlank(node));
  return kept.length > 0 ? kept : nodes.filter((node) => node.kind === "text");
}

const qualified = ({ prefix, name }: XmlElement): string =>
  prefix === "" ? name : `${prefix}:${name}`;

function startTag(element: XmlElement, extra: readonly string[]): string {
  const declared = element.declarations.map(({ prefix, uri }) => declaration(prefix, uri));
  const attributes = [...element.attributes].map(
    ([name, value]) => ` ${name}="${escapeAttribute(value)}"`,
  );
  return [qualified(element), ...declared, ...extra, ...attributes].join("");
}
const declaration = (prefix: string, uri: string): string =>
  ` xmlns${prefix === "" ? "" : `:${prefix}`}="${escapeAttribute(uri)}"`;

interface Layout {
  /** Elements around it. */
  readonly level: number;
  /** Children may stand on lines of their own. */
  readonly open: boolean;
}

function dump(node: XmlNode, layout: Layout): string {
  switch (node.kind) {
    case "text":
      return escapeText(node.text);
    case "cdata":
      return `<![CDATA[${node.text}]]>`;
    case "comment":
      return `<!--${node.text}-->`;
    case "instruction":
      return `<?${node.target}${node.text === "" ? "" : ` ${node.text}`}?>`;
    case "element":
      return dumpElement(node, layout);
  }
}

function dumpElement(
  element: XmlElement,
  { level, open }: Layout,
  extra: readonly string[] = [],
): string {
  const tag = startTag(element, extra);
  const nodes = significant(element.nodes);
  if (nodes.length === 0) return `<${tag}/>`;
  const spread = open && nodes.every(({ kind }) => kind !== "text" && kind !== "cdata");
  const line = spread ? `\n${"  ".repeat(level + 1)}` : "";
  const body = nodes.map((node) => line + dump(node, { level: level + 1, open: spread })).join("");
  return `<${tag}>${body}${spread ? `\n${"  ".repeat(level)}` : ""}</${qualified(element)}>`;
}

/** Prefixes used inside the subtree but declared outside of it. */
function foreign(
  element: XmlElement,
  known: ReadonlySet<string>,
  found: Map<string, string>,
): void {
  const here = new Set([...known, ...element.declarations.map(({ prefix }) => prefix)]);
  if (element.namespace !== "" && !here.has(element.prefix) && element.prefix !== "xml")
    found.set(element.prefix, element.namespace);
  for (const child of element.children) foreign(child, here, found);
}

/**
 * The subtree as text, its first line unindented, lines below indented for `level` (two spaces each).
 * Namespaces declared outside are declared at its root, so the text stands alone.
 */
export function dumpNode(element: XmlElement, level = 0): string {
  const outside = new Map<string, string>();
  foreign(element, new Set(), outside);
  const extra = [...outside].map(([prefix, uri]) => declaration(prefix, uri));
  return dumpElement(element, { level, open: true }, extra);
}

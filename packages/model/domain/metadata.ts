/** Title, description and the elements of `<metadata>`, read and changed one at a time. */
import { virError } from "../error.ts";
import { dumpNode } from "../xml/dump-node.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { xmlFailure } from "../xml/read-document.ts";
import type { XmlElement, XmlNode } from "../xml/tree.ts";
import { XmlError } from "../xml/xml-error.ts";
import type { Domain } from "./domain.ts";

export type MetadataPlace =
  | { readonly kind: "title" | "description" }
  | { readonly kind: "element"; readonly uri: string };

export interface MetadataChange {
  /** Absent removes. */
  readonly value?: string | undefined;
  /** XML prefix for the element's namespace. */
  readonly prefix?: string | undefined;
}

const EMPTY = "<metadata/>";

const isElement = (node: XmlNode): node is XmlElement => node.kind === "element";

/** The element, and what is inside it and in no namespace, moved into one. */
const inNamespace = (element: XmlElement, uri: string, prefix: string): XmlElement => {
  const moved = renamed(element, (one) => one.namespace === "", { prefix, namespace: uri });
  return { ...moved, declarations: [{ prefix, uri }, ...moved.declarations] };
};

/** The other way: what is in the namespace loses it, as clients expect to read it back. */
const withoutNamespace = (element: XmlElement, uri: string): XmlElement => {
  const bare = renamed(element, (one) => one.namespace === uri, { prefix: "", namespace: "" });
  return { ...bare, declarations: bare.declarations.filter((one) => one.uri !== uri) };
};

function renamed(
  element: XmlElement,
  which: (element: XmlElement) => boolean,
  to: Pick<XmlElement, "prefix" | "namespace">,
): XmlElement {
  const nodes = element.nodes.map((node) => (isElement(node) ? renamed(node, which, to) : node));
  const inside = { nodes, children: nodes.filter(isElement) };
  return which(element) ? { ...element, ...inside, ...to } : { ...element, ...inside };
}

const find = (domain: Domain, uri: string): XmlElement | undefined =>
  parseXml(domain.metadata ?? EMPTY).children.find(({ namespace }) => namespace === uri);

/** @throws VireoError `noDomainMetadata` when there is none */
export function domainMetadata(domain: Domain, place: MetadataPlace): string {
  const found =
    place.kind === "element" ? elementText(find(domain, place.uri), place.uri) : domain[place.kind];
  if (found === undefined)
    throw virError("noDomainMetadata", "Requested metadata element is not present");
  return found;
}

const elementText = (element: XmlElement | undefined, uri: string): string | undefined =>
  element && dumpNode(withoutNamespace(element, uri));

function parsedMetadata(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    throw error instanceof XmlError ? xmlFailure(error, "metadata_xml") : error;
  }
}

function replaced(
  metadata: string | undefined,
  uri: string,
  added?: XmlElement,
): string | undefined {
  const root = parseXml(metadata ?? EMPTY);
  const others = root.children.filter(({ namespace }) => namespace !== uri);
  const nodes = added === undefined ? others : [...others, added];
  // an element that became empty stays (libvirt behaviour)
  const isNone = metadata === undefined && nodes.length === 0;
  return isNone ? undefined : dumpNode({ ...root, nodes, children: nodes });
}

/** The fields without `key`, then with it when there is a value. */
function withField<K extends "title" | "description" | "metadata">(
  domain: Domain,
  key: K,
  value: string | undefined,
): Domain {
  const { [key]: _old, ...rest } = domain;
  return (value === undefined ? rest : { ...rest, [key]: value }) as Domain; // only `key` changed
}

/**
 * The domain with one piece of metadata changed or removed.
 * @throws VireoError `xmlDetail` when the value is no XML, `invalidArg` without prefix or with a title of several lines
 */
export function withMetadata(
  domain: Domain,
  place: MetadataPlace,
  { value, prefix }: MetadataChange,
): Domain {
  if (place.kind !== "element") {
    if (place.kind === "title" && value?.includes("\n") === true)
      throw virError("invalidArg", "metadata title can't contain newlines");
    return withField(domain, place.kind, value === "" ? undefined : value);
  }
  if (value === undefined)
    return withField(domain, "metadata", replaced(domain.metadata, place.uri));
  if (prefix === undefined || prefix === "")
    throw virError("invalidArg", "a prefix is needed for the namespace of a metadata element");
  const added = inNamespace(parsedMetadata(value), place.uri, prefix);
  return withField(domain, "metadata", replaced(domain.metadata, place.uri, added));
}

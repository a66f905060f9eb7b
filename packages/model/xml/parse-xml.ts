/** Text to tree, on saxes. No DTD, no entities of the document's own, limits on everything. */
import { SaxesParser, type SaxesTagNS } from "saxes";
import { XML_LIMITS, type XmlLimits } from "./limits.ts";
import { LineCounter } from "./position.ts";
import { errorAt, syntaxError } from "./syntax-error.ts";
import type { NamespaceDeclaration, XmlElement, XmlNode } from "./tree.ts";
import { XmlError, type XmlPosition } from "./xml-error.ts";

/**
 * Reads one XML document.
 * @throws {XmlError} with line and column, for text that is not well formed, has a DTD, or passes a limit.
 */
export function parseXml(source: string, limits: Partial<XmlLimits> = {}): XmlElement {
  const all = { ...XML_LIMITS, ...limits };
  if (source.length > all.length)
    throw new XmlError(`XML document is longer than ${all.length} characters`, "limit", {
      line: 1,
      column: 1,
    });
  return new TreeBuilder(source, all).read();
}

interface OpenElement {
  readonly start: number;
  readonly at: XmlPosition;
  readonly nodes: XmlNode[];
  tag: SaxesTagNS | undefined;
  end: number;
}

class TreeBuilder {
  readonly #source: string;
  readonly #limits: XmlLimits;
  readonly #lines: LineCounter;
  readonly #parser = new SaxesParser({ xmlns: true, resolvePrefix: unbound });
  readonly #open: OpenElement[] = [];
  #attributes = 0;
  #nodes = 0;
  #root: XmlElement | undefined;

  constructor(source: string, limits: XmlLimits) {
    this.#source = source;
    this.#limits = limits;
    this.#lines = new LineCounter(source);
    const parser = this.#parser;
    parser.on("error", (error) => {
      throw syntaxError(source, error.message, parser.position);
    });
    parser.on("doctype", () =>
      this.#refuse("Document type declarations are not accepted", "refused"),
    );
    parser.on("opentagstart", () => this.#enter());
    parser.on("attribute", () => this.#countAttribute());
    parser.on("opentag", (tag) => this.#describe(tag));
    parser.on("closetag", () => this.#leave());
    parser.on("text", (text) => this.#add({ kind: "text", text }));
    parser.on("cdata", (text) => this.#add({ kind: "cdata", text }));
    parser.on("comment", (text) => this.#add({ kind: "comment", text }));
    parser.on("processinginstruction", ({ target, body }) =>
      this.#add({ kind: "instruction", target, text: body }),
    );
  }

  read(): XmlElement {
    this.#parser.write(this.#source).close();
    if (this.#root === undefined) throw syntaxError(this.#source, "no element", 0);
    return this.#root;
  }

  #refuse(message: string, reason: "limit" | "refused"): never {
    throw errorAt(this.#source, message, { offset: this.#parser.position, reason });
  }

  #enter(): void {
    const { depth } = this.#limits;
    if (this.#open.length >= depth)
      this.#refuse(`Excessive depth in document: ${depth} use XML_PARSE_HUGE option`, "limit");
    const start = this.#source.lastIndexOf("<", this.#parser.position - 1);
    this.#countNode();
    this.#attributes = 0;
    this.#open.push({ start, at: this.#lines.at(start), nodes: [], tag: undefined, end: start });
  }

  #describe(tag: SaxesTagNS): void {
    const open = this.#open.at(-1);
    if (open === undefined) return;
    open.tag = tag;
    open.end = this.#parser.position;
  }

  #countAttribute(): void {
    const { attributes } = this.#limits;
    this.#attributes += 1;
    if (this.#attributes > attributes)
      this.#refuse(`More than ${attributes} attributes in one element`, "limit");
  }

  #countNode(): void {
    const { nodes } = this.#limits;
    this.#nodes += 1;
    if (this.#nodes > nodes) this.#refuse(`More than ${nodes} nodes in the document`, "limit");
  }

  #add(node: XmlNode): void {
    this.#countNode();
    this.#open.at(-1)?.nodes.push(node);
  }

  #leave(): void {
    const open = this.#open.pop();
    if (open?.tag === undefined) return;
    const element = toElement(open, open.tag, this.#source);
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.nodes.push(element);
  }
}

/** libxml2 does not mind a prefix nobody declared: it takes it for a part of the name. */
const unbound = (prefix: string): string => `${UNBOUND}${prefix}`;
const UNBOUND = "unbound:";

const isDeclaration = (name: string): boolean => name === "xmlns" || name.startsWith("xmlns:");

function toElement(open: OpenElement, tag: SaxesTagNS, source: string): XmlElement {
  const attributes = new Map<string, string>();
  const declarations: NamespaceDeclaration[] = [];
  for (const { name, local, value } of Object.values(tag.attributes))
    if (isDeclaration(name))
      declarations.push({ prefix: name === "xmlns" ? "" : local, uri: value });
    else attributes.set(name, value);
  const { nodes, at, start, end } = open;
  const bound = !tag.uri.startsWith(UNBOUND);
  return {
    kind: "element",
    name: bound ? tag.local : tag.name,
    prefix: bound ? tag.prefix : "",
    namespace: bound ? tag.uri : "",
    attributes,
    declarations,
    nodes,
    children: nodes.filter((node) => node.kind === "element"),
    text: nodes
      .map((node) => (node.kind === "text" || node.kind === "cdata" ? node.text : ""))
      .join(""),
    line: at.line,
    column: at.column,
    source,
    start,
    end,
  };
}

/** The tree `parseXml` returns: plain data that knows where in the text it came from. */

export interface XmlText {
  readonly kind: "text" | "cdata" | "comment";
  readonly text: string;
}
export interface XmlInstruction {
  readonly kind: "instruction";
  readonly target: string;
  readonly text: string;
}
export interface NamespaceDeclaration {
  /** Empty for the default namespace. */
  readonly prefix: string;
  readonly uri: string;
}
export interface XmlElement {
  readonly kind: "element";
  /** Without the prefix. */
  readonly name: string;
  readonly prefix: string;
  /** URI of the namespace, empty when there is none. */
  readonly namespace: string;
  /** By name as written, without `xmlns` declarations. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly declarations: readonly NamespaceDeclaration[];
  /** Everything inside, in order. */
  readonly nodes: readonly XmlNode[];
  /** The elements among `nodes`. */
  readonly children: readonly XmlElement[];
  /** Text and CDATA among `nodes`, joined. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /** The document's text and where in it the start tag lies. */
  readonly source: string;
  readonly start: number;
  readonly end: number;
}
export type XmlNode = XmlElement | XmlText | XmlInstruction;

/** What a document may cost us. Reaching a limit is an `XmlError` with reason `limit`. */
export interface XmlLimits {
  /** Length of the whole text in UTF-16 units. */
  readonly length: number;
  /** Elements inside each other. */
  readonly depth: number;
  /** Attributes of one element. */
  readonly attributes: number;
  /** Elements, texts, comments and instructions in all. */
  readonly nodes: number;
}

/** `length` is the longest string of libvirt's wire, `depth` that of libxml2. */
export const XML_LIMITS: XmlLimits = {
  length: 4 * 1024 * 1024,
  depth: 256,
  attributes: 256,
  nodes: 65_536,
};

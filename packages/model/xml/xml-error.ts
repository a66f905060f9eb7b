/** Why a text is not XML that we read: syntax, a limit, or something refused on purpose. */
export type XmlErrorReason = "syntax" | "limit" | "refused";

export interface XmlPosition {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
}

/** Thrown by `parseXml`. `excerpt` is the source line, with a caret below the place, as libvirt shows it. */
export class XmlError extends SyntaxError {
  readonly reason: XmlErrorReason;
  readonly line: number;
  readonly column: number;
  readonly excerpt: string;

  constructor(
    message: string,
    reason: XmlErrorReason,
    at: XmlPosition & { readonly excerpt?: string },
  ) {
    super(message);
    this.name = "XmlError";
    this.reason = reason;
    this.line = at.line;
    this.column = at.column;
    this.excerpt = at.excerpt ?? "";
  }
}

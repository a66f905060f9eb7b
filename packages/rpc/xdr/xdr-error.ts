/** A value that has no XDR form under its declaration, or bytes that are no such value. */
export class XdrError extends Error {
  override readonly name = "XdrError";
}

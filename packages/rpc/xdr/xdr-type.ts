import type { Layout } from "./layout.ts";
import { XdrReader } from "./xdr-reader.ts";
import { XdrWriter } from "./xdr-writer.ts";

/**
 * A declared wire type (RFC 4506): one declaration gives the TypeScript type, encoder, decoder,
 * limits and layout. Declarations cannot refer to themselves, so the depth of a value is bounded by
 * its declaration and no input can make the decoder recurse further.
 */
export interface XdrType<T> {
  readonly layout: Layout;
  /** Fewest bytes a value occupies; lets a decoder refuse a count before allocating. */
  readonly minBytes: number;
  /** Append a value; throws XdrError when it exceeds a declared limit. */
  write(out: XdrWriter, value: T): void;
  /** Read a value; throws XdrError on bytes that are no such value. */
  read(input: XdrReader): T;
}

/** The TypeScript type of a declaration's values. */
export type ValueOf<X> = X extends XdrType<infer T> ? T : never;

/** Where an encoded value goes: at most `limit` bytes, the first `headroom` of them left free. */
export interface Room {
  readonly limit: number;
  readonly headroom?: number;
}

/** Encode into one Buffer. Throws XdrError when a limit is broken. */
export function encode<T>(type: XdrType<T>, value: T, { limit, headroom = 0 }: Room): Buffer {
  const out = new XdrWriter(headroom, limit);
  type.write(out, value);
  return out.finish();
}

/** Decode the value that the buffer begins with. */
export function decode<T>(type: XdrType<T>, buffer: Buffer): T {
  return type.read(new XdrReader(buffer));
}

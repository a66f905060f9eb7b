/** What both ends of a stream share. */
import { hyper, uint32 } from "./xdr/scalar.ts";
import { struct } from "./xdr/composite.ts";

/** A piece of a stream: bytes, or the length of a run of zeroes that was not sent. */
export type StreamChunk = Buffer | { readonly hole: bigint };

/** Body of a hole packet. */
export const streamHole = struct({ length: hyper, flags: uint32 });

/** The stream was finished or aborted by the peer, or its connection is gone. */
export class StreamClosedError extends Error {
  override readonly name = "StreamClosedError";
}

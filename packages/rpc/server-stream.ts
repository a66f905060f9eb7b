/** The client has finished or aborted the stream, or is gone. */
export declare class StreamClosedError extends Error {}
/** A piece of a stream: bytes, or a run of zeroes that was not sent. */
export type StreamChunk = Buffer | { readonly hole: bigint };
/** The daemon's end of a stream. */
export interface ServerStream {
  /** What the client sends; ends with its finish, throws StreamClosedError on abort and disconnect. */
  readonly incoming: AsyncIterable<StreamChunk>;
  /** Aborts when the client has finished, aborted or gone. */
  readonly signal: AbortSignal;
  /** Send bytes; resolves when there is room for more. */
  write(data: Uint8Array): Promise<void>;
  /** Send a hole of so many bytes. */
  writeHole(bytes: bigint): Promise<void>;
}

import { type StreamChunk, StreamClosedError } from "./stream.ts";

/** Counted for every chunk besides its bytes, so that tiny chunks cannot pile up either. */
const CHUNK_OVERHEAD = 256;

/** What a queue does to the connection that feeds it. */
export interface QueueFlow {
  /** More is waiting than the limit allows. */
  full(): void;
  /** There is room again. */
  drained(): void;
}

/**
 * Chunks received on a stream and not consumed yet, with one reader. Its end may be good (all was
 * read) or bad (what waits is thrown away and the reader gets the error).
 */
export class StreamQueue {
  readonly #limit: number;
  readonly #flow: QueueFlow;
  #chunks: StreamChunk[] = [];
  #bytes = 0;
  #end: "open" | "finished" | Error = "open";
  #wake: (() => void) | undefined;

  constructor(limit: number, flow: QueueFlow) {
    this.#limit = limit;
    this.#flow = flow;
  }

  /** Add a chunk; ignored after the end. */
  push(chunk: StreamChunk): void {
    if (this.#end !== "open") return;
    this.#chunks.push(chunk);
    this.#bytes += costOf(chunk);
    if (this.#bytes > this.#limit) this.#flow.full();
    this.#wake?.();
  }

  /** No more will come. */
  finish(): void {
    if (this.#end === "open") this.#end = "finished";
    this.#wake?.();
  }

  /** The stream is dead. */
  fail(error: Error): void {
    if (this.#end instanceof Error) return;
    this.#end = error;
    this.#chunks = [];
    this.#bytes = 0;
    this.#flow.drained();
    this.#wake?.();
  }

  /** Chunks in order until the end; throws what `fail` was given. */
  async *[Symbol.asyncIterator](): AsyncGenerator<StreamChunk, void> {
    for (;;) {
      if (this.#end instanceof Error) throw this.#end;
      const chunk = this.#take();
      if (chunk !== undefined) yield chunk;
      else if (this.#end === "finished") return;
      else await this.#change();
    }
  }

  #take(): StreamChunk | undefined {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return undefined;
    const wasFull = this.#bytes > this.#limit;
    this.#bytes -= costOf(chunk);
    if (wasFull && this.#bytes <= this.#limit) this.#flow.drained();
    return chunk;
  }

  #change(): Promise<void> {
    if (this.#wake !== undefined) {
      return Promise.reject(new StreamClosedError("The stream already has a reader"));
    }
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}

const costOf = (chunk: StreamChunk): number =>
  CHUNK_OVERHEAD + (Buffer.isBuffer(chunk) ? chunk.length : 0);

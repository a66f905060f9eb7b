import { type StreamChunk, StreamClosedError } from "./stream.ts";

/** Counted for every chunk besides its bytes, so that tiny chunks cannot pile up either. */
const CHUNK_OVERHEAD = 256;
const BLOCK_BYTES = 256 * 1024;
/** Less than this is not worth a block. */
const SMALL_BYTES = 4096;

/** What a queue does to the connection that feeds it. */
export interface QueueFlow {
  /** More is waiting than the limit allows. */
  full(): void;
  /** There is room again. */
  drained(): void;
}

export interface QueueOptions {
  /** Bytes that may wait. */
  readonly limit: number;
  readonly flow: QueueFlow;
  /**
   * Copy what comes into memory that is used again and again: gigabytes then leave no garbage, but a
   * chunk is good only until the reader asks for the next one.
   */
  readonly recycle?: boolean;
}

/** Memory that is filled piece by piece, lent to the reader, and filled again. */
interface Block {
  readonly room: Buffer;
  filled: number;
}

/**
 * Chunks received on a stream and not consumed yet, with one reader. Its end may be good (all was
 * read) or bad (what waits is thrown away and the reader gets the error).
 */
export class StreamQueue {
  readonly #options: QueueOptions;
  #chunks: (StreamChunk | Block)[] = [];
  readonly #spare: Block[] = [];
  #bytes = 0;
  #end: "open" | "finished" | Error = "open";
  #wake: (() => void) | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Add a chunk; ignored after the end. The memory of bytes is the caller's again when they are recycled. */
  push(chunk: StreamChunk): void {
    if (this.#end !== "open") return;
    if (this.#options.recycle === true && Buffer.isBuffer(chunk)) this.#copy(chunk);
    else this.#add(chunk);
    if (this.#bytes > this.#options.limit) this.#options.flow.full();
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
    this.#spare.length = 0;
    this.#bytes = 0;
    this.#options.flow.drained();
    this.#wake?.();
  }

  /** Chunks in order until the end; throws what `fail` was given. */
  async *[Symbol.asyncIterator](): AsyncGenerator<StreamChunk, void> {
    for (;;) {
      if (this.#end instanceof Error) throw this.#end;
      const chunk = this.#take();
      if (chunk === undefined) {
        if (this.#end === "finished") return;
        await this.#change();
      } else if (isBlock(chunk)) {
        yield chunk.room.subarray(0, chunk.filled);
        this.#spare.push({ room: chunk.room, filled: 0 });
      } else yield chunk;
    }
  }

  #add(chunk: StreamChunk | Block): void {
    this.#chunks.push(chunk);
    this.#bytes += costOf(chunk);
  }

  #copy(piece: Buffer): void {
    for (let rest = piece; rest.length > 0; ) {
      const last = this.#chunks.at(-1);
      if (isBlock(last) && last.filled < BLOCK_BYTES) rest = this.#fill(last, rest);
      else if (rest.length < SMALL_BYTES) return this.#add(Buffer.from(rest));
      else this.#add(this.#spare.pop() ?? { room: Buffer.allocUnsafe(BLOCK_BYTES), filled: 0 });
    }
  }

  /** What did not fit. */
  #fill(block: Block, piece: Buffer): Buffer {
    const copied = piece.copy(block.room, block.filled);
    block.filled += copied;
    this.#bytes += copied;
    return piece.subarray(copied);
  }

  #take(): StreamChunk | Block | undefined {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return undefined;
    const { limit, flow } = this.#options;
    const wasFull = this.#bytes > limit;
    this.#bytes -= costOf(chunk);
    if (wasFull && this.#bytes <= limit) flow.drained();
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

const isBlock = (chunk: StreamChunk | Block | undefined): chunk is Block =>
  chunk !== undefined && "filled" in chunk;

function costOf(chunk: StreamChunk | Block): number {
  if (isBlock(chunk)) return CHUNK_OVERHEAD + chunk.filled;
  return CHUNK_OVERHEAD + (Buffer.isBuffer(chunk) ? chunk.length : 0);
}

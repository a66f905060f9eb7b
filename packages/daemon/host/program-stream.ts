/** A program of the host as a stream: what is written goes to its stdin, or what it prints is read. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { Socket } from "node:net";
import { Duplex, type Writable } from "node:stream";
import { virError, type VireoError } from "@vireo/model/error";
import type { ByteSource } from "./byte-source.ts";
import { errnoError, hostError } from "./errno.ts";
import { widePipe } from "./pipe.ts";
import { dataHeader, FrameReader, holeFrame, type Hole } from "./sparse-frame.ts";

const STDERR_LIMIT = 4096;
/** Read at once. */
const PIECE_BYTES = 256 * 1024;
/** A program that neither takes nor gives a byte for so long hangs. */
const STALL_MS = 60_000;
const ENV = {
  LC_ALL: "C",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
};

/**
 * What is written becomes the program's stdin, at most `limit` bytes of it. Ends well only when the
 * program does; destroying it kills the program. A piece is taken when its callback is called; then its memory is free again.
 * The stream fails with VireoError `systemError` and the program's words.
 */
export const writeProgram = (
  program: string,
  args: readonly string[],
  { limit = Number.POSITIVE_INFINITY }: { limit?: number } = {},
): Writable => new ProgramStream(program, args, { limit });

/** What the program prints. Ends and fails as `writeProgram`. */
export const readProgram = (program: string, args: readonly string[]): ByteSource =>
  new ProgramStream(program, args, "read");

/** The same with holes: pieces and `Hole`s as `sparse-frame` puts them on the pipe. */
export const readFrames = (program: string, args: readonly string[]): ByteSource =>
  new ProgramStream(program, args, "read frames");

/** A stream that takes holes, too. */
export interface HoleSink extends Writable {
  /** Resolves when it is taken. @throws VireoError */
  writeHole(bytes: bigint): Promise<void>;
}

export const takesHoles = (stream: Writable): stream is HoleSink => "writeHole" in stream;

/** `writeProgram` of a program that reads frames; `limit` counts holes, too. */
export const writeFrames = (
  program: string,
  args: readonly string[],
  { limit = Number.POSITIVE_INFINITY }: { limit?: number } = {},
): HoleSink => new FramedProgram(program, args, { limit });

type Way = "read" | "read frames" | { readonly limit: number };
const ENOSPC = 28;

/** One class for both ways, which share the process; who gets it sees one of them. */
class ProgramStream extends Duplex {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #pipe: Socket;
  #said = "";
  /** How the program ended; undefined while it runs. */
  #outcome: VireoError | null | undefined;
  /** Waits for the outcome. */
  #finished: ((error?: Error | null) => void) | undefined;
  #watch: NodeJS.Timeout | undefined;
  /** Bytes of `#memory` that were read and not given on yet. */
  #here = 0;
  readonly #memory = Buffer.allocUnsafeSlow(PIECE_BYTES);
  #wake: (() => void) | undefined;
  /** Bytes that may still be written. */
  #left: number;
  readonly #frames: FrameReader | undefined;

  constructor(program: string, args: readonly string[], way: Way) {
    super({ allowHalfOpen: true });
    this.#name = program;
    const reads = way === "read" || way === "read frames";
    this.#frames = way === "read frames" ? new FrameReader() : undefined;
    this.#left = reads ? 0 : way.limit;
    const { from, into } = widePipe();
    const [ours, theirs] = reads ? [from, into] : [into, from];
    this.#child = spawn(program, [...args], {
      detached: true,
      stdio: reads ? ["ignore", theirs, "pipe"] : [theirs, "ignore", "pipe"],
      env: ENV,
    });
    closeSync(theirs);
    this.#pipe = reads ? this.#reader(ours) : new Socket({ fd: ours, readable: false });
    this.#pipe.on("error", () => undefined); // the program's end tells why
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-STDERR_LIMIT);
    });
    if (reads) this.on("error", () => undefined); // who iterates is told
    this.#child.on("error", (error) => this.destroy(hostError(`Cannot run '${program}'`, error)));
    this.#child.on("close", (code, signal) => this.#ended(code, signal));
  }

  /** Reads one piece, and the next when that was given on. */
  #reader(fd: number): Socket {
    const callback = (bytes: number): boolean => {
      this.#here = bytes;
      this.#stir();
      this.#wake?.();
      return false;
    };
    const pipe = new Socket({
      fd,
      writable: false,
      onread: { buffer: this.#memory, callback },
    });
    return pipe.on("end", () => this.#wake?.()).on("close", () => this.#wake?.());
  }

  #ended(code: number | null, signal: string | null): void {
    this.#rest();
    const said = this.#said.trim().replace(/^\w+: /, "");
    const why = said === "" ? `${this.#name} ended with ${code ?? signal}` : said;
    const error = code === 0 ? null : virError("systemError", why);
    this.#outcome = error;
    if (this.#finished !== undefined) this.#finished(error);
    else if (error !== null) this.destroy(error);
    this.#wake?.();
  }

  /** Whoever reads may take his time; only what waits for the program counts. */
  #stir(): void {
    this.#rest();
    this.#watch = setTimeout(
      () => this.destroy(virError("operationTimeout", `'${this.#name}' does not go on`)),
      STALL_MS,
    );
  }

  #rest(): void {
    clearTimeout(this.#watch);
  }

  /** The program's output, to its good end. @throws VireoError when it fails, or the stream is destroyed */
  override async *[Symbol.asyncIterator](): AsyncGenerator<Buffer | Hole, undefined> {
    try {
      for (;;) {
        if (this.#here > 0) {
          this.#rest();
          const bytes = this.#memory.subarray(0, this.#here);
          if (this.#frames === undefined) yield bytes;
          else yield* this.#frames.pieces(bytes);
          this.#here = 0;
          this.#stir();
          this.#pipe.resume();
        } else if (this.#isOver()) return undefined;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      this.destroy();
    }
  }

  /** @throws VireoError */
  #isOver(): boolean {
    if (this.errored !== null) throw this.errored;
    return this.destroyed || (this.#pipe.readableEnded && this.#outcome === null);
  }

  override _read(): void {
    // see the iterator
  }

  override _write(
    piece: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    const fitting = piece.subarray(0, this.#left);
    this.#left -= fitting.length;
    this.#stir();
    const header = this.headerOf(fitting);
    if (header !== undefined) this.#pipe.write(header);
    this.#pipe.write(fitting, (error) => {
      this.#rest();
      if (error !== null && error !== undefined) this.#settle(done);
      else if (fitting.length < piece.length) done(errnoError("cannot write to stream", ENOSPC));
      else done();
    });
  }

  /** What goes before a piece. */
  protected headerOf(_piece: Buffer): Buffer | undefined {
    return undefined;
  }

  /** Writes a hole, which counts as so many bytes. */
  protected putHole(bytes: bigint): Promise<void> {
    if (this.errored !== null) return Promise.reject(this.errored);
    if (bytes > BigInt(Math.min(this.#left, Number.MAX_SAFE_INTEGER)))
      return Promise.reject(errnoError("cannot write to stream", ENOSPC));
    this.#left -= Number(bytes);
    this.#stir();
    return new Promise((resolve) => {
      this.#pipe.write(holeFrame(bytes), () => {
        this.#rest();
        resolve(); // that it was not taken shows at the end
      });
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#stir();
    this.#pipe.end();
    this.#settle(done);
  }

  /** The program's end says how it went. */
  #settle(done: (error?: Error | null) => void): void {
    if (this.#outcome === undefined) this.#finished = done;
    else done(this.#outcome);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#rest();
    this.#pipe.destroy();
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // it ended by itself in this very moment
      }
    }
    done(error);
    this.#wake?.();
  }
}

class FramedProgram extends ProgramStream implements HoleSink {
  protected override headerOf(piece: Buffer): Buffer | undefined {
    return piece.length === 0 ? undefined : dataHeader(piece.length);
  }

  writeHole(bytes: bigint): Promise<void> {
    return this.putHole(bytes);
  }
}

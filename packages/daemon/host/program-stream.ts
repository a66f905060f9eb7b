/** A program of the host as a stream: what is written goes to its stdin, what it prints is read. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Duplex } from "node:stream";
import { virError, type VireoError } from "@vireo/model/error";
import { hostError } from "./errno.ts";

const STDERR_LIMIT = 4096;
/** What waits on either side. */
const BUFFER_BYTES = 1 << 20;
/** A program that neither takes nor gives a byte for so long hangs. */
const STALL_MS = 60_000;

/**
 * Ends well only when the program does; destroying it kills the program.
 * The stream fails with VireoError `systemError` and the program's words.
 */
export const programStream = (program: string, args: readonly string[]): Duplex =>
  new ProgramStream(program, args);

class ProgramStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #name: string;
  #said = "";
  /** How the program ended; undefined while it runs. */
  #outcome: VireoError | null | undefined;
  /** Waits for the outcome. */
  #finished: ((error?: Error | null) => void) | undefined;
  #watch: NodeJS.Timeout | undefined;

  constructor(program: string, args: readonly string[]) {
    super({ allowHalfOpen: true, highWaterMark: BUFFER_BYTES });
    this.#name = program;
    this.#child = spawn(program, [...args], {
      detached: true,
      env: { LC_ALL: "C", PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
    });
    const { stdin, stdout, stderr } = this.#child;
    stdin.on("error", () => undefined); // its end tells why
    stdout.on("data", (piece: Buffer) => {
      this.#stir();
      if (!this.push(piece)) stdout.pause();
    });
    stdout.pause();
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-STDERR_LIMIT);
    });
    this.#child.on("error", (error) => this.destroy(hostError(`Cannot run '${program}'`, error)));
    this.#child.on("close", (code, signal) => this.#ended(code, signal));
  }

  #ended(code: number | null, signal: string | null): void {
    this.#rest();
    const said = this.#said.trim().replace(/^\w+: /, "");
    const why = said === "" ? `${this.#name} ended with ${code ?? signal}` : said;
    const error = code === 0 ? null : virError("systemError", why);
    this.#outcome = error;
    if (this.#finished !== undefined) this.#finished(error);
    else if (error !== null) this.destroy(error);
    if (error === null) this.push(null);
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

  override _read(): void {
    this.#stir();
    this.#child.stdout.resume();
  }

  override _write(
    piece: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#stir();
    this.#child.stdin.write(piece, (error) => {
      this.#rest();
      if (error === null || error === undefined) done();
      else this.#settle(done);
    });
  }

  override _writev(
    pieces: readonly { chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    const all = pieces.map(({ chunk }) => chunk);
    const { stdin } = this.#child;
    stdin.cork();
    for (const piece of all.slice(0, -1)) stdin.write(piece);
    this._write(all.at(-1) ?? Buffer.alloc(0), "utf8", done);
    stdin.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#stir();
    this.#child.stdin.end();
    this.#settle(done);
  }

  /** The program's end says how it went. */
  #settle(done: (error?: Error | null) => void): void {
    if (this.#outcome === undefined) this.#finished = done;
    else done(this.#outcome);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#rest();
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // it ended by itself in this very moment
      }
    }
    done(error);
  }
}

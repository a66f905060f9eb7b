/**
 * A few processes that touch storage and are used again: starting one costs more than most looks.
 * Each serves one request at a time; one that does not answer in time is killed, and the next request gets
 * another. When all are busy one more is made, so that storage that hangs delays nobody who asks for other storage.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import type { Stream } from "node:stream";

/** Idle hands that are kept; more are made when all are busy, and end when they are done. */
const KEPT = 3;
/** An idle hand ends after this. */
const IDLE_MS = 60_000;
/** One request's answer; a directory of 100,000 images is less. */
const ANSWER_LIMIT = 256 * 1024 * 1024;

export class HandTimeout extends Error {
  override readonly name = "HandTimeout";
}

interface Asked {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** One process: a line in, a line out. */
class Hand {
  readonly #child: ChildProcess;
  readonly #gone: (hand: Hand) => void;
  #asked: Asked | undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(program: string, gone: (hand: Hand) => void) {
    this.#gone = gone;
    this.#child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=1", program],
      { detached: true, stdio: ["pipe", "pipe", "inherit"], env: { LC_ALL: "C" } },
    );
    this.#child.unref();
    this.#hold(false);
    this.#child.stdin?.on("error", () => undefined); // its end is told by `exit`
    this.#child.stdout?.on("data", (piece: Buffer) => this.#heard(piece));
    this.#child.on("error", (error) => this.#ended(error));
    this.#child.on("exit", (code, signal) =>
      this.#ended(new Error(`the process that touches storage ended: ${signal ?? code}`)),
    );
  }

  /** @throws HandTimeout, Error when it ends before it answers; then it is gone */
  ask(request: string, timeoutMs: number): Promise<string> {
    clearTimeout(this.#idle);
    this.#hold(true);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#ended(new HandTimeout("storage does not answer"));
      }, timeoutMs);
      this.#asked = { resolve, reject, timer };
      this.#child.stdin?.write(`${request}\n`);
    });
  }

  /** Ends by itself when nobody asks for a while. */
  rest(): void {
    this.#hold(false);
    this.#idle = setTimeout(() => this.end(), IDLE_MS).unref();
  }

  end(): void {
    this.#ended(new Error("the daemon ends"));
  }

  /** An idle hand keeps no program from ending. */
  #hold(busy: boolean): void {
    for (const stream of [this.#child.stdin, this.#child.stdout] as readonly (Stream | null)[])
      if (stream instanceof Socket) {
        if (busy) stream.ref();
        else stream.unref();
      }
  }

  #heard(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes > ANSWER_LIMIT) return this.#ended(new Error("storage answers too much"));
    if (piece.at(-1) !== 10) return;
    const line = Buffer.concat(this.#pieces).toString("utf8");
    this.#pieces = [];
    this.#bytes = 0;
    const asked = this.#asked;
    this.#asked = undefined;
    clearTimeout(asked?.timer);
    asked?.resolve(line);
  }

  #ended(error: Error): void {
    clearTimeout(this.#idle);
    this.#gone(this);
    kill(this.#child);
    const asked = this.#asked;
    this.#asked = undefined;
    clearTimeout(asked?.timer);
    asked?.reject(error);
  }
}

function kill({ pid, exitCode, signalCode, stdin, stdout }: ChildProcess): void {
  stdin?.destroy();
  stdout?.destroy();
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it ended by itself in this very moment
  }
}

export class HandPool {
  readonly #program: string;
  readonly #idle: Hand[] = [];

  /** @param program a file that Node runs: a line with a request in, a line with the reply out */
  constructor(program: string) {
    this.#program = program;
  }

  /** @throws HandTimeout; Error when the process cannot be had */
  async ask(request: string, timeoutMs: number): Promise<string> {
    const hand = this.#idle.pop() ?? new Hand(this.#program, (gone) => this.#forget(gone));
    const answer = await hand.ask(request, timeoutMs);
    if (this.#idle.length < KEPT) {
      this.#idle.push(hand);
      hand.rest();
    } else hand.end();
    return answer;
  }

  #forget(hand: Hand): void {
    const at = this.#idle.indexOf(hand);
    if (at >= 0) this.#idle.splice(at, 1);
  }
}

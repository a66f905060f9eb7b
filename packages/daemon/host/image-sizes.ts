/**
 * Sizes of image files, looked at by a process of its own: a file system that never answers holds
 * up that process, which is then left alone and followed by another. Its directory is not asked
 * again for a while, and what was last seen there stands in.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { monotonicMs } from "./clock.ts";

/** In bytes. */
export interface FileSizes {
  /** What a guest sees of it. */
  readonly capacity: number;
  /** What it takes of the file system. */
  readonly allocated: number;
  /** Its length. */
  readonly physical: number;
}

/** One line to the process, answered by one line: sizes or null. */
export interface SizesRequest {
  readonly path: string;
  /** Its contents are the guest's own and are not to be read as a header. */
  readonly raw: boolean;
}

const PROGRAM = join(import.meta.dirname, "image-sizes-main.ts");
const ANSWER_MS = 500;
/** The first answer of a process has its start before it. */
const FIRST_ANSWER_MS = 5000;
/** How long a directory that did not answer is left alone. */
const SILENCE_MS = 30_000;
const IDLE_MS = 10_000;
/** Files whose sizes are remembered. */
const REMEMBERED = 10_000;

interface Waiting extends SizesRequest {
  readonly settle: (sizes: FileSizes | undefined) => void;
}

const isSizes = (value: unknown): value is FileSizes =>
  typeof value === "object" && value !== null && "capacity" in value;

function sizesIn(line: string): FileSizes | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isSizes(value) ? value : undefined;
  } catch {
    return undefined; // not a line of ours
  }
}

export class ImageSizes {
  readonly #queue: Waiting[] = [];
  readonly #last = new Map<string, FileSizes>();
  readonly #silent = new Map<string, number>();
  #process: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `undefined` when the file cannot be looked at. Answers soon in any case. */
  of(path: string, { raw = false }: { raw?: boolean } = {}): Promise<FileSizes | undefined> {
    const silentUntil = this.#silent.get(dirname(path)) ?? 0;
    if (silentUntil > monotonicMs()) return Promise.resolve(this.#last.get(path));
    return new Promise((settle) => {
      const begun = this.#process !== undefined;
      this.#queue.push({ path, raw, settle });
      this.#send({ path, raw });
      if (begun && this.#queue.length === 1) this.#watch(ANSWER_MS);
    });
  }

  close(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
    clearTimeout(this.#timer);
    for (const { path, settle } of this.#queue.splice(0)) settle(this.#last.get(path));
  }

  #send(request: SizesRequest): void {
    const child = this.#process ?? this.#start();
    child.stdin?.write(`${JSON.stringify(request)}\n`);
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#process = child;
    child.stdin.on("error", () => undefined); // its end is heard of below
    child.on("error", () => this.#fail(child));
    child.on("exit", () => this.#fail(child));
    child.unref();
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (child === this.#process) this.#heard(sizesIn(line));
    });
    this.#watch(FIRST_ANSWER_MS);
    return child;
  }

  /** Waits for the answer to the first in the queue; with an empty queue for the time to let go. */
  #watch(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer =
      this.#queue.length > 0
        ? setTimeout(() => this.#giveUp(), ms)
        : setTimeout(() => this.close(), IDLE_MS).unref();
  }

  #heard(sizes: FileSizes | undefined): void {
    const asked = this.#queue.shift();
    if (asked === undefined) return;
    if (sizes === undefined) this.#last.delete(asked.path);
    else this.#remember(asked.path, sizes);
    asked.settle(sizes);
    this.#watch(ANSWER_MS);
  }

  #remember(path: string, sizes: FileSizes): void {
    this.#last.delete(path);
    this.#last.set(path, sizes);
    const [oldest] = this.#last.keys();
    if (this.#last.size > REMEMBERED && oldest !== undefined) this.#last.delete(oldest);
  }

  #fail(child: ChildProcess): void {
    if (child !== this.#process) return;
    this.#process = undefined;
    if (this.#queue.length > 0) this.#giveUp();
  }

  /** The first in the queue is not answered; those behind it are asked again of a new process. */
  #giveUp(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
    const stuck = this.#queue.shift();
    if (stuck === undefined) return;
    const directory = dirname(stuck.path);
    this.#silent.set(directory, monotonicMs() + SILENCE_MS);
    stuck.settle(this.#last.get(stuck.path));
    const again = this.#queue.splice(0);
    for (const { path, raw, settle } of again) void this.of(path, { raw }).then(settle);
  }
}

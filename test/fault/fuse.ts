/** A vireod that dies as by kill -9 at a point of a work, or is refused something there, see daemon/host/fault-point.ts. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Vireod } from "../harness/vireod.ts";

/** A point, and how often it is passed before it counts. */
export interface Point {
  readonly at: string;
  readonly nth: number;
}

/** Compiled code of the daemon, for a start costs half with it. */
const COMPILED = join(import.meta.dirname, "../../node_modules/.cache/vireod");

const LOOK_MS = 20;
/** What an operation does after it has answered. */
const AFTERWARDS_MS = 400;
const LATE_MS = 700;

/** Questions change nothing: what is before and after them is before and after what surrounds them. */
const QUESTION = /QMP (query|qom-list|qom-get)/;

/** What is before the next step is what is after the last one: to die there is to die at the same point. */
function pointsIn(passed: readonly string[]): readonly Point[] {
  const times = new Map<string, number>();
  const points = passed.flatMap((at) => {
    const nth = (times.get(at) ?? 0) + 1;
    times.set(at, nth);
    return QUESTION.test(at) ? [] : [{ at, nth }];
  });
  return points.filter(
    ({ at }, index) => !(at.startsWith("before") && points[index - 1]?.at.startsWith("after")),
  );
}

/** At most so many, from all over them. */
export function spread<T>(all: readonly T[], atMost: number): readonly T[] {
  const step = Math.max(1, all.length / atMost);
  return all.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

export class Fuse {
  readonly vireod: Vireod;
  readonly #directory: string;
  readonly #path: string;

  /**
   * @param directory where the fuse lies
   * @param options further words of the daemon's command line
   */
  constructor(directory: string, options: readonly string[] = []) {
    this.#directory = directory;
    this.#path = join(directory, "fuse");
    const env = { VIREO_FUSE: this.#path, NODE_COMPILE_CACHE: COMPILED };
    this.vireod = new Vireod(undefined, options, env);
  }

  /** Lets the daemon keep its compiled code, once for all. */
  async warm(): Promise<void> {
    if (existsSync(COMPILED)) return;
    await this.vireod.httpUrl(); // what it loads later is to be among it
    await this.vireod.end().catch(() => undefined); // it writes when it ends by itself
    await this.vireod.start();
  }

  /** The points that the work passes. */
  async record(work: () => Promise<unknown>): Promise<readonly Point[]> {
    const told = `${this.#path}.passed`;
    const size = (): number => (existsSync(told) ? readFileSync(told).length : 0);
    writeFileSync(this.#path, "record");
    await work();
    for (let before = -1; before !== size(); await sleep(AFTERWARDS_MS)) before = size();
    rmSync(this.#path);
    const passed = size() === 0 ? [] : readFileSync(told, "utf8").trimEnd().split("\n");
    rmSync(told, { force: true });
    return pointsIn(passed.map((at) => this.#named(at)));
  }

  /** Does the work with a vireod that dies at a point. @returns whether it did; it does not run then */
  async dieAt(point: Point, work: () => Promise<unknown>): Promise<boolean> {
    this.breakAt(point, "kill");
    const told = `${this.#path}.at`;
    const done = await work().then(
      () => true,
      () => false,
    );
    // the last points may come after the answer
    const end = performance.now() + (done ? LATE_MS : 0);
    while (!existsSync(told) && performance.now() < end) await sleep(LOOK_MS);
    const died = existsSync(told);
    this.mend();
    rmSync(told, { force: true });
    if (died) await this.vireod.end("SIGKILL");
    return died;
  }

  /** Has a point throw this error's code from now on, until `mend`. */
  breakAt({ at, nth }: Point, code: string): void {
    const [root, directory] = this.#places;
    const place = at.replaceAll("ROOT", root).replaceAll("DIR", directory);
    writeFileSync(this.#path, `${code} ${nth} ${place}`);
  }

  mend(): void {
    rmSync(this.#path, { force: true });
  }

  /** A point without what only this fuse has: numbers are `#` in it, as the daemon tells it. */
  #named(at: string): string {
    const [root, directory] = this.#places;
    return at.replaceAll(root, "ROOT").replaceAll(directory, "DIR");
  }

  get #places(): readonly [string, string] {
    const plain = (path: string): string => path.replaceAll(/\d+/g, "#");
    return [plain(this.vireod.root), plain(this.#directory)];
  }
}

/** A vireod that can be made to die at a point of what it does, see daemon/host/fault-point.ts. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run, type RunResult } from "../harness/run.ts";
import { virsh } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";
import { GUEST, LAID_OUT, layOut } from "./crash-guest.ts";

/** Compiled code of the daemon, for a start costs half with it. */
const COMPILED = join(import.meta.dirname, "../../node_modules/.cache/vireod");

/** A point, and how often it is passed before it counts. */
export interface Point {
  readonly at: string;
  readonly nth: number;
}

const LINE = "@@@";
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

export class CrashStage {
  readonly directory = mkdtempSync(join(tmpdir(), "vireo-crash-"));
  readonly #fuse = join(this.directory, "fuse");
  readonly #vireod = new Vireod(undefined, [], {
    VIREO_FUSE: this.#fuse,
    NODE_COMPILE_CACHE: COMPILED,
  });

  async begin(): Promise<void> {
    layOut(this.directory);
    await this.#vireod.start();
    await this.clear();
    // what is asked of a QEMU only once is asked now
    await this.ask("define DIR/guest.xml", `start ${GUEST}`, `destroy ${GUEST}`);
    if (existsSync(COMPILED)) return;
    await this.#vireod.httpUrl(); // what it loads later is to be among its compiled code,
    await this.#vireod.end().catch(() => undefined); // which it keeps when it ends by itself
    await this.#vireod.start();
  }

  get root(): string {
    return this.#vireod.root;
  }

  /** What the daemon has said since its start. */
  get log(): string {
    return this.#vireod.log.join("\n");
  }

  /** QEMU processes of this stage. */
  get processes(): number {
    return this.#vireod.guestPids().length;
  }

  /** Runs commands in one virsh; `DIR` is the stage's directory. @throws Error with its words */
  async ask(...lines: readonly string[]): Promise<readonly string[]> {
    if (lines.length === 0) return [];
    const { status, stdout, stderr, answers } = await this.try(...lines);
    if (status !== 0) throw new Error(`virsh '${lines.join("; ")}': ${stderr}${stdout}`);
    return answers;
  }

  /** The commands after one that fails are not run. */
  async try(
    ...lines: readonly string[]
  ): Promise<RunResult & { readonly answers: readonly string[] }> {
    const words = lines.join(`; echo ${LINE}; `).replaceAll("DIR", this.directory);
    const done = await virsh(this.#vireod.uri, ["-q", words]);
    return { ...done, answers: done.stdout.split(LINE).map((answer) => answer.trim()) };
  }

  /** The points that the work passes. */
  async record(work: readonly string[]): Promise<readonly Point[]> {
    const told = `${this.#fuse}.passed`;
    const size = (): number => (existsSync(told) ? readFileSync(told).length : 0);
    writeFileSync(this.#fuse, "record");
    await this.ask(...work);
    for (let before = -1; before !== size(); await sleep(AFTERWARDS_MS)) before = size();
    rmSync(this.#fuse);
    const passed = size() === 0 ? [] : readFileSync(told, "utf8").trimEnd().split("\n");
    rmSync(told, { force: true });
    return pointsIn(passed.map((at) => this.#named(at)));
  }

  /** A point without what only this stage has: numbers are `#` in it, as the daemon tells it. */
  #named(at: string): string {
    const [root, directory] = this.#places;
    return at.replaceAll(root, "ROOT").replaceAll(directory, "DIR");
  }

  #unnamed({ at, nth }: Point): string {
    const [root, directory] = this.#places;
    return `${nth} ${at.replaceAll("ROOT", root).replaceAll("DIR", directory)}`;
  }

  get #places(): readonly [string, string] {
    const plain = (path: string): string => path.replaceAll(/\d+/g, "#");
    return [plain(this.root), plain(this.directory)];
  }

  /** Does the work with a vireod that dies at a point. @returns whether it did; it does not run then */
  async dieAt(point: Point, work: readonly string[]): Promise<boolean> {
    writeFileSync(this.#fuse, `kill ${this.#unnamed(point)}`);
    const told = `${this.#fuse}.at`;
    const done = await this.try(...work);
    // the last points may come after the answer
    const end = performance.now() + (done.status === 0 ? LATE_MS : 0);
    while (!existsSync(told) && performance.now() < end) await sleep(LOOK_MS);
    const died = existsSync(told);
    rmSync(this.#fuse);
    rmSync(told, { force: true });
    if (died) await this.#vireod.end("SIGKILL");
    return died;
  }

  start(): Promise<number> {
    return this.#vireod.start();
  }

  /** Has a point throw this error's code from now on, until `mend`. */
  breakAt(point: Point, code: string): void {
    writeFileSync(this.#fuse, `${code} ${this.#unnamed(point)}`);
  }

  mend(): void {
    rmSync(this.#fuse);
  }

  /** Back to no guest and an empty disk. @throws Error when the guest is not off */
  async clear(): Promise<void> {
    if (existsSync(join(this.root, `etc/qemu/${GUEST}.xml`)))
      await this.ask(
        `undefine ${GUEST} --managed-save --snapshots-metadata --checkpoints-metadata`,
      );
    for (const name of this.files()) rmSync(join(this.directory, name));
    const image = join(this.directory, "base.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", image, "4M"]);
  }

  /** Files in the directory that the daemon has made, and the disk. */
  files(): readonly string[] {
    return readdirSync(this.directory).filter((name) => !LAID_OUT.test(name));
  }

  /** Operations that are not over, to the daemon's mind. */
  journal(): readonly string[] {
    const names = readdirSync(join(this.root, "lib/qemu/journal"));
    return names.filter((name) => name.endsWith(".json"));
  }

  async cleanUp(): Promise<void> {
    await this.#vireod.cleanUp();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

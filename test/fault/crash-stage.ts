/** A vireod that can be made to die at a point of what it does, see daemon/host/fault-point.ts. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, type RunResult } from "../harness/run.ts";
import { virsh } from "../harness/virsh.ts";
import { Fuse, type Point } from "./fuse.ts";
import { GUEST, LAID_OUT, layOut } from "./crash-guest.ts";

const LINE = "@@@";

export class CrashStage {
  readonly directory = mkdtempSync(join(tmpdir(), "vireo-crash-"));
  readonly #fuse = new Fuse(this.directory);
  readonly #vireod = this.#fuse.vireod;

  async begin(): Promise<void> {
    layOut(this.directory);
    await this.#vireod.start();
    await this.clear();
    // what is asked of a QEMU only once is asked now
    await this.ask("define DIR/guest.xml", `start ${GUEST}`, `destroy ${GUEST}`);
    await this.#fuse.warm();
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
  record(work: readonly string[]): Promise<readonly Point[]> {
    return this.#fuse.record(() => this.ask(...work));
  }

  /** Does the work with a vireod that dies at a point. @returns whether it did; it does not run then */
  dieAt(point: Point, work: readonly string[]): Promise<boolean> {
    return this.#fuse.dieAt(point, () => this.ask(...work));
  }

  start(): Promise<number> {
    return this.#vireod.start();
  }

  /** Has a point throw this error's code from now on, until `mend`. */
  breakAt(point: Point, code: string): void {
    this.#fuse.breakAt(point, code);
  }

  mend(): void {
    this.#fuse.mend();
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

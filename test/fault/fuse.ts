/** A vireod that dies as by kill -9 at the N-th point of a work, see daemon/host/fault-point.ts. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { virsh } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";

const UNREACHABLE = 1_000_000;

export class Fuse {
  readonly vireod: Vireod;
  readonly #path: string;

  /** @param directory where the fuse lies */
  constructor(directory: string) {
    this.#path = join(directory, "fuse");
    this.vireod = new Vireod(undefined, [], { VIREO_FUSE: this.#path });
  }

  /** How many points the work passes. */
  async count(work: () => Promise<unknown>): Promise<number> {
    writeFileSync(this.#path, String(UNREACHABLE));
    await work();
    const left = Number(readFileSync(this.#path, "utf8"));
    rmSync(this.#path);
    return UNREACHABLE - left;
  }

  /**
   * Does the work with a vireod that dies at its N-th point, and starts it again.
   * @returns where it died; undefined when it did not
   */
  async dieAt(point: number, work: () => Promise<unknown>): Promise<string | undefined> {
    writeFileSync(this.#path, String(point));
    await work().catch(() => undefined);
    rmSync(this.#path, { force: true });
    const told = `${this.#path}.at`;
    // the last points may come after the answer
    const { status } = await virsh(this.vireod.uri, ["version"]);
    if (status === 0 && !existsSync(told)) return undefined;
    const where = readFileSync(told, "utf8").replace(this.vireod.root, "");
    rmSync(told);
    await this.vireod.end("SIGKILL");
    await this.vireod.start();
    return where;
  }
}

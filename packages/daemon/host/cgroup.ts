/**
 * The control groups of one domain: made when something in them is to be set, gone with the domain.
 * A domain has one group for each controller, and below it one for each kind of thread.
 */
import { mkdir, readdir, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { virError } from "@vireo/model/error";
import { enabling, type CgroupHost, type CgroupMount, type Controller } from "./cgroup-host.ts";
import { hasCode, hostError } from "./errno.ts";
import { readTextIfThere } from "./file.ts";

/** How libvirt calls a controller when it is missing. */
const MISSING: Readonly<Record<Controller, string>> = {
  cpu: "cgroup CPU controller is not mounted",
  memory: "cgroup memory controller is not mounted",
  blkio: "blkio cgroup isn't mounted",
  cpuset: "cgroup cpuset controller is not mounted",
};

export interface CgroupPlace {
  /** Absolute, such as `/machine`. */
  readonly partition: string;
  readonly name: string;
  /** The process whose group it is. */
  readonly pid: number;
}

/** A group below the domain's own, for some of its threads. */
export interface ThreadGroup {
  readonly name: string;
  readonly tids: readonly number[];
}

async function write(path: string, value: string): Promise<void> {
  try {
    await writeFile(path, value);
  } catch (error) {
    throw hostError(`Unable to write to '${path}'`, error);
  }
}

export class Cgroup {
  readonly #host: CgroupHost;
  readonly #place: CgroupPlace;

  constructor(host: CgroupHost, place: CgroupPlace) {
    this.#host = host;
    this.#place = place;
  }

  /** @throws VireoError `operationInvalid` when the host has no such controller */
  mount(controller: Controller): CgroupMount {
    const mount = this.#host.mounts[controller];
    if (mount === undefined) throw virError("operationInvalid", MISSING[controller]);
    return mount;
  }

  version(controller: Controller): 1 | 2 {
    return this.mount(controller).version;
  }

  #path(controller: Controller): string {
    const { partition, name } = this.#place;
    return join(this.mount(controller).path, partition, name);
  }

  /** What a file of the group says, `undefined` when there is no group or no such file. */
  async read(controller: Controller, file: string, group = ""): Promise<string | undefined> {
    return readTextIfThere(join(this.#path(controller), group, file)).catch(() => undefined);
  }

  /** Sets a value for all of the domain. @throws VireoError `operationInvalid`, `systemError` */
  async set(controller: Controller, file: string, value: string): Promise<void> {
    const path = await this.#made(controller);
    await write(join(path, file), value);
  }

  /** Sets a value for some threads; more may be named later. */
  async setThreads(
    controller: Controller,
    { name, tids }: ThreadGroup,
    [file, value]: readonly [string, string],
  ): Promise<void> {
    const path = join(await this.#made(controller), name);
    await this.#makeThreadGroup(controller, path);
    await write(join(path, file), value);
    for (const tid of tids) await this.#join(controller, path, tid);
  }

  /** Moves the process into its group, which is made if need be. */
  async enter(controller: Controller): Promise<void> {
    await this.#made(controller);
  }

  /** Removes every group; those that somebody else uses stay. */
  async remove(): Promise<void> {
    for (const controller of ["cpu", "memory", "blkio", "cpuset"] as const)
      if (this.#host.mounts[controller] !== undefined) await removeTree(this.#path(controller));
  }

  async #made(controller: Controller): Promise<string> {
    const path = this.#path(controller);
    if (await exists(path)) return path;
    try {
      await mkdir(path, { recursive: true });
    } catch (error) {
      throw hostError(`Unable to create cgroup '${path}'`, error);
    }
    await this.#prepare(controller, path);
    await write(join(path, "cgroup.procs"), String(this.#place.pid));
    return path;
  }

  /** What the groups above must give before processes can be in this one. */
  async #prepare(controller: Controller, path: string): Promise<void> {
    const { path: top, version } = this.mount(controller);
    const above: string[] = [];
    for (let at = dirname(path); at.length >= top.length; at = dirname(at)) above.unshift(at);
    if (version === 2)
      for (const at of above) await write(join(at, "cgroup.subtree_control"), enabling(controller));
    else if (controller === "cpuset")
      for (const at of [...above.slice(1), path]) await inheritCpuset(at);
  }

  async #makeThreadGroup(controller: Controller, path: string): Promise<void> {
    if (await exists(path)) return;
    await mkdir(path);
    if (this.version(controller) === 2) {
      await write(join(path, "cgroup.type"), "threaded");
      await write(join(dirname(path), "cgroup.subtree_control"), enabling(controller));
    } else if (controller === "cpuset") await inheritCpuset(path);
  }

  async #join(controller: Controller, path: string, tid: number): Promise<void> {
    const file = this.version(controller) === 2 ? "cgroup.threads" : "tasks";
    await write(join(path, file), String(tid)).catch((error: unknown) => {
      if (error instanceof Error && hasCode(error.cause, "ESRCH")) return; // the thread has ended
      throw error;
    });
  }
}

const exists = async (path: string): Promise<boolean> =>
  readdir(path).then(
    () => true,
    () => false,
  );

/** A new group of the old kind has no processors and no memory until it is told. */
async function inheritCpuset(path: string): Promise<void> {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const own = (await readTextIfThere(join(path, file)))?.trim() ?? "";
    const above = (await readTextIfThere(join(dirname(path), file)))?.trim() ?? "";
    if (own === "" && above !== "") await write(join(path, file), above);
  }
}

const REMOVE_TRIES = 25;
const REMOVE_PAUSE_MS = 20;

async function removeTree(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(path, entry.name));
  for (let tries = REMOVE_TRIES; tries > 0; tries -= 1)
    try {
      return await rmdir(path);
    } catch (error) {
      if (!hasCode(error, "EBUSY")) return; // not there
      await sleep(REMOVE_PAUSE_MS); // a process that has ended is counted until it is collected
    }
}

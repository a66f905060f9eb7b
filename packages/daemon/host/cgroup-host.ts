/** Which control groups the host has, old (v1) and new (v2), found by its mounts. */
import { join } from "node:path";
import { readTextIfThere } from "./file.ts";

export const CONTROLLERS = ["cpu", "memory", "blkio", "cpuset"] as const;
export type Controller = (typeof CONTROLLERS)[number];

export interface CgroupMount {
  readonly version: 1 | 2;
  /** Where the controller's tree begins. */
  readonly path: string;
}

export interface CgroupHost {
  readonly mounts: Readonly<Partial<Record<Controller, CgroupMount>>>;
  /** Where /proc and /dev are; a test has its own. */
  readonly root: string;
}

/** The second version has another name for it. */
const UNIFIED: Readonly<Record<Controller, string>> = {
  cpu: "cpu",
  memory: "memory",
  blkio: "io",
  cpuset: "cpuset",
};

const unescaped = (path: string): string =>
  path.replaceAll(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));

/** `root` holds proc and whatever the mounts name; a controller that is nowhere is left out. */
export async function findCgroups(root = "/"): Promise<CgroupHost> {
  const text = (await readTextIfThere(join(root, "proc/self/mounts"))) ?? "";
  const mounts: Partial<Record<Controller, CgroupMount>> = {};
  for (const line of text.split("\n")) {
    const [, at = "", type, options = ""] = line.split(" ");
    const path = join(root, unescaped(at));
    const found = type === "cgroup2" ? await unified(path) : type === "cgroup" ? old(options) : [];
    // a controller belongs to one version at a time
    for (const one of found) mounts[one] ??= { version: type === "cgroup2" ? 2 : 1, path };
  }
  return { mounts, root };
}

const old = (options: string): readonly Controller[] => {
  const named = new Set(options.split(","));
  return CONTROLLERS.filter((one) => named.has(one));
};

async function unified(path: string): Promise<readonly Controller[]> {
  const text = (await readTextIfThere(join(path, "cgroup.controllers"))) ?? "";
  const offered = new Set(text.trim().split(/\s+/));
  return CONTROLLERS.filter((one) => offered.has(UNIFIED[one]));
}

/** What `cgroup.subtree_control` is told so that groups below have the controller. */
export const enabling = (controller: Controller): string => `+${UNIFIED[controller]}`;

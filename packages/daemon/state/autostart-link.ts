/** Marks of what starts with the daemon: links to definitions, as libvirt has them. */
import { lstat, readlink, stat, symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, hostError } from "../host/errno.ts";
import { faultPoint } from "../host/fault-point.ts";
import { listDirectory, removeIfThere } from "../host/file.ts";

/** @throws VireoError `systemError` */
export async function isMarked(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return false;
    throw hostError(`Cannot look at '${path}'`, error);
  }
}

/** @throws VireoError `systemError` */
export async function mark(path: string, target: string): Promise<void> {
  try {
    if ((await readlink(path).catch(() => undefined)) === target) return;
    await unlink(path).catch(() => undefined); // there need not be one
    faultPoint(`before linking ${path}`);
    await symlink(target, path);
    faultPoint(`after linking ${path}`);
  } catch (error) {
    throw hostError(`Failed to create symlink '${path}'`, error);
  }
}

/** Marks of definitions that are no more: a crash can come between the two. */
export async function removeDangling(directory: string): Promise<void> {
  for (const name of await listDirectory(directory)) {
    const path = join(directory, name);
    const isGone = await stat(path).then(
      () => false,
      (error: unknown) => hasCode(error, "ENOENT"),
    );
    if (isGone) await removeIfThere(path);
  }
}

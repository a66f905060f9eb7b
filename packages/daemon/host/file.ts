/** Files that are either whole or as they were before. */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, mkdir, open, readdir, rename, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hasCode, hostError } from "./errno.ts";
import { faultPoint } from "./fault-point.ts";

/** Enough for any definition, status or /proc file. */
export const READ_LIMIT = 16 * 1024 * 1024;

/** Folder, beside a kept file, that holds its previous revision under the same name. */
const PREVIOUS = ".prev";
const TEMPORARY = ".tmp-";

export interface WriteOptions {
  /** Permission bits; 0600 when absent. */
  readonly mode?: number;
  /** Keep what the file held before, see `previousOf`; of a new file a copy. */
  readonly keepPrevious?: boolean;
  /**
   * Survive a power cut: sync data and directory. Off only for what means nothing after a reboot.
   */
  readonly durable?: boolean;
}

/** Where `writeFileAtomically` keeps the revision before the present one. */
export const previousOf = (path: string): string => join(dirname(path), PREVIOUS, basename(path));

/**
 * Replaces a file in one step: whoever reads it, or whatever crashes, sees the old text or the new.
 * @throws VireoError `systemError`
 */
export async function writeFileAtomically(
  path: string,
  text: string,
  { mode = 0o600, keepPrevious = false, durable = true }: WriteOptions = {},
): Promise<void> {
  const temporary = join(dirname(path), `${TEMPORARY}${randomBytes(8).toString("hex")}`);
  try {
    faultPoint(`before writing ${path}`);
    await writeNew(temporary, text, { mode, durable });
    if (durable) faultPoint(`syncing ${path}`);
    const isFirst = keepPrevious && !(await keep(path));
    faultPoint(`before renaming to ${path}`);
    await rename(temporary, path);
    faultPoint(`after writing ${path}`);
    if (isFirst) await writeSecond(path, text, { mode, durable });
    if (durable) await syncDirectory(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw hostError(`Cannot write file '${path}'`, error);
  }
}

async function writeNew(
  path: string,
  text: string,
  { mode, durable }: { mode: number; durable: boolean },
): Promise<void> {
  await using file: FileHandle = await open(path, "wx", mode);
  await file.writeFile(text);
  if (durable) await file.sync();
}

/**
 * A first revision has none before it: it gets a copy in that one's place, so that a damaged file comes back.
 * Where it cannot be written, the file itself is there all the same.
 */
async function writeSecond(
  path: string,
  text: string,
  how: { mode: number; durable: boolean },
): Promise<void> {
  const previous = previousOf(path);
  const temporary = join(dirname(previous), `${TEMPORARY}${randomBytes(8).toString("hex")}`);
  try {
    await mkdir(dirname(previous), { recursive: true, mode: 0o700 });
    await writeNew(temporary, text, how);
    await rename(temporary, previous);
  } catch {
    await unlink(temporary).catch(() => undefined);
  }
}

/**
 * Gives the present revision a second name, without a moment at which neither name exists.
 * @returns whether there is one
 */
async function keep(path: string): Promise<boolean> {
  const previous = previousOf(path);
  const temporary = join(dirname(previous), `${TEMPORARY}${randomBytes(8).toString("hex")}`);
  try {
    await linkInto(path, temporary);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
  await rename(temporary, previous);
  // rename does nothing when both names are already the same file
  await unlink(temporary).catch(() => undefined);
  return true;
}

/**
 * Gives a file another name, in a folder that is made when there is none.
 * @throws Error of Node: `ENOENT` without the file, `EEXIST` when the name is taken
 */
export async function linkInto(path: string, target: string): Promise<void> {
  try {
    await link(path, target);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await link(path, target);
  }
}

/** Names in it survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await directory.sync();
}

/**
 * Removes a kept file and its previous revision. The previous one goes first: a crash in between
 * leaves the file as it was, never an old revision that would come back to life.
 * @throws VireoError `systemError`
 */
export async function removeKept(path: string, { durable = true } = {}): Promise<void> {
  await removeIfThere(previousOf(path));
  await removeIfThere(path);
  if (durable) await syncDirectory(dirname(path));
}

/** @throws VireoError `systemError` */
export async function removeIfThere(path: string): Promise<void> {
  try {
    faultPoint(`before removing ${path}`);
    await unlink(path);
    faultPoint(`after removing ${path}`);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw hostError(`Cannot remove file '${path}'`, error);
  }
}

/**
 * The whole text of a file.
 * @throws VireoError `systemError`, also when the file is larger than `limit` bytes
 */
export async function readText(path: string, limit = READ_LIMIT): Promise<string> {
  try {
    await using file = await open(path);
    return (await readAtMost(file, limit)).toString("utf8");
  } catch (error) {
    throw hostError(`Cannot read file '${path}'`, error);
  }
}

/** Like `readText`, `undefined` when there is no such file. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof Error && hasCode(error.cause, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/** Reads in pieces: files under /proc do not tell their size. */
async function readAtMost(file: FileHandle, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(16_384));
    if (bytesRead === 0) return Buffer.concat(pieces, size);
    size += bytesRead;
    if (size > limit) throw new RangeError(`larger than ${limit} bytes`);
    pieces.push(buffer.subarray(0, bytesRead));
  }
}

/** Names in a directory, sorted; none when it does not exist. */
export async function listDirectory(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).filter((name) => !name.startsWith(TEMPORARY)).toSorted();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw hostError(`Cannot list directory '${path}'`, error);
  }
}

/** @returns whether there was such a file @throws VireoError `systemError` */
export async function renameIfThere(path: string, target: string): Promise<boolean> {
  try {
    faultPoint(`before renaming ${path}`);
    await rename(path, target);
    faultPoint(`after renaming ${path}`);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw hostError(`Cannot rename file '${path}'`, error);
  }
}

/** Removes what a crash in the middle of a write left in a directory, and below; only while nobody else writes. */
export async function removeLeftovers(path: string, { below = true } = {}): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  await Promise.all(
    entries.map(async (entry) => {
      const inside = join(path, entry.name);
      if (entry.isDirectory() && below) return removeLeftovers(inside);
      if (entry.isFile() && entry.name.startsWith(TEMPORARY)) return removeIfThere(inside);
    }),
  );
}

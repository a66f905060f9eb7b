/** A lock on a file that ends with the process, however it ends. */
import { closeSync, openSync } from "node:fs";
import { errnoError, hostError } from "./errno.ts";
import { tryCall } from "./sys.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;
const EAGAIN = 11;

export interface FileLock {
  readonly release: () => void;
}

/**
 * Takes the exclusive lock of `path` (made if missing) without waiting; `undefined` when somebody
 * else has it.
 * @throws VireoError `systemError`
 */
export function lockFile(path: string): FileLock | undefined {
  const fd = opened(path);
  const locked = tryCall("flock", fd, LOCK_EX | LOCK_NB);
  if (locked.ok) return { release: () => closeSync(fd) };
  closeSync(fd);
  if (locked.errno === EAGAIN) return undefined;
  throw errnoError(`Cannot lock file '${path}'`, locked.errno);
}

function opened(path: string): number {
  try {
    return openSync(path, "a", 0o600);
  } catch (error) {
    throw hostError(`Cannot open lock file '${path}'`, error);
  }
}

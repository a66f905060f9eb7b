/** The host's page cache: what is read once and long is not to push out what others need. */
import { execProgram } from "./exec.ts";

const FORGET_MS = 600_000;

/** Writes what is left of a file to the disk, and drops its pages. @throws VireoError */
export const forgetWritten = async (path: string): Promise<void> => {
  const how = ["oflag=nocache", "conv=notrunc,fdatasync", "count=0", "if=/dev/null"];
  await execProgram("dd", [`of=${path}`, ...how], { timeoutMs: FORGET_MS });
};

/** Drops the pages of a file that was read. @throws VireoError */
export const forgetRead = async (path: string): Promise<void> => {
  const how = ["iflag=nocache", "count=0", "of=/dev/null"];
  await execProgram("dd", [`if=${path}`, ...how], { timeoutMs: FORGET_MS });
};

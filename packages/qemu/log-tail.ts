/** The end of a log file, for error messages. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const BYTES = 4096;
const LINES = 8;
/** Lines of our own and of the kernel's signal note, which explain nothing. */
const NOISE = /^\d{4}-\d\d-\d\d[T ]\S*: |terminating on signal|^LC_ALL=|^\s*$/;
/** Words of the command line we noted, one per line, each but the last continued. */
const CONTINUED = / \\$/;

function tail(path: string): string {
  const fd = openSync(path, "r");
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(BYTES, size));
    const read = readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8", 0, read);
  } finally {
    closeSync(fd);
  }
}

/** The last lines that mean something, at most eight; empty when there are none or no file. */
export function lastLines(path: string): string {
  try {
    const all = tail(path).split("\n");
    const command = all.findLastIndex((line) => CONTINUED.test(line));
    const lines = all.slice(command < 0 ? 0 : command + 2).filter((line) => !NOISE.test(line));
    return lines.slice(-LINES).join("\n");
  } catch {
    return ""; // no log, no words
  }
}

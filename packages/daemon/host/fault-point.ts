/**
 * Points at which a test has the daemon die as by kill -9, or has the host refuse what it is asked. Inert unless
 * VIREO_FUSE names a file, which holds an order; without the file nothing happens, so a test chooses from when on.
 *
 *     record               each point that is passed is added to FUSE.passed
 *     kill NTH POINT       the process kills itself when it passes the point for the N-th time, and tells FUSE.at
 *     ENOSPC NTH POINT     the point throws an error with this code, as do all later passes
 *
 * Numbers and UUIDs in the names of points change from run to run: they are written as `#` and `UUID`.
 */
import { constants } from "node:os";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";

const fuse = process.env["VIREO_FUSE"];

const UUID = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g;

const ordered = { text: "", passed: 0 };

/** @param what is about to happen, or has happened @throws Error with a code, when that was ordered */
export function faultPoint(what: string): void {
  if (fuse === undefined) return;
  const text = orderIn(fuse);
  if (text === undefined) return;
  const point = what.replaceAll(UUID, "UUID").replaceAll(/\d+/g, "#");
  if (text === "record") return appendFileSync(`${fuse}.passed`, `${point}\n`);
  if (ordered.text !== text) Object.assign(ordered, { text, passed: 0 });
  const [, act = "", nth = "", at = ""] = /^(\w+) (\d+) ([^]+)$/.exec(text) ?? [];
  if (at !== point || ++ordered.passed < Number(nth)) return;
  if (act !== "kill") throw ordinaryError(act);
  writeFileSync(`${fuse}.at`, point);
  process.kill(process.pid, "SIGKILL");
}

/** As the kernel's refusals come from node:fs. */
function ordinaryError(code: string): Error {
  const number = Object.entries(constants.errno).find(([name]) => name === code)?.[1] ?? 0;
  return Object.assign(new Error(`${code}: ordered by a test`), { code, errno: -number });
}

function orderIn(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

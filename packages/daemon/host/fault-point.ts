/**
 * Points at which a test may have the daemon die as by kill -9. Inert unless VIREO_FUSE names a file; the file then
 * holds how many points are left to pass, and each point takes one off. At the last one the process kills itself.
 * Without the file nothing is counted, so a test can choose from when on.
 */
import { readFileSync, writeFileSync } from "node:fs";

const fuse = process.env["VIREO_FUSE"];

/** @param what told in `FUSE.at` when it is here that the daemon dies */
export function faultPoint(what: string): void {
  if (fuse === undefined) return;
  const left = pointsLeft(fuse);
  if (left === undefined) return;
  writeFileSync(fuse, String(left - 1));
  if (left > 1) return;
  writeFileSync(`${fuse}.at`, what);
  process.kill(process.pid, "SIGKILL");
}

function pointsLeft(path: string): number | undefined {
  try {
    const left = Number(readFileSync(path, "utf8"));
    return left >= 1 ? left : undefined;
  } catch {
    return undefined;
  }
}

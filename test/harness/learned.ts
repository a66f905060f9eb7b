/** What earlier daemons learned of this host's QEMU and KVM; finding it out costs seconds of processor time. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";

const KEPT = join(import.meta.dirname, "../../.cache/capabilities");

function copyAll(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from).filter((one) => one.endsWith(".json"))) {
    const temporary = join(to, `${name}.${process.pid}`); // others read here at any time
    copyFileSync(join(from, name), temporary);
    renameSync(temporary, join(to, name));
  }
}

const inRoot = (root: string): string => join(root, "cache/qemu/capabilities");

/** A new daemon begins with it; it believes what still holds and finds the rest out. */
export function giveLearned(root: string): void {
  if (!existsSync(inRoot(root))) copyAll(KEPT, inRoot(root));
}

/** For those that come after. */
export const keepLearned = (root: string): void => copyAll(inRoot(root), KEPT);

/** Looks at this machine's processes. */
import { readFileSync, readdirSync } from "node:fs";

/** The arguments of a process; empty when it is gone or a zombie. */
export function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/** Processes whose program's name contains `program` and whose arguments contain `text`. */
export function processesOf(text: string, program: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const [binary = "", ...args] = argumentsOf(pid);
      return binary.includes(program) && args.some((argument) => argument.includes(text));
    });
}

/** Whether a process with this id exists and is no zombie. */
export const isAlive = (pid: number): boolean => argumentsOf(pid).length > 0;

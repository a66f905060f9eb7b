/** Which processes have a file open, whoever started them. */
import { readdirSync, readlinkSync, realpathSync } from "node:fs";

const isNumber = (name: string): boolean => /^\d+$/.test(name);

/** Only names are read, so that no file system that hangs can hold us. */
function opens(pid: string, path: string): boolean {
  const directory = `/proc/${pid}/fd`;
  try {
    return readdirSync(directory).some((fd) => readlinkSync(`${directory}/${fd}`) === path);
  } catch {
    return false; // ended, or not ours to look at
  }
}

/** Their pids. */
export function holdersOf(path: string): readonly number[] {
  try {
    const real = realpathSync(path);
    const all = readdirSync("/proc").filter(isNumber);
    return all.filter((pid) => opens(pid, real)).map(Number);
  } catch {
    return [];
  }
}

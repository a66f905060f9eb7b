/** What a test file leaves behind: processes, mounts and files that name the temporary directory it was given. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";

const textOf = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has ended, or is somebody else's
  }
};

/** Processes that were given the directory, by an argument or by their environment, or began in it. */
function processesIn(
  directory: string,
): readonly { readonly pid: number; readonly name: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const words = textOf(`/proc/${pid}/cmdline`);
      if (!words.includes(directory) && !textOf(`/proc/${pid}/environ`).includes(directory))
        return [];
      return [{ pid: Number(pid), name: words.replaceAll("\0", " ").slice(0, 100) }];
    });
}

/** Mount points below the directory, the innermost first. */
const mountsIn = (directory: string): readonly string[] =>
  textOf("/proc/self/mountinfo")
    .split("\n")
    .flatMap((line) => line.split(" ")[4] ?? [])
    .filter((place) => place.startsWith(`${directory}/`))
    .toReversed();

/**
 * Ends and removes it all, the directory as well.
 * @returns what there was, in words
 */
export function clearLeftBehind(directory: string): readonly string[] {
  const running = processesIn(directory);
  for (const { pid } of running)
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // ended meanwhile
    }
  const mounts = mountsIn(directory);
  for (const place of mounts) spawnSync("umount", ["--lazy", place], { timeout: 10_000 });
  const files = readdirSync(directory);
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  return [
    ...running.map(({ pid, name }) => `process ${pid}: ${name}`),
    ...mounts.map((place) => `mount ${place}`),
    ...files.map((name) => `file ${name}`),
  ];
}

/** The log file of a domain: how each QEMU was started, and what it said. */
import { appendFile, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, hostError } from "../../host/errno.ts";
import type { Paths } from "../../host/paths.ts";

/** Where the log file of a domain lies. */
export const logPathOf = ({ qemuLog }: Pick<Paths, "qemuLog">, name: string): string =>
  join(qemuLog, `${name}.log`);

/** In a form that a shell would take. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

const stamp = (): string => new Date().toISOString();

export async function noteInLog(path: string, line: string): Promise<void> {
  try {
    await appendFile(path, `${stamp()}: ${line}\n`, { mode: 0o600 });
  } catch (error) {
    throw hostError(`Cannot write log file '${path}'`, error);
  }
}

/**
 * Notes how QEMU is started; secrets are not in it, they travel encrypted. Returns where in the
 * file QEMU's own words will begin.
 */
export async function noteCommand(
  path: string,
  { binary, argv }: { binary: string; argv: readonly string[] },
): Promise<number> {
  await noteInLog(path, `starting up\n${[binary, ...argv].map(quoted).join(" \\\n")}`);
  return (await stat(path)).size;
}

const WORDS_LIMIT = 4096;
/** What QEMU says when nothing is wrong. */
const CHATTER = /^char device redirected to |^\s*$/;

/** QEMU's words from `offset` on, at most the last 4 KiB; empty when it said nothing. */
export async function wordsSince(path: string, offset: number): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const start = Math.max(offset, size - WORDS_LIMIT);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    await file.read(buffer, 0, buffer.length, start);
    const lines = buffer.toString("utf8").split("\n");
    return lines.filter((line) => !CHATTER.test(line)).join("\n");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw hostError(`Cannot read log file '${path}'`, error);
  }
}

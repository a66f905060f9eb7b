/** The log file of a domain: how each QEMU was started, and what it said. */
import { appendFile } from "node:fs/promises";
import { hostError } from "../../host/errno.ts";

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

/** Secrets are not in it: they travel encrypted. */
export async function noteCommand(
  path: string,
  { binary, argv }: { binary: string; argv: readonly string[] },
): Promise<void> {
  await noteInLog(path, `starting up\n${[binary, ...argv].map(quoted).join(" \\\n")}`);
}

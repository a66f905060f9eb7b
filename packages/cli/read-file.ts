import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { CommandError } from "./answer.ts";

/** Longest file that is read as a description. */
const maxBytes = 10 * 1024 * 1024;

/** The text of a file the user named; `-` is no special name, /dev/stdin works. */
export async function readDescription(path: string): Promise<string> {
  let text: string;
  try {
    // opened by its name it fails where standard input is a socket
    text = await (path === "/dev/stdin" ? textOf(process.stdin) : readFile(path, "utf8"));
  } catch (error) {
    throw new CommandError(`Failed to open file '${path}': ${systemReason(error)}`);
  }
  if (text.length > maxBytes)
    throw new CommandError(`Failed to read file '${path}': it is larger than ${maxBytes} bytes`);
  return text;
}

const reasons: { readonly [code: string]: string } = {
  ENOENT: "No such file or directory",
  EACCES: "Permission denied",
  EISDIR: "Is a directory",
  ENOTDIR: "Not a directory",
};

/** The system's words for an error, as C programs print them. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return reasons[code] ?? error.message;
}

/**
 * QEMU locks the images that it opens, for every process of the host and whatever daemon it belongs
 * to. Who has the lock it does not say: that is looked up here.
 */
import { isError, virError } from "@vireo/model/error";
import { holdersOf } from "../../host/file-holder.ts";
import { commandLineOf } from "../../host/process.ts";

const REFUSED = /Failed to get (?:shared )?"[^"]*" lock/;
const IMAGE = /Is another process using the image \[(.*)\]\?/;

/** The domain that a QEMU runs, by its command line. */
export function guestNameOf(words: readonly string[]): string | undefined {
  const name = /^guest=((?:[^,]|,,)*)/.exec(words[words.indexOf("-name") + 1] ?? "")?.[1];
  return name?.replaceAll(",,", ",");
}

async function described(pid: number): Promise<string> {
  const words = await commandLineOf(pid);
  const guest = guestNameOf(words);
  return guest === undefined
    ? `process ${pid} (${words[0] ?? "?"})`
    : `domain '${guest}' (process ${pid})`;
}

/** Who has it open; nothing when nobody of this host has, for then it is somebody elsewhere. */
async function holders(path: string): Promise<string | undefined> {
  const found = await Promise.all(holdersOf(path).map(described));
  return found.length === 0 ? undefined : found.join(", ");
}

/** QEMU's words, and who it is that it cannot get past. */
export async function namingHolder(words: string, path = IMAGE.exec(words)?.[1]): Promise<string> {
  if (path === undefined || !REFUSED.test(words)) return words;
  const who = await holders(path);
  return who === undefined ? words : `${words}\nimage '${path}' is open in ${who}`;
}

/** The same of an error that QEMU gave when it was to open the image at `path`. */
export async function heldBy(error: unknown, path: string | undefined): Promise<unknown> {
  if (!isError(error) || !REFUSED.test(error.message)) return error;
  const words = await namingHolder(error.detail ?? error.message, path);
  return virError(error.kind, words, { cause: error });
}

/** Reading files that have a previous revision. */
import { previousOf, readTextIfThere } from "../host/file.ts";

export type KeptFile<T> =
  | { readonly from: "present" | "previous"; readonly value: T; readonly fault?: unknown }
  | { readonly from: "nowhere"; readonly fault: unknown };

/**
 * The newest revision of a file that `parse` accepts. A file that is simply not there answers
 * `undefined`: its previous revision alone does not bring it back.
 */
export async function readKept<T>(
  path: string,
  parse: (text: string) => T,
): Promise<KeptFile<T> | undefined> {
  const present = await attempt(path, parse);
  if (present === undefined) return undefined;
  if ("value" in present) return { from: "present", value: present.value };
  const previous = await attempt(previousOf(path), parse);
  const { fault } = present;
  return previous !== undefined && "value" in previous
    ? { from: "previous", value: previous.value, fault }
    : { from: "nowhere", fault };
}

/** `undefined` when there is no such file; a fault when it cannot be read or parsed. */
async function attempt<T>(
  path: string,
  parse: (text: string) => T,
): Promise<{ value: T } | { fault: unknown } | undefined> {
  try {
    const text = await readTextIfThere(path);
    return text === undefined ? undefined : { value: parse(text) };
  } catch (fault) {
    return { fault };
  }
}

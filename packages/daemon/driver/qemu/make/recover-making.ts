/** Takes back what an earlier daemon had made for a domain that did not come to be. */
import { isError } from "@vireo/model/error";
import type { JournalEntry } from "../../../state/job-journal.ts";
import type { Definitions } from "../definition.ts";
import { allReaders, reads } from "../snapshot/image-readers.ts";

const isNoted = (value: unknown): value is { readonly pool: string; readonly name: string } =>
  typeof value === "object" &&
  value !== null &&
  "pool" in value &&
  "name" in value &&
  typeof value.pool === "string" &&
  typeof value.name === "string";

/** Resolves to the volumes that were removed. A volume that a domain has by now stays. */
export async function recoverMaking(
  { env, list }: Definitions,
  note: JournalEntry["note"],
): Promise<readonly string[]> {
  const { volumeWork: work } = env;
  const noted = Array.isArray(note["volumes"]) ? note["volumes"].filter(isNoted) : [];
  if (work === undefined) return [];
  const readers = await allReaders({ env, list });
  const removed: string[] = [];
  for (const volume of noted.toReversed())
    try {
      const { path } = work.find(volume);
      if (readers.some((reader) => reads(reader, path))) continue;
      await work.remove(volume);
      removed.push(path);
    } catch (error) {
      if (!isError(error, "noStorageVol")) throw error; // it was never made
    }
  return removed;
}

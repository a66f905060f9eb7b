/**
 * Files of pools that are being made: they are written beside their place under a hidden name, which the
 * journal has, and appear whole. A daemon that dies meanwhile leaves nothing that its next start does not remove.
 */
import type { Logger } from "pino";
import { isError, VireoError } from "@vireo/model/error";
import type { JobJournal } from "../../state/job-journal.ts";
import { newUuid } from "../../state/new-uuid.ts";
import { unfinishedPath } from "./hidden-name.ts";
import { askHand } from "./storage-hand.ts";

export interface Unfinished {
  readonly journal: JobJournal;
  readonly log: Logger;
}

/** The same error, about the place that was asked for. */
const about = (error: unknown, hidden: string, path: string): unknown =>
  error instanceof VireoError && error.message.includes(hidden)
    ? new VireoError(error.kind, error.detail?.replaceAll(hidden, path), {
        message: error.message.replaceAll(hidden, path),
        int1: error.int1,
        int2: error.int2,
        cause: error.cause,
        ...(error.from === undefined ? {} : { from: error.from }),
      })
    : error;

/**
 * Does `work` on a hidden name beside `path`, which the file gets when it is whole; nothing is left when it fails.
 * @throws what `work` throws; VireoError `systemError` when there is a file at `path` meanwhile
 */
export async function appearWhole<T>(
  { journal }: Unfinished,
  { path, operation }: { readonly path: string; readonly operation: string },
  work: (hidden: string) => Promise<T>,
): Promise<T> {
  const uuid = newUuid();
  const hidden = unfinishedPath(path, uuid);
  return journal.during({ uuid, operation, note: { path: hidden, for: path } }, async () => {
    try {
      const done = await work(hidden);
      await askHand({ verb: "rename", path: hidden, target: path }, `cannot make '${path}'`);
      return done;
    } catch (error) {
      await askHand({ verb: "remove", path: hidden }, "").catch(() => undefined); // as far as it came
      throw about(error, hidden, path);
    }
  });
}

const ENOENT = 2;

/** Removes what earlier daemons had begun. What its storage does not let go of now is tried again at the next start. */
export async function removeUnfinished({ journal, log }: Unfinished): Promise<void> {
  for (const entry of await journal.load()) {
    const { path, for: wanted = path } = entry.note;
    if (typeof path === "string")
      try {
        await askHand({ verb: "remove", path }, `cannot remove '${path}'`);
        log.warn(
          { path: wanted, operation: entry.operation },
          "interrupted: what had come is removed",
        );
      } catch (error) {
        if (!isError(error, "systemError") || error.int1 !== ENOENT) {
          log.warn({ path, err: error }, "a file of an interrupted operation is still there");
          continue;
        }
      }
    await journal.remove(entry);
  }
}

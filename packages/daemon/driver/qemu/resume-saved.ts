/** Fills a QEMU that was just started with the state of a saved domain. */
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import { domainState } from "@vireo/model/state-reason";
import { removeIfThere } from "../../host/file.ts";
import { domainDirectory, shortNameOf } from "./command-context.ts";
import type { DomainView } from "./domain-view.ts";
import type { QemuEnvironment } from "./environment.ts";
import { putIn, type Ask } from "./memory-stream.ts";
import type { SavedImage } from "./saved-image.ts";

export interface SavedState {
  readonly image: SavedImage;
  /** Whether the image is used up by this. */
  readonly managed: boolean;
  /** Whether the vCPUs are to run at the end. */
  readonly runs: boolean;
}

/** The actor, as far as a restore needs it. */
export interface RestoringActor {
  readonly view: DomainView;
  readonly ask: Ask;
  readonly update: (change: Pick<DomainView, "state">) => void;
  readonly kept: () => Promise<void>;
}

/** In the journal, from before the memory is read until the guest is as it is to be. */
export const RESTORE = "restore";

/**
 * Leaves the vCPUs stopped and the journal's entry there. A managed image goes before they run: disks that went on do not fit
 * the old memory any more, whatever becomes of the daemon.
 */
export async function resumeSaved(
  actor: RestoringActor,
  { paths, journal }: Pick<QemuEnvironment, "paths" | "journal">,
  { image, managed, runs }: SavedState,
): Promise<void> {
  const { live, uuid } = actor.view;
  if (live === undefined) throw virError("internalError", "nothing runs that could be restored");
  const directory = domainDirectory(paths, shortNameOf(live.id, live.config.name));
  await journal.write({ uuid, operation: RESTORE, note: { runs } });
  await putIn(actor.ask.bind(actor), join(directory, "memory.sock"), image);
  if (!managed) return;
  // the image is needed until it is known that the guest is to stand still: QEMU may say that it never ran
  if (!runs) actor.update({ state: domainState("paused", "user") });
  await actor.kept();
  await removeIfThere(image.path);
}

/** A start that brings memory back from an image, and what becomes of one during which the daemon died. */
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import { domainState } from "@vireo/model/state-reason";
import type { DomainActor } from "./domain-actor.ts";
import type { QemuEnvironment } from "./environment.ts";
import type { Recovery } from "./interrupted.ts";
import { RESTORE } from "./resume-saved.ts";

/** Starts a domain from an image; a later daemon knows that it was on its way. */
export async function startSaved(
  actor: DomainActor,
  { journal }: Pick<QemuEnvironment, "journal">,
  [options, config]: Parameters<DomainActor["start"]>,
): Promise<DomainIdentity> {
  try {
    return await actor.start(options, config);
  } finally {
    await journal.remove({ uuid: actor.view.uuid, operation: RESTORE });
  }
}

/** A QEMU that has all of the memory goes on as was wanted; one that has not was ended when it was found. */
export const recoverRestore: Recovery = async ({ actor, note: { runs } }) => {
  if (actor.view.live === undefined) return "restore undone";
  if (actor.view.state.state === "paused")
    await actor.change("restore", () =>
      runs === true
        ? actor.run("restored")
        : actor.update({ state: domainState("paused", "user") }),
    );
  return "restore finished";
};

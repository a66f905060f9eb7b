/** What becomes of a device that was on its way into a guest, or out of it, when the daemon died. */
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import type { DeviceKind } from "@vireo/model/domain/device/parse-device";
import type { DevicePlace } from "@vireo/model/domain/device/change-devices";
import { isResolved } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { explainError } from "@vireo/model/error";
import type { JournalEntry } from "../../state/job-journal.ts";
import { releaseDevices } from "./assigned-devices.ts";
import { saveChanged, storedDefinition } from "./definition.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { QemuEnvironment } from "./environment.ts";
import { presentSteps, removeBehind } from "./hot-plug.ts";
import type { Recovery } from "./interrupted.ts";
import { liveNodeIds } from "./live-devices.ts";
import { peripherals } from "./missed-devices.ts";

/** The operation's name in the journal. */
export const ATTACH = "attachDevice";

/** A device that is about to change sides. */
export interface Moving {
  readonly alias: string;
  readonly place: DevicePlace;
  /** The running configuration with the device. */
  readonly config: ResolvedDomain;
}

/** What the journal has to say of it. */
export const deviceNote = ({ config, place, alias }: Moving): JournalEntry["note"] => ({
  alias,
  kind: place.kind,
  index: place.index,
  xml: formatDomain(config, { live: true, secure: true }),
});

/** With the definition that has it too, when that is wanted. */
export const attachNote = (
  moving: Moving,
  definition: ResolvedDomain | undefined,
): JournalEntry["note"] => ({
  ...deviceNote(moving),
  ...(definition && { definition: formatDomain(definition, { secure: true }) }),
});

export function movingIn({ alias, kind, index, xml }: JournalEntry["note"]): Moving | undefined {
  if (typeof alias !== "string" || typeof kind !== "string" || typeof xml !== "string")
    return undefined;
  const { domain } = parseDomain(xml, { live: true });
  if (!isResolved(domain) || typeof index !== "number") return undefined;
  return { alias, place: { kind: kind as DeviceKind, index }, config: domain }; // we wrote it
}

export const isPlugged = async (actor: DomainActor, { alias }: Moving): Promise<boolean> =>
  (await peripherals(actor)).has(alias);

/** Takes out of QEMU what stands behind a device that is not there. */
export async function clearBehind(
  env: QemuEnvironment,
  actor: DomainActor,
  { alias, place, config }: Moving,
): Promise<void> {
  const { live, name, uuid } = actor.view;
  if (live === undefined) return;
  const emulator = await env.emulatorFor(config);
  const nodeIds = liveNodeIds(config, place);
  const steps = await presentSteps({ env, emulator, id: live.id, config, place, nodeIds });
  await removeBehind(
    (...call) => actor.ask(...call),
    steps,
    (what, error) => env.log.info({ domain: name, what }, explainError(error)),
  );
  await releaseDevices(env, { uuid, alias }, (error) =>
    env.log.info({ domain: name, what: alias }, explainError(error)),
  );
}

/** A device that QEMU has belongs to the guest; otherwise what was made for it goes. */
export const recoverAttach: Recovery = async ({ env, list, actor, note }) => {
  const { live } = actor.view;
  const moving = movingIn(note);
  if (live === undefined || moving === undefined) return "attach: the domain is off";
  const { alias, config } = moving;
  if (!(await isPlugged(actor, moving))) {
    await clearBehind(env, actor, moving);
    return `attach of ${alias} undone`;
  }
  actor.update({ live: { ...live, config } });
  await actor.kept();
  const { definition } = note;
  if (typeof definition === "string" && actor.view.persistent)
    await saveChanged({ env, list }, actor, await storedDefinition(env, definition));
  return `attach of ${alias} finished`;
};

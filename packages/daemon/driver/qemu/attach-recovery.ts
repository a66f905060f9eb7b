/** What becomes of a device that was on its way into a guest when the daemon died. */
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import type { DeviceKind } from "@vireo/model/domain/device/parse-device";
import type { DevicePlace } from "@vireo/model/domain/device/change-devices";
import { isResolved } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { explainError } from "@vireo/model/error";
import type { JournalEntry } from "../../state/job-journal.ts";
import type { DomainActor } from "./domain-actor.ts";
import { presentSteps, removeBehind } from "./hot-plug.ts";
import type { Recovery } from "./interrupted.ts";
import { liveNodeIds, type LiveAddition } from "./live-devices.ts";

/** The operation's name in the journal. */
export const ATTACH = "attachDevice";

/** What the journal has to say of a device that is about to be attached. */
export const attachNote = ({ config, place, alias }: LiveAddition): JournalEntry["note"] => ({
  alias,
  kind: place.kind,
  index: place.index,
  xml: formatDomain(config, { live: true, secure: true }),
});

interface Attaching {
  readonly alias: string;
  readonly place: DevicePlace;
  /** The running configuration with the device. */
  readonly config: ResolvedDomain;
}

function read({ alias, kind, index, xml }: JournalEntry["note"]): Attaching | undefined {
  if (typeof alias !== "string" || typeof kind !== "string" || typeof xml !== "string")
    return undefined;
  const { domain } = parseDomain(xml, { live: true });
  if (!isResolved(domain) || typeof index !== "number") return undefined;
  return { alias, place: { kind: kind as DeviceKind, index }, config: domain }; // we wrote it
}

async function hasDevice(actor: DomainActor, alias: string): Promise<boolean> {
  const found = await actor.ask("qom-list", { path: "/machine/peripheral" });
  return (
    Array.isArray(found) &&
    found.some((one: unknown) => one instanceof Object && "name" in one && one.name === alias)
  );
}

/** A device that QEMU has belongs to the guest; otherwise what was made for it goes. */
export const recoverAttach: Recovery = async ({ env, actor, note }) => {
  const { live, name } = actor.view;
  const attaching = read(note);
  if (live === undefined || attaching === undefined) return "attach: the domain is off";
  const { alias, place, config } = attaching;
  if (await hasDevice(actor, alias)) {
    actor.update({ live: { ...live, config } });
    await actor.kept();
    return `attach of ${alias} finished`;
  }
  const emulator = await env.emulatorFor(config);
  const nodeIds = liveNodeIds(config, place);
  const steps = await presentSteps({ env, emulator, id: live.id, config, place, nodeIds });
  await removeBehind(
    (...call) => actor.ask(...call),
    steps,
    (what, error) => env.log.info({ domain: name, what }, explainError(error)),
  );
  return `attach of ${alias} undone`;
};

/**
 * Takes devices out of the definition, out of the running domain, or out of both: the guest is asked, and what stood
 * behind the device goes when the guest has let go.
 */
import {
  findAlias,
  findDevice,
  removeDevice,
  type DevicePlace,
} from "@vireo/model/domain/device/change-devices";
import { mustSupport, type DeviceChange } from "@vireo/model/domain/device/device-support";
import type { KindedDevice } from "@vireo/model/domain/device/parse-device";
import { parseSoughtDevice } from "@vireo/model/domain/device/parse-sought-device";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput } from "@vireo/model/operation/operations";
import { within } from "../../host/clock.ts";
import type { JournalEntry } from "../../state/job-journal.ts";
import { affectedBy, type Affected } from "./affected.ts";
import { clearBehind, deviceNote, isPlugged, movingIn } from "./attach-recovery.ts";
import type { Definitions } from "./definition.ts";
import { aliasAt, DeviceWork, type Leaving } from "./device-work.ts";
import type { Recovery } from "./interrupted.ts";
import { mustNotBeSerialConsole } from "./line-rules.ts";
import { mustBeUnpluggableKind } from "./live-rules.ts";

/** In the journal; the alias comes after it. */
export const DETACH = "detachDevice";

/** How long a caller waits for a guest to let go of a device: libvirt's time. */
const LET_GO_MS = 5000;

type Find = (config: ResolvedDomain, live: boolean) => DevicePlace;
type ByXml = OperationInput<"domain", "detachDevice">;
type ByAlias = OperationInput<"domain", "detachDeviceAlias">;
type Detaching = ByXml | ByAlias;

/** What is left to do after the guest was asked. */
interface Detached extends Partial<Leaving> {
  readonly config: boolean;
}

const without = (definition: ResolvedDomain, { kind, index }: DevicePlace): ResolvedDomain =>
  removeDevice(definition, kind, index);

/** In the definition only, or where `find` says so: nobody has to be asked. */
async function forget(work: DeviceWork, find: Find): Promise<void> {
  const { definition } = work.actor.view;
  await work.save(await work.resolved(without(definition, find(definition, false))));
}

interface Way {
  readonly find: Find;
  readonly waitMs: number;
  readonly kind?: KindedDevice["kind"];
}

/** Asks the guest, in a turn; `noted` is told what the journal was. */
async function ask(
  work: DeviceWork,
  input: Detaching,
  { find, kind, noted }: Way & { readonly noted: (entry: JournalEntry) => void },
): Promise<Detached> {
  const { actor, definitions } = work;
  const { live, config } = affectedBy(actor, input);
  if (kind !== undefined) mustSupportKind("detach", kind, { config, ...(live && { live }) });
  const { definition, uuid } = actor.view;
  if (config) {
    const place = find(definition, false);
    mustSupport("detach", "persistent", place.kind);
    await work.resolved(without(definition, place));
  }
  if (live === undefined) return { config };
  const place = find(live.config, true);
  mustSupport("detach", "live", place.kind);
  const moving = { alias: aliasAt(live.config, place), place, config: live.config };
  const { domain: _domain, ...how } = input;
  const note = { ...deviceNote(moving), how: { ...how, config } };
  const entry = { uuid, operation: `${DETACH}-${moving.alias}`, note };
  await definitions.env.journal.write(entry);
  noted(entry);
  return { config, ...(await work.letGo(live, place)) };
}

/**
 * Asks the guest, in the domain's turn; the guest's answer is waited for outside of it, so that
 * nobody else waits. The definition changes when the guest has let go, or has not said no in time.
 */
async function detach(definitions: Definitions, input: Detaching, way: Way): Promise<void> {
  const { find, waitMs } = way;
  const actor = definitions.list.find(input.domain);
  const work = new DeviceWork(definitions, actor);
  const entries: JournalEntry[] = [];
  const noted = (entry: JournalEntry): void => void entries.push(entry);
  try {
    const { gone, config } = await actor.change(DETACH, () => ask(work, input, { ...way, noted }));
    gone?.catch((error: unknown) => waitMs === 0 && work.report(DETACH, error));
    if (gone !== undefined) await within(waitMs, gone);
    if (config) await actor.change(DETACH, () => forget(work, find));
    await actor.kept();
  } finally {
    for (const entry of entries) await definitions.env.journal.remove(entry);
  }
}

const placeOf =
  (wanted: KindedDevice): Find =>
  (config, live) => {
    if (live) mustBeUnpluggableKind(wanted);
    else mustNotBeSerialConsole(wanted);
    return { kind: wanted.kind, index: findDevice(config, wanted, live) };
  };

export function mustSupportKind(
  change: DeviceChange,
  kind: KindedDevice["kind"],
  { live, config }: Affected,
): void {
  if (config) mustSupport(change, "persistent", kind);
  if (live !== undefined) mustSupport(change, "live", kind);
}

const byAlias =
  (alias: string): Find =>
  (config) =>
    findAlias(config, alias);

export function detachDevice(definitions: Definitions, input: ByXml): Promise<void> {
  const wanted = parseSoughtDevice(input.xml);
  const { kind } = wanted;
  return detach(definitions, input, { find: placeOf(wanted), waitMs: LET_GO_MS, kind });
}

export const detachDeviceAlias = (definitions: Definitions, input: ByAlias): Promise<void> =>
  detach(definitions, input, { find: byAlias(input.alias), waitMs: 0 });

function findIn(how: unknown): Find | undefined {
  if (!(how instanceof Object)) return undefined;
  if ("xml" in how && typeof how.xml === "string") return placeOf(parseSoughtDevice(how.xml));
  return "alias" in how && typeof how.alias === "string" ? byAlias(how.alias) : undefined;
}

/** What is found no more is out of there already. */
function isIn(config: ResolvedDomain, find: Find): boolean {
  try {
    find(config, false);
    return true;
  } catch {
    return false;
  }
}

/** A guest that has the device still is asked again; the definition follows in any case. */
export const recoverDetach: Recovery = async ({ env, list, actor, note }) => {
  const moving = movingIn(note);
  const { how } = note;
  const find = findIn(how);
  if (moving === undefined || find === undefined) return "detach: nothing is known of it";
  const work = new DeviceWork({ env, list }, actor);
  const { live, persistent } = actor.view;
  if (live !== undefined && !(await isPlugged(actor, moving)))
    await actor.change(DETACH, () => clearBehind(env, actor, moving));
  else if (live !== undefined && isIn(live.config, find)) {
    const { gone } = await actor.change(DETACH, () => work.letGo(live, find(live.config, true)));
    await within(LET_GO_MS, gone);
  }
  const wanted = how instanceof Object && "config" in how && how.config === true;
  if (wanted && persistent && isIn(actor.view.definition, find))
    await actor.change(DETACH, () => forget(work, find));
  return `detach of ${moving.alias} finished`;
};

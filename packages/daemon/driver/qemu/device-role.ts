/** The driver's operations on devices: in the definition, in the running domain, or in both. */
import { asDefinition } from "./live-devices.ts";
import { checkAliases } from "@vireo/model/domain/check/device-single";
import { isError, virError } from "@vireo/model/error";
import {
  addDevice,
  findAlias,
  findDevice,
  removeDevice,
  replaceDevice,
  type DevicePlace,
} from "@vireo/model/domain/device/change-devices";
import { mustSupport, type DeviceChange } from "@vireo/model/domain/device/device-support";
import { parseDevice, type KindedDevice } from "@vireo/model/domain/device/parse-device";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput } from "@vireo/model/operation/operations";
import { within } from "../../host/clock.ts";
import type { Role } from "../contract.ts";
import { affectedBy, type Affected } from "./affected.ts";
import type { Definitions } from "./definition.ts";
import type { LiveDomain } from "./domain-view.ts";
import { DeviceWork, type Leaving } from "./device-work.ts";
import { mustBeNewLine, mustNotBeSerialConsole } from "./line-rules.ts";
import { hasMedium, mustBeUnpluggableKind } from "./live-rules.ts";
import { updateLive } from "./update-device.ts";

/** How long a caller waits for a guest to let go of a device: libvirt's time. */
const LET_GO_MS = 5000;

const targetOf = ({ kind, device }: KindedDevice): string | undefined =>
  kind === "disks" ? device.target?.dev : undefined;

function mustSupportKind(
  change: DeviceChange,
  kind: KindedDevice["kind"],
  { live, config }: Affected,
): void {
  if (config) mustSupport(change, "persistent", kind);
  if (live !== undefined) mustSupport(change, "live", kind);
}

/** Why the definition cannot have the device. */
async function wrongWith(work: DeviceWork, device: KindedDevice): Promise<unknown> {
  try {
    await work.resolved(addDevice(work.actor.view.definition, device));
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What is wrong with the device itself comes before what cannot be done with any of its kind. */
async function mustSupportAll(
  change: DeviceChange,
  { work, device }: { work: DeviceWork; device: KindedDevice },
  where: { live?: LiveDomain; config: boolean },
): Promise<void> {
  try {
    mustSupportKind(change, device.kind, where);
  } catch (error) {
    const wrong = await wrongWith(work, device);
    if (isError(wrong, "configUnsupported") || isError(wrong, "xmlError")) throw wrong;
    throw error;
  }
}

/** Putting a medium into a drive that is there is spoken of as attaching it. */
const isDriveOf = ({ devices }: ResolvedDomain, { kind, device }: KindedDevice): boolean =>
  kind === "disks" &&
  hasMedium(device) &&
  devices.disks?.some(({ target }) => target?.dev === device.target?.dev) === true;

/** @throws VireoError `operationInvalid` when a disk of this name is there already */
function refuseKnownTarget(config: ResolvedDomain, added: KindedDevice): void {
  const target = targetOf(added);
  if (target === undefined) return;
  if (config.devices.disks?.some((disk) => disk.target?.dev === target) === true)
    throw virError("operationInvalid", `target ${target} already exists`);
}

/** @throws VireoError `invalidArg` when there is no disk of this name */
function mustHaveTarget(config: ResolvedDomain, changed: KindedDevice): void {
  const target = targetOf(changed);
  if (target === undefined) return;
  if (config.devices.disks?.some((disk) => disk.target?.dev === target) !== true)
    throw virError("invalidArg", `target ${target} doesn't exist.`);
}

/** Names that users give are looked at before anything else. */
const hasAlias = ({ device }: KindedDevice): boolean => Object.hasOwn(device, "alias");

async function attachLive(work: DeviceWork, live: LiveDomain, added: KindedDevice): Promise<void> {
  if (isDriveOf(live.config, added))
    return updateLive(work, live, { changed: added, force: false });
  mustBeNewLine(live.config, added, true);
  return work.attachLive(live, added);
}

const attach = (
  definitions: Definitions,
  input: OperationInput<"domain", "attachDevice">,
): Promise<void> => {
  const actor = definitions.list.find(input.domain);
  const work = new DeviceWork(definitions, actor);
  return actor.change("attachDevice", async () => {
    const { live, config } = affectedBy(actor, input);
    const added = parseDevice(input.xml);
    const { definition } = actor.view;
    await mustSupportAll("attach", { work, device: added }, { config, ...(live && { live }) });
    for (const known of [config ? definition : undefined, live && asDefinition(live.config)])
      if (known !== undefined && hasAlias(added)) checkAliases(addDevice(known, added));
    if (config) {
      refuseKnownTarget(definition, added);
      mustBeNewLine(definition, added, false);
    }
    const saved = config ? await work.resolved(addDevice(definition, added)) : undefined;
    if (live !== undefined) await attachLive(work, live, added);
    if (saved !== undefined) await work.save(saved);
  });
};

type Find = (config: ResolvedDomain, live: boolean) => DevicePlace;
type Detaching = Pick<OperationInput<"domain", "detachDevice">, "domain" | "live" | "config">;

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

/**
 * Asks the guest, in the domain's turn; the guest's answer is waited for outside of it, so that
 * nobody else waits. The definition changes when the guest has let go, or has not said no in time.
 */
async function detach(
  definitions: Definitions,
  input: Detaching,
  { find, waitMs, kind }: { find: Find; waitMs: number; kind?: KindedDevice["kind"] },
): Promise<void> {
  const actor = definitions.list.find(input.domain);
  const work = new DeviceWork(definitions, actor);
  const { gone, config } = await actor.change("detachDevice", async (): Promise<Detached> => {
    const { live, config: inConfig } = affectedBy(actor, input);
    if (kind !== undefined)
      mustSupportKind("detach", kind, { config: inConfig, ...(live && { live }) });
    const { definition } = actor.view;
    if (inConfig) {
      const place = find(definition, false);
      mustSupport("detach", "persistent", place.kind);
      await work.resolved(without(definition, place));
    }
    if (live === undefined) return { config: inConfig };
    const place = find(live.config, true);
    mustSupport("detach", "live", place.kind);
    return { config: inConfig, ...(await work.letGo(live, place)) };
  });
  gone?.catch((error: unknown) => waitMs === 0 && work.report("detachDevice", error));
  if (gone !== undefined) await within(waitMs, gone);
  if (config) await actor.change("detachDevice", () => forget(work, find));
}

const update = (
  definitions: Definitions,
  input: OperationInput<"domain", "updateDevice">,
): Promise<void> => {
  const actor = definitions.list.find(input.domain);
  const work = new DeviceWork(definitions, actor);
  return actor.change("updateDevice", async () => {
    const { live, config } = affectedBy(actor, input);
    const changed = parseDevice(input.xml);
    await mustSupportAll("update", { work, device: changed }, { config, ...(live && { live }) });
    const { definition } = actor.view;
    if (config) mustHaveTarget(definition, changed);
    const saved = config
      ? await work.resolved(replaceDevice(definition, changed, findDevice(definition, changed)))
      : undefined;
    if (live !== undefined) await updateLive(work, live, { changed, force: input.force === true });
    if (saved !== undefined) await work.save(saved);
  });
};

const placeOf =
  (wanted: KindedDevice): Find =>
  (config, live) => {
    if (live) mustBeUnpluggableKind(wanted);
    else mustNotBeSerialConsole(wanted);
    return { kind: wanted.kind, index: findDevice(config, wanted, live) };
  };

export const deviceRole = (definitions: Definitions): Role<"domain"> => ({
  attachDevice: (input) => attach(definitions, input),
  detachDevice: (input) => {
    const wanted = parseDevice(input.xml);
    const { kind } = wanted;
    return detach(definitions, input, { find: placeOf(wanted), waitMs: LET_GO_MS, kind });
  },
  detachDeviceAlias: (input) => {
    const find: Find = (config) => findAlias(config, input.alias);
    return detach(definitions, input, { find, waitMs: 0 });
  },
  updateDevice: (input) => update(definitions, input),
});

/** The driver's operations on devices: in the definition, in the running domain, or in both. */
import { asDefinition } from "./live-devices.ts";
import { checkAliases } from "@vireo/model/domain/check/device-single";
import { settleDisk } from "@vireo/model/domain/resolve/device-defaults-disk";
import { isError, virError } from "@vireo/model/error";
import {
  addDevice,
  findDevice,
  hasDevice,
  replaceDevice,
} from "@vireo/model/domain/device/change-devices";
import type { DeviceChange } from "@vireo/model/domain/device/device-support";
import { parseDevice, type KindedDevice } from "@vireo/model/domain/device/parse-device";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { Role } from "../contract.ts";
import { affectedBy } from "./affected.ts";
import type { Definitions } from "./definition.ts";
import type { LiveDomain } from "./domain-view.ts";
import { DeviceWork } from "./device-work.ts";
import { detachDevice, detachDeviceAlias, mustSupportKind } from "./detach-device.ts";
import { mustBeNewLine } from "./line-rules.ts";
import { hasMedium } from "./live-rules.ts";
import { updateLive } from "./update-device.ts";

const targetOf = ({ kind, device }: KindedDevice): string | undefined =>
  kind === "disks" ? device.target?.dev : undefined;

/** A disk that comes to others has its bus before it takes its turn among them. */
const settled = (added: KindedDevice): KindedDevice =>
  added.kind === "disks" ? { kind: "disks", device: settleDisk(added.device, false) } : added;

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

/** @throws VireoError `operationInvalid` when it is one of the definition's already */
function refuseKnownHostdev(definition: ResolvedDomain, added: KindedDevice): void {
  if (added.kind === "hostdevs" && hasDevice(definition, added))
    throw virError("operationInvalid", "device is already in the domain configuration");
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

interface Attaching {
  readonly added: KindedDevice;
  /** The definition with it, when it is to be saved. */
  readonly saved: ResolvedDomain | undefined;
}

async function attachLive(
  work: DeviceWork,
  live: LiveDomain,
  { added, saved }: Attaching,
): Promise<void> {
  if (isDriveOf(live.config, added)) {
    await updateLive(work, live, { changed: added, force: false });
    if (saved !== undefined) await work.save(saved);
    return;
  }
  mustBeNewLine(live.config, added, true);
  await work.attachLive(live, added, saved);
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
      refuseKnownHostdev(definition, added);
      mustBeNewLine(definition, added, false);
    }
    const saved = config ? await work.resolved(addDevice(definition, settled(added))) : undefined;
    if (live !== undefined) await attachLive(work, live, { added, saved });
    else if (saved !== undefined) await work.save(saved);
  });
};

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

export const deviceRole = (definitions: Definitions): Role<"domain"> => ({
  attachDevice: (input) => attach(definitions, input),
  detachDevice: (input) => detachDevice(definitions, input),
  detachDeviceAlias: (input) => detachDeviceAlias(definitions, input),
  updateDevice: (input) => update(definitions, input),
});

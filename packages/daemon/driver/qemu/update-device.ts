/** Changes a device of a running domain where QEMU can: the medium of a drive, the state of a link. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { Interface } from "@vireo/model/domain/device/interface";
import { findDevice, replaceDevice } from "@vireo/model/domain/device/change-devices";
import type { KindedDevice } from "@vireo/model/domain/device/parse-device";
import { chainLength } from "@vireo/qemu/block/node-ids";
import { withNodeIds } from "@vireo/qemu/block/disk-node-ids";
import type { PlugStep } from "@vireo/qemu/plug";
import type { DeviceWork } from "./device-work.ts";
import type { LiveDomain } from "./domain-view.ts";
import { plugIn, removeBehind, stepsOf } from "./hot-plug.ts";
import { freeNodeIds, liveNodeIds } from "./live-devices.ts";

export interface DeviceUpdate {
  readonly changed: KindedDevice;
  /** Open a tray that the guest has locked. */
  readonly force: boolean;
}

const unsupported = (kind: string) =>
  virError(
    "configUnsupported",
    `live update of device '${kind.replace(/s$/, "")}' is not supported`,
  );

const hasMedium = ({ device }: Disk): boolean => device === "cdrom" || device === "floppy";
const mediumOf = (steps: readonly PlugStep[]): readonly PlugStep[] =>
  steps.filter(({ kind }) => kind !== "device");

const topNode = (steps: readonly PlugStep[]): string | undefined => {
  const last = steps.findLast(({ kind }) => kind === "blockdev");
  const name = last?.kind === "blockdev" ? last.properties["node-name"] : undefined;
  return typeof name === "string" ? name : undefined;
};

/** Puts another medium into the drive; the old image is closed when the new one is in. */
async function changeMedium(
  work: DeviceWork,
  { id, config }: LiveDomain,
  { wanted, index, force }: { wanted: Disk; index: number; force: boolean },
): Promise<void> {
  const { actor, definitions, report } = work;
  const { env } = definitions;
  const emulator = await env.emulatorFor(config);
  const old = config.devices.disks?.[index];
  if (old === undefined || !hasMedium(old)) throw unsupported("disks");
  const nodeIds = freeNodeIds(config, chainLength(wanted));
  // where the drive is, and what it is called, does not change with the medium
  const { alias, address, target } = old;
  const merged = {
    ...wanted,
    ...(alias && { alias }),
    ...(address && { address }),
    ...(target && { target }),
  };
  const disk = withNodeIds(merged, nodeIds);
  const next = replaceDevice(config, { kind: "disks", device: disk }, index);
  const place = { kind: "disks", index } as const;
  const before = mediumOf(
    await stepsOf({ env, emulator, id, config, place, nodeIds: liveNodeIds(config, place) }),
  );
  const after = mediumOf(await stepsOf({ env, emulator, id, config: next, place, nodeIds }));
  await plugIn(actor, after, report);
  const drive = { id: alias?.name ?? "" };
  const node = topNode(after);
  await actor.ask("blockdev-open-tray", { ...drive, force });
  if (topNode(before) !== undefined) await actor.ask("blockdev-remove-medium", drive);
  if (node !== undefined)
    await actor.ask("blockdev-insert-medium", { ...drive, "node-name": node });
  await actor.ask("blockdev-close-tray", drive);
  await removeBehind(actor, before, report);
  keep(work, next);
}

function keep({ actor }: DeviceWork, config: LiveDomain["config"]): void {
  const { live } = actor.view;
  if (live !== undefined) actor.update({ live: { ...live, config } });
}

/** Only the link's state may differ. */
async function changeLink(
  work: DeviceWork,
  { config }: LiveDomain,
  { wanted, index }: { wanted: Interface; index: number },
): Promise<void> {
  const old = config.devices.interfaces?.[index];
  if (old === undefined || old.type !== wanted.type) throw unsupported("interfaces");
  const up = wanted.link?.state !== "down";
  await work.actor.ask("set_link", { name: old.alias?.name ?? "", up });
  const { link: _old, ...rest } = old;
  const device = { ...rest, ...(wanted.link && { link: wanted.link }) } as Interface; // of the same type
  keep(work, replaceDevice(config, { kind: "interfaces", device }, index));
}

/** @throws VireoError `configUnsupported` for what QEMU cannot change while it runs */
export function updateLive(
  work: DeviceWork,
  live: LiveDomain,
  { changed, force }: DeviceUpdate,
): Promise<void> {
  const index = findDevice(live.config, changed);
  switch (changed.kind) {
    case "disks":
      return changeMedium(work, live, { wanted: changed.device, index, force });
    case "interfaces":
      return changeLink(work, live, { wanted: changed.device, index });
    default:
      throw unsupported(changed.kind);
  }
}

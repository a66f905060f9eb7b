/** Changes what may change of a disk that a running domain has: the medium of a drive. */
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { isError, virError } from "@vireo/model/error";
import { replaceDevice } from "@vireo/model/domain/device/change-devices";
import type { Disk } from "@vireo/model/domain/device/disk";
import { mustKeepDisk } from "@vireo/model/domain/device/disk-change";
import { chainLength } from "@vireo/qemu/block/node-ids";
import { withNodeIds } from "@vireo/qemu/block/disk-node-ids";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { PlugStep } from "@vireo/qemu/plug";
import { withBackingChain } from "./backing-chain.ts";
import { mustBeThere, type DeviceWork } from "./device-work.ts";
import type { LiveDomain } from "./domain-view.ts";
import { plugIn, presentSteps, removeBehind, stepsOf } from "./hot-plug.ts";
import { freeNodeIds, liveNodeIds } from "./live-devices.ts";
import { hasMedium } from "./live-rules.ts";
import { openFor } from "./open-fds.ts";
import { NO_TAPS } from "./guest-taps.ts";
import { throttle } from "./tune/settle-start.ts";
import { Undo } from "./undo.ts";

export interface DiskUpdate {
  readonly wanted: Disk;
  readonly index: number;
  /** Open a tray that the guest has locked. */
  readonly force: boolean;
}

const isMedium = ({ kind }: PlugStep): boolean => kind !== "device";

const topNode = (steps: readonly PlugStep[]): string | undefined => {
  const last = steps.findLast(({ kind }) => kind === "blockdev");
  const name = last?.kind === "blockdev" ? last.properties["node-name"] : undefined;
  return typeof name === "string" ? name : undefined;
};

interface Living {
  readonly index?: number;
  readonly startupPolicy?: string;
}

/** The source without what only runs, and what may differ. */
function placeOf({ type, source }: Disk): unknown {
  const { index: _node, startupPolicy: _policy, ...place }: Living = { ...source };
  return { type, ...place };
}

/** The drive as it is, with the medium of another. */
function withMedium(old: Disk, wanted: Disk): Disk {
  const { alias, address, target } = old;
  const iotune = wanted.iotune ?? old.iotune; // of the drive, not of its medium
  const merged = {
    ...wanted,
    ...(alias && { alias }),
    ...(address && { address }),
    ...(target && { target }),
    ...(iotune && { iotune }),
  };
  return merged;
}

function withTray(config: ResolvedDomain, index: number, tray: "open" | "closed"): ResolvedDomain {
  const device = config.devices.disks?.[index];
  if (device?.target === undefined || device.device !== "cdrom") return config;
  const moved = { ...device, target: { ...device.target, tray } };
  return replaceDevice(config, { kind: "disks", device: moved }, index);
}

/** Puts another medium into the drive; the old image is closed when the new one is in. */
async function swap(
  work: DeviceWork,
  live: LiveDomain,
  { wanted: written, index, force }: DiskUpdate,
): Promise<void> {
  const { id, config } = live;
  const { ask, definitions, report } = work;
  await mustBeThere({ kind: "disks", device: written });
  const wanted = await withBackingChain(written);
  const { env } = definitions;
  const emulator = await env.emulatorFor(config);
  const nodeIds = freeNodeIds(live, chainLength(wanted));
  const next = replaceDevice(
    config,
    { kind: "disks", device: withNodeIds(wanted, nodeIds) },
    index,
  );
  const common = { env, emulator, id, place: { kind: "disks", index } as const };
  const oldIds = liveNodeIds(config, common.place);
  const before = (await presentSteps({ ...common, config, nodeIds: oldIds })).filter(isMedium);
  const hot = await stepsOf({ ...common, config: next, nodeIds }, ask);
  const after = hot.steps.filter(isMedium);
  const undo = new Undo();
  const open = (need: Parameters<typeof openFor>[0]): Promise<number> =>
    openFor(need, NO_TAPS, undo);
  await plugIn(ask, { ...hot, steps: after }, { open, report });
  undo.add("images of the new medium", () => removeBehind(ask, after, report));
  try {
    await exchange(
      work,
      {
        drive: wanted,
        before,
        after,
        force,
      },
      undo,
    );
  } catch (error) {
    await undo.run(report);
    throw error;
  }
  await removeBehind(ask, before, report);
  work.keep(withTray(next, index, "closed"));
}

const TRAY_MS = 5000;
const TRAY_AGAIN_MS = 50;

const isShut = (error: unknown): boolean => isError(error) && error.message.includes("is not open");

/**
 * A guest that has locked its tray (firmware does for a moment) is only asked to let it open: QEMU
 * answers well at once, and the tray opens later.
 * @throws VireoError of QEMU when it stays shut for 5 s
 */
async function withOpenTray(
  open: () => Promise<unknown>,
  then: () => Promise<unknown>,
): Promise<void> {
  const deadline = performance.now() + TRAY_MS;
  for (;;) {
    await open();
    try {
      await then();
      return;
    } catch (error) {
      if (!isShut(error) || performance.now() > deadline) throw error;
      await sleep(TRAY_AGAIN_MS);
    }
  }
}

async function exchange(
  { ask }: DeviceWork,
  {
    before,
    after,
    ...medium
  }: {
    drive: Disk;
    before: readonly PlugStep[];
    after: readonly PlugStep[];
    force: boolean;
  },
  undo: Undo,
): Promise<void> {
  const drive = { id: medium.drive.alias?.name ?? "" };
  const [old, node] = [topNode(before), topNode(after)];
  const insert = (name: string): Promise<unknown> =>
    ask("blockdev-insert-medium", { ...drive, "node-name": name });
  const opened = (then: () => Promise<unknown>): Promise<void> =>
    withOpenTray(() => ask("blockdev-open-tray", { ...drive, force: medium.force }), then);
  if (medium.drive.target?.tray !== "open")
    undo.add("tray", () => ask("blockdev-close-tray", drive));
  if (old !== undefined) {
    await opened(() => ask("blockdev-remove-medium", drive));
    undo.add("old medium", () => insert(old));
  }
  await opened(node === undefined ? () => Promise.resolve() : () => insert(node));
  if (node !== undefined) await throttle({ ask }, medium.drive);
  await ask("blockdev-close-tray", drive); // also of an empty drive, as libvirt leaves it
}

/**
 * @throws VireoError `operationUnsupported` when more than a drive's medium or the policy for
 * missing images differs
 */
export async function updateDisk(
  work: DeviceWork,
  live: LiveDomain,
  { wanted, index, force }: DiskUpdate,
): Promise<void> {
  const old = live.config.devices.disks?.[index];
  if (old === undefined) throw virError("internalError", "the disk has no place");
  mustKeepDisk(old, wanted);
  if (!isDeepStrictEqual(placeOf(old), placeOf(wanted))) {
    if (hasMedium(old)) return swap(work, live, { wanted: withMedium(old, wanted), index, force });
    throw virError("configUnsupported", "disk source can be changed only in removable drives");
  }
  const kept = { ...old, source: { ...old.source, ...wanted.source } };
  work.keep(replaceDevice(live.config, { kind: "disks", device: kept as Disk }, index)); // of the same type
}

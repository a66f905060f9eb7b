/** Disks of a running domain, and the numbers of their block nodes. Pure. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import { chainOfDisk, chainOfMirror, pathOf } from "@vireo/qemu/block/chain";
import type { DomainView, LiveDomain } from "./domain-view.ts";

type DisksOf = Pick<LiveDomain["config"], "devices">;

const isNamed = (disk: Disk, name: string): boolean =>
  disk.target?.dev === name || pathOf(disk) === name;

/** By target, or by the path of its image. @throws VireoError `invalidArg` */
export function findDisk({ devices }: DisksOf, name: string): Disk {
  const found = devices.disks?.find((disk) => isNamed(disk, name));
  if (found === undefined) throw virError("invalidArg", `disk '${name}' not found in domain`);
  return found;
}

export const targetOf = ({ target }: Disk): string => target?.dev ?? "";

export const diskAt = ({ devices }: DisksOf, target: string): Disk | undefined =>
  devices.disks?.find((disk) => targetOf(disk) === target);

/** The running configuration with one disk changed. */
export function withDisk<C extends DisksOf>(config: C, changed: Disk): C {
  const { devices } = config;
  const target = targetOf(changed);
  const disks = (devices.disks ?? []).map((one) => (targetOf(one) === target ? changed : one));
  return { ...config, devices: { ...devices, disks } };
}

/** The highest number that a block node of the domain has or had. */
export function lastNodeOf({
  config,
  lastNode = 0,
}: Pick<LiveDomain, "config" | "lastNode">): number {
  const used = (config.devices.disks ?? []).flatMap((disk) => [
    ...chainOfDisk(disk).images,
    ...(disk.mirror === undefined ? [] : chainOfMirror(disk.mirror).images),
  ]);
  return Math.max(lastNode, ...used.map(({ index }) => index));
}

/** What is published next remembers the numbers that block nodes had before. */
export function withNodesCounted(before: DomainView, next: DomainView): DomainView {
  const { live } = next;
  if (live === undefined || live === before.live || live.id !== before.live?.id) return next;
  const lastNode = Math.max(lastNodeOf(before.live), lastNodeOf(live));
  return { ...next, live: { ...live, lastNode } };
}

/** @throws VireoError `blockCopyActive` when a job works on the disk */
export function refuseBlockJob({ blockJobs = [], backupXml }: LiveDomain, disk: Disk): void {
  if (backupXml !== undefined)
    throw virError("operationUnsupported", `disk '${targetOf(disk)}' already in active block job`);
  const target = targetOf(disk);
  if (disk.mirror !== undefined || blockJobs.some((job) => job.disk === target))
    throw virError("blockCopyActive", `disk '${target}' already in active block job`);
}

/** @throws VireoError `operationInvalid` when a job works on any disk */
export function refuseAnyBlockJob({ blockJobs = [] }: LiveDomain): void {
  if (blockJobs.length > 0) throw virError("operationInvalid", "domain has active block job");
}

/**
 * The running configuration as it is to be stored: without the chains, which each start looks up
 * anew, for they may have become others by then.
 */
export function withoutChains<C extends DisksOf>(config: C): C {
  const { devices } = config;
  if (devices.disks === undefined) return config;
  const disks = devices.disks.map((disk): Disk => {
    const { backingStore: _found, ...rest } = disk;
    return rest;
  });
  return { ...config, devices: { ...devices, disks } };
}

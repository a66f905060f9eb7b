/** A domain whose disk is served by another image. Pure. */
import type { Disk } from "@vireo/model/domain/device/disk";
import type { BackingStore } from "@vireo/model/domain/device/disk-chain";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { pathOf } from "@vireo/model/moment/align-disks";
import type { SnapshotDisk } from "@vireo/model/moment/snapshot";

/** An image of this host. */
export interface NewImage {
  readonly type: "file" | "block";
  readonly path: string;
  readonly format: string;
  /** Number of its block nodes, while it runs. */
  readonly index?: number;
}

/** The image that an external snapshot makes. */
export const newImageOf = (wish: SnapshotDisk): NewImage => ({
  type: wish.type === "block" ? "block" : "file",
  path: pathOf(wish) ?? "",
  format: wish.driver?.type ?? "qcow2",
});

export const indexOf = (disk: Disk): number | undefined => {
  const source: { readonly index?: number } = disk.source ?? {};
  return source.index;
};

/** What the disk was, as the image below another one. */
function asBacking(disk: Disk): BackingStore {
  const { type, source, driver, backingStore } = disk;
  return {
    type,
    format: { type: driver?.type ?? "raw" },
    source,
    ...(indexOf(disk) === undefined ? {} : { index: indexOf(disk) }),
    ...(backingStore === undefined ? {} : { backingStore }),
  } as BackingStore; // the same kinds of sources
}

/** The disk on another image; `below` keeps what it had as the image below. */
export function withImage(disk: Disk, image: NewImage, { below }: { below: boolean }): Disk {
  const { source: _old, backingStore: _chain, ...rest } = { ...disk, source: undefined };
  const { type, path, format, index } = image;
  const place = type === "file" ? { file: path } : { dev: path };
  return {
    ...rest,
    type,
    driver: { ...disk.driver, type: format },
    source: { ...place, ...(index === undefined ? {} : { index }) },
    ...(below ? { backingStore: asBacking(disk) } : {}),
  } as Disk; // the source is of the type beside it
}

/** The configuration with each disk changed that `change` has an answer for. */
export function withDisks(
  config: ResolvedDomain,
  change: (disk: Disk) => Disk | undefined,
): ResolvedDomain {
  const disks = (config.devices.disks ?? []).map((disk) => change(disk) ?? disk);
  return { ...config, devices: { ...config.devices, disks } };
}

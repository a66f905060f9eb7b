/** A domain whose disk is served by another image. Pure. */
import type { Disk } from "@vireo/model/domain/device/disk";
import { IMAGE_FORMATS } from "@vireo/model/domain/device/disk-chain";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { pathOf } from "@vireo/model/moment/align-disks";
import type { SnapshotDisk } from "@vireo/model/moment/snapshot";
import { chainOfDisk, withChain, type Chain, type ChainImage } from "@vireo/qemu/block/chain";

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

/** The disk on another image; `below` keeps what it had as the images below. */
export function withImage(disk: Disk, image: NewImage, { below }: { below: boolean }): Disk {
  const { type, path, format, index = 0 } = image;
  const source = type === "file" ? { file: path } : { dev: path };
  const known = IMAGE_FORMATS.find((one) => one === format);
  const top: ChainImage = { type, source, format: known, index };
  const old = chainOfDisk(disk);
  return withChain(disk, below ? { ...old, images: [top, ...old.images] } : alone(top));
}

/** What is below is looked up at the next start. */
const alone = (top: ChainImage): Chain => ({ images: [top], known: false });

/** The configuration with each disk changed that `change` has an answer for. */
export function withDisks(
  config: ResolvedDomain,
  change: (disk: Disk) => Disk | undefined,
): ResolvedDomain {
  const disks = (config.devices.disks ?? []).map((disk) => change(disk) ?? disk);
  return { ...config, devices: { ...config.devices, disks } };
}

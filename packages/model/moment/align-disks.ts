/** What a new snapshot does with each disk of the domain: the wish made complete. Pure. */
import { virError } from "../error.ts";
import type { Disk } from "../domain/device/disk.ts";
import type { SnapshotDisk, SnapshotMode } from "./snapshot.ts";

export interface AlignOptions {
  /** Where disks go that nobody said anything about. */
  readonly mode: "internal" | "external";
  /** Every disk that takes part must be kept there. */
  readonly uniform: boolean;
  /** Suffix of files that are not named. */
  readonly name: string;
}

/** A disk with what the snapshot does to it. */
export interface AlignedDisk {
  readonly disk: Disk;
  readonly wish: SnapshotDisk;
}

/** Path of a disk on this host. */
export function pathOf(image: {
  readonly type: string;
  readonly source?: object | undefined;
}): string | undefined {
  const source: { readonly file?: string; readonly dev?: string } = image.source ?? {};
  if (image.type === "file" || image.type === "unset") return source.file;
  return image.type === "block" ? source.dev : undefined;
}

const isEmpty = ({ source }: Disk): boolean =>
  source === undefined || Object.keys(source).length === 0;

const unsupported = (detail: string) => virError("configUnsupported", detail);

/** By target, or by path. */
function matched(
  disks: readonly Disk[],
  wishes: readonly SnapshotDisk[],
): ReadonlyMap<Disk, SnapshotDisk> {
  const found = new Map<Disk, SnapshotDisk>();
  for (const wish of wishes) {
    const disk = disks.find((one) => one.target?.dev === wish.name || pathOf(one) === wish.name);
    if (disk === undefined) throw unsupported(`no disk named '${wish.name}'`);
    if (found.has(disk)) throw unsupported(`disk '${wish.name}' specified twice`);
    found.set(disk, wish);
  }
  return found;
}

function modeOf(
  disk: Disk,
  wish: SnapshotDisk | undefined,
  { mode, uniform }: AlignOptions,
): SnapshotMode {
  if (wish?.snapshot !== undefined) {
    if (uniform && wish.snapshot !== mode)
      throw unsupported(`disk '${wish.name}' must use snapshot mode '${mode}'`);
    return wish.snapshot;
  }
  if (isEmpty(disk)) return "no";
  if (wish === undefined && disk.readonly === true) return "no";
  return disk.snapshot ?? mode;
}

/** The image's own suffix gives way to the snapshot's name. */
function generatedPath(disk: Disk, name: string): string {
  const path = pathOf(disk);
  if (path === undefined || disk.type !== "file")
    throw unsupported(
      `cannot generate external snapshot name for disk '${disk.target?.dev ?? ""}' ${
        path === undefined ? "without source" : `on a '${disk.type}' device`
      }`,
    );
  return path.replace(/\.[^./]*$/, "") + `.${name}`;
}

/** Formats that keep what is new and fall back to the image below. */
type OverlayFormat = "qcow2" | "qed";

function formatOf({ name, driver }: SnapshotDisk): OverlayFormat {
  const { type = "qcow2" } = driver ?? {};
  if (type === "qcow2" || type === "qed") return type;
  throw unsupported(`external snapshot format for disk ${name} is unsupported: ${type}`);
}

function externalDisk(disk: Disk, wish: SnapshotDisk, suffix: string): SnapshotDisk {
  const type = wish.type === "unset" ? "file" : wish.type;
  if (type !== "file" && type !== "block")
    throw unsupported(`external snapshots are not supported on '${type}' volumes`);
  const path = pathOf(wish) ?? generatedPath(disk, suffix);
  const kept = { name: disk.target?.dev ?? "", snapshot: "external" } as const;
  const driver = { ...wish.driver, type: formatOf(wish) };
  return type === "file"
    ? { ...kept, type, driver, source: { file: path } }
    : { ...kept, type, driver, source: { dev: path } };
}

function completed(
  disk: Disk,
  wish: SnapshotDisk | undefined,
  options: AlignOptions,
): SnapshotDisk {
  const snapshot = modeOf(disk, wish, options);
  const name = disk.target?.dev ?? "";
  if (snapshot !== "external") return { name, snapshot, type: "unset" };
  return externalDisk(disk, wish ?? { name, type: "unset" }, options.name);
}

/**
 * Every disk of the domain with what becomes of it, in the domain's order.
 * @throws VireoError `configUnsupported`
 */
export function alignDisks(
  disks: readonly Disk[],
  wishes: readonly SnapshotDisk[],
  options: AlignOptions,
): readonly AlignedDisk[] {
  const found = matched(disks, wishes);
  return disks.map((disk) => ({ disk, wish: completed(disk, found.get(disk), options) }));
}

/** Volume XML to model and back. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError, type VireoError } from "../error.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import { parse } from "../schema/parse.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { CONFIG_VIEW, LIVE_VIEW } from "../schema/view.ts";
import { readDocument } from "../xml/read-document.ts";
import { POOL_KINDS, type PoolType } from "./pool-kind.ts";
import { StorageVolume, type WrittenVolume } from "./volume.ts";

const from = ErrorDomain.storage;
const refuse = (detail: string): VireoError => virError("xmlError", detail, { from });

export interface ParseVolumeOptions {
  /** `none`: the source of a copy decides; `backing`: only a volume with a backing store may leave it out. */
  readonly capacity?: "required" | "backing" | "none";
}

type Target = NonNullable<WrittenVolume["target"]>;

function placedFormat(pool: PoolType, written: string | undefined): Pick<Target, "format"> {
  const formats = POOL_KINDS[pool].volumeFormats;
  if (formats === undefined) return {};
  const type = written ?? formats.assumed;
  if (!formats.words.includes(type))
    throw virError("configUnsupported", `unknown volume format type ${type}`, { from });
  return { format: { type } };
}

function placedTarget(pool: PoolType, { format: written, ...target }: Target): Target {
  const { features, clusterSize } = target;
  const modern = features !== undefined || clusterSize !== undefined;
  return {
    ...target,
    ...placedFormat(pool, written?.type),
    ...(modern ? { compat: target.compat ?? "1.1" } : {}),
  };
}

/** A layer never finds out by looking what it lies upon: the guest could have written that. */
function placedBacking(
  pool: PoolType,
  { backingStore }: WrittenVolume,
): Pick<WrittenVolume, "backingStore"> {
  if (backingStore === undefined) return {};
  const { format: written, ...rest } = backingStore;
  return { backingStore: { ...rest, ...placedFormat(pool, written?.type) } };
}

function nameOf({ name }: WrittenVolume): string {
  if (name === undefined || name === "") throw refuse("missing volume name element");
  return name;
}

function capacityOf(
  { capacity, backingStore }: WrittenVolume,
  { capacity: rule = "required" }: ParseVolumeOptions,
): number {
  const optional = rule === "none" || (rule === "backing" && backingStore !== undefined);
  if (capacity === undefined && !optional) throw refuse("missing capacity element");
  return capacity ?? 0;
}

function placed(
  pool: PoolType,
  written: WrittenVolume,
  options: ParseVolumeOptions,
): StorageVolume {
  const { source: _source, type = "file", target = {}, ...rest } = written;
  const name = nameOf(written);
  const capacity = capacityOf(written, options);
  return {
    ...rest,
    ...placedBacking(pool, written),
    name,
    type,
    capacity,
    allocation: written.allocation ?? capacity,
    target: placedTarget(pool, target),
  };
}

/**
 * Reads a volume's XML for a pool of the given kind.
 * @throws VireoError as libvirt words it
 */
export function parseVolume(
  pool: PoolType,
  xml: string,
  options: ParseVolumeOptions = {},
): StorageVolume {
  const root = readDocument(xml, { root: "volume", label: "storage_volume_definition" });
  const issues: Issue[] = [];
  const written = parse(StorageVolume, root, issues, { live: false });
  throwFirst(issues, from);
  return placed(pool, written, options);
}

/** The volume's XML in libvirt's layout; `live` shows what only an existing volume has. */
export const formatVolume = (
  volume: StorageVolume,
  { live = false }: { live?: boolean } = {},
): string => format(StorageVolume, volume, live ? LIVE_VIEW : CONFIG_VIEW);

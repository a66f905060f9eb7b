/** Disks that may be missing when the guest starts: what their `startupPolicy` lets go. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DomainEventBody } from "@vireo/model/event";
import { systemError, virError } from "@vireo/model/error";
import { execProgram } from "../../host/exec.ts";
import type { Volumes } from "../contract.ts";

type Disk = NonNullable<ResolvedDomain["devices"]["disks"]>[number];
type Told = Extract<DomainEventBody, { kind: "diskChange" }>;

/** A disk on storage that is dead is not there. */
const LOOK_MS = 5000;
/** Prints those of its arguments that are there. */
const PRESENT = 'for one; do if [ -e "$one" ]; then printf "%s\\0" "$one"; fi; done';

/** The place of a disk whose absence somebody has thought of, and of each volume; none has a volume that nobody knows. */
function watchedPath(disk: Disk, volumes: Volumes | undefined): string | undefined {
  const { source } = disk;
  if (source === undefined) return undefined;
  if (disk.type === "volume") return volumePath(disk, volumes);
  if (!("startupPolicy" in source)) return undefined;
  if ("file" in source) return source.file;
  return "dev" in source ? source.dev : undefined;
}

const policyOf = ({ source }: Disk) =>
  source !== undefined && "startupPolicy" in source ? source.startupPolicy : undefined;

const UNKNOWN = "";

function volumePath(
  disk: Extract<Disk, { type: "volume" }>,
  volumes: Volumes | undefined,
): string | undefined {
  const { pool = "", volume = "" } = disk.source ?? {};
  try {
    const facts = volumes?.facts(pool, volume);
    if (facts?.poolActive === false && policyOf(disk) !== undefined) return UNKNOWN;
    return facts?.path.startsWith("/") === true ? facts.path : undefined;
  } catch (error) {
    if (policyOf(disk) === undefined) throw error;
    return UNKNOWN;
  }
}

async function presentAmong(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const { stdout } = await execProgram("sh", ["-c", PRESENT, "sh", ...paths], {
    timeoutMs: LOOK_MS,
  });
  return new Set(stdout.split("\0").filter((path) => path !== ""));
}

/** @throws VireoError `systemError` when it may not be missing */
function lose(disk: Disk, path: string, booting: boolean): { left: readonly Disk[]; told: Told } {
  const policy = policyOf(disk);
  if (policy === undefined && disk.type === "volume")
    throw virError("noStorageVol", `no storage vol with matching path '${path}'`);
  if (policy !== "optional" && (policy !== "requisite" || booting))
    throw systemError(`Cannot access storage file '${path}'`, {
      errno: 2,
      reason: "No such file or directory",
    });
  const removable = disk.device === "cdrom" || disk.device === "floppy";
  const { source: _source, ...empty } = disk;
  return {
    left: removable ? [empty] : [],
    told: {
      kind: "diskChange",
      alias: disk.alias?.name ?? "",
      oldPath: path,
      reason: removable ? "changeMissingOnStart" : "dropMissingOnStart",
    },
  };
}

/**
 * The domain without the sources that are missing and may be, and what clients are told of it. A
 * missing medium leaves its drive empty, a missing disk leaves altogether.
 * @param booting false when the guest goes on from a saved state
 * @throws VireoError `systemError` when a source is missing that may not be
 */
export async function withoutMissing(
  config: ResolvedDomain,
  { booting, volumes }: { booting: boolean; volumes: Volumes | undefined },
): Promise<{ readonly config: ResolvedDomain; readonly told: readonly Told[] }> {
  const { disks = [] } = config.devices;
  const watched = disks.flatMap((disk) => watchedPath(disk, volumes) ?? []);
  if (watched.length === 0) return { config, told: [] };
  const present = await presentAmong(watched);
  const told: Told[] = [];
  const kept = disks.flatMap((disk) => {
    const path = watchedPath(disk, volumes);
    if (path === undefined || present.has(path)) return [disk];
    const lost = lose(disk, path, booting);
    told.push(lost.told);
    return lost.left;
  });
  return { config: { ...config, devices: { ...config.devices, disks: kept } }, told };
}

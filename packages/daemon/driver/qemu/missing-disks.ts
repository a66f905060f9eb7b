/** Disks that may be missing when the guest starts: what their `startupPolicy` lets go. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DomainEventBody } from "@vireo/model/event";
import { systemError } from "@vireo/model/error";
import { execProgram } from "../../host/exec.ts";

type Disk = NonNullable<ResolvedDomain["devices"]["disks"]>[number];
type Told = Extract<DomainEventBody, { kind: "diskChange" }>;

/** A disk on storage that is dead is not there. */
const LOOK_MS = 5000;
/** Prints those of its arguments that are there. */
const PRESENT = 'for one; do if [ -e "$one" ]; then printf "%s\\0" "$one"; fi; done';

/** The place of a disk whose absence somebody has thought of. */
function watchedPath({ source }: Disk): string | undefined {
  if (source === undefined || !("startupPolicy" in source)) return undefined;
  if ("file" in source) return source.file;
  return "dev" in source ? source.dev : undefined;
}

async function presentAmong(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const { stdout } = await execProgram("sh", ["-c", PRESENT, "sh", ...paths], {
    timeoutMs: LOOK_MS,
  });
  return new Set(stdout.split("\0"));
}

/** @throws VireoError `systemError` when it may not be missing */
function lose(disk: Disk, path: string, booting: boolean): { left: readonly Disk[]; told: Told } {
  const policy =
    disk.source !== undefined && "startupPolicy" in disk.source
      ? disk.source.startupPolicy
      : undefined;
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
  booting: boolean,
): Promise<{ readonly config: ResolvedDomain; readonly told: readonly Told[] }> {
  const { disks = [] } = config.devices;
  const watched = disks.flatMap((disk) => watchedPath(disk) ?? []);
  if (watched.length === 0) return { config, told: [] };
  const present = await presentAmong(watched);
  const told: Told[] = [];
  const kept = disks.flatMap((disk) => {
    const path = watchedPath(disk);
    if (path === undefined || present.has(path)) return [disk];
    const lost = lose(disk, path, booting);
    told.push(lost.told);
    return lost.left;
  });
  return { config: { ...config, devices: { ...config.devices, disks: kept } }, told };
}

/** Disks on volumes of storage pools, for the command line: there a volume is a file or a device. */
import { isError, virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { withoutVolume } from "@vireo/qemu/block/volume-disk";
import type { Volumes } from "../contract.ts";

/**
 * The domain with each volume's place instead of its name; the definition keeps the name.
 * @throws VireoError `noStoragePool`, `noStorageVol`; `configUnsupported` when the pool is not active
 */
export function withVolumes(config: ResolvedDomain, volumes: Volumes | undefined): ResolvedDomain {
  const { disks = [] } = config.devices;
  if (!disks.some(({ type }) => type === "volume")) return config;
  if (volumes === undefined) throw virError("internalError", "there is no storage driver");
  const placed = disks.map((disk) =>
    withoutVolume(disk, (pool, volume) => volumes.facts(pool, volume)),
  );
  return { ...config, devices: { ...config.devices, disks: placed } };
}

/** A volume that nobody knows any more: QEMU has it open by a name that does not tell. */
const FORGOTTEN = { poolType: "dir", poolActive: true, volumeType: "file", path: "" } as const;

/** As last known, whether or not there is still such a volume. */
const knownOnes = (volumes: Volumes | undefined): Volumes => ({
  facts: (pool, volume) => {
    try {
      const facts = volumes?.facts(pool, volume);
      return facts?.poolActive === true ? facts : FORGOTTEN;
    } catch (error) {
      if (isError(error, "noStoragePool") || isError(error, "noStorageVol")) return FORGOTTEN;
      throw error;
    }
  },
});

/** The same for a domain that runs, whose volumes may be gone since. */
export const withKnownVolumes = (
  config: ResolvedDomain,
  volumes: Volumes | undefined,
): ResolvedDomain => withVolumes(config, knownOnes(volumes));

/** Where the volume is that a disk names; undefined of other disks, and when nobody knows it. */
export function volumePath(disk: Disk, volumes: Volumes | undefined): string | undefined {
  if (disk.type !== "volume" || disk.source === undefined) return undefined;
  const { pool = "", volume = "" } = disk.source;
  const { path } = knownOnes(volumes).facts(pool, volume);
  return path === "" ? undefined : path;
}

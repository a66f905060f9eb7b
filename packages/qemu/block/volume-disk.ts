/** Disks that name a volume of a storage pool, as what the volume is: a file, a device, a directory, a connection. */
import type { Disk } from "@vireo/model/domain/device/disk";
import { virError } from "@vireo/model/error";

type VolumeDisk = Extract<Disk, { type: "volume" }>;

/** What the storage driver knows of the volume and its pool. */
export interface VolumeFacts {
  readonly poolType: string;
  readonly poolActive: boolean;
  readonly volumeType: "file" | "block" | "dir" | "network" | "netdir" | "ploop";
  readonly path: string;
  /** iSCSI: the server, its target, and how to log in. */
  readonly host?: string;
  readonly port?: number;
  readonly target?: string;
  readonly auth?: { readonly username: string; readonly uuid?: string; readonly usage?: string };
}

const refuse = (detail: string): Error => virError("configUnsupported", detail);

/** iSCSI units are named `unit:BUS:TARGET:LUN`; the last number is what the server knows. */
const lunOf = (volume: string): string => volume.slice(volume.lastIndexOf(":") + 1);

function directSource(disk: VolumeDisk, facts: VolumeFacts): Disk {
  const { pool, volume, mode: _mode, auth: _auth, ...rest } = disk.source ?? {};
  const { auth } = facts;
  const { auth: _login, ...others } = disk;
  return {
    ...others,
    type: "network",
    source: {
      ...rest,
      protocol: "iscsi",
      name: `${facts.target ?? pool ?? ""}/${lunOf(volume ?? "")}`,
      hosts: [{ name: facts.host ?? "", port: String(facts.port ?? 3260) }],
      ...(auth === undefined
        ? {}
        : {
            auth: {
              username: auth.username,
              secret: {
                type: "iscsi",
                ...(auth.uuid === undefined ? {} : { uuid: auth.uuid }),
                ...(auth.usage === undefined ? {} : { usage: auth.usage }),
              },
            },
          }),
    },
  };
}

function hostSource(disk: VolumeDisk, facts: VolumeFacts): Disk {
  const { pool, volume, mode: _mode, ...rest } = disk.source ?? {};
  switch (facts.volumeType) {
    case "file":
    case "ploop":
      return { ...disk, type: "file", source: { ...rest, file: facts.path } };
    case "block":
      return { ...disk, type: "block", source: { ...rest, dev: facts.path } };
    case "dir":
      return { ...disk, type: "dir", source: { ...rest, dir: facts.path } };
    case "network":
    case "netdir":
      throw virError(
        "internalError",
        `unexpected storage volume type '${facts.volumeType}' for volume '${volume ?? ""}' of pool '${pool ?? ""}'`,
      );
  }
}

function translated(disk: VolumeDisk, facts: VolumeFacts): Disk {
  const { pool, volume, mode, startupPolicy } = disk.source ?? {};
  if (!facts.poolActive)
    throw refuse(`storage pool '${pool ?? ""}' containing volume '${volume ?? ""}' is not active`);
  if (facts.poolType === "iscsi") {
    if (startupPolicy !== undefined && mode === "direct")
      throw refuse("'startupPolicy' is only valid for 'file' type volume");
    return mode === "direct"
      ? directSource(disk, facts)
      : hostSource(disk, { ...facts, volumeType: "block" });
  }
  if (mode !== undefined)
    throw virError("xmlError", "disk source mode is only valid when storage pool is of iscsi type");
  return hostSource(disk, facts);
}

/**
 * The disk with its volume's place instead of its name; other disks as they are.
 * @throws VireoError configUnsupported when the pool does not run or cannot back disks
 */
export function withoutVolume(
  disk: Disk,
  lookUp: (pool: string, volume: string) => VolumeFacts,
): Disk {
  if (disk.type !== "volume" || disk.source === undefined) return disk;
  return translated(disk, lookUp(disk.source.pool ?? "", disk.source.volume ?? ""));
}

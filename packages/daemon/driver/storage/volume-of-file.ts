/** A file of a pool's directory as a volume. */
import type { Permissions } from "@vireo/model/storage/permissions";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { FileFacts, VolumeFacts } from "./hand-protocol.ts";

export const permissionsOf = ({ mode, uid, gid }: FileFacts): Permissions => ({
  mode,
  owner: uid,
  group: gid,
});

const timestampsOf = ({ times: [atime, mtime, ctime, btime] }: FileFacts) => ({
  atime,
  mtime,
  ctime,
  btime,
});

type Target = NonNullable<StorageVolume["target"]>;

function featuresOf({ image }: VolumeFacts): Partial<Target> {
  const { compat, clusterSize, lazyRefcounts, extendedL2 } = image;
  const modern = compat === "1.1";
  return {
    ...(modern ? { compat } : {}),
    ...(clusterSize === undefined ? {} : { clusterSize }),
    ...(modern && {
      features: {
        ...(lazyRefcounts === true ? { lazyRefcounts } : {}),
        ...(extendedL2 === true ? { extendedL2 } : {}),
      },
    }),
  };
}

function backingOf({ backing, backingPath, image }: VolumeFacts): Partial<StorageVolume> {
  if (backingPath === undefined) return {};
  const format = image.backing?.format;
  return {
    backingStore: {
      path: backingPath,
      ...(format === undefined ? {} : { format: { type: format } }),
      ...(backing === undefined
        ? {}
        : { permissions: permissionsOf(backing), timestamps: timestampsOf(backing) }),
    },
  };
}

/** `known` is what was known of it: how it is to be decrypted stands in no file. */
export function volumeOfFile(
  directory: string,
  facts: VolumeFacts,
  known?: StorageVolume,
): StorageVolume {
  const path = `${directory}/${facts.name}`;
  const { encryption } = facts.image;
  const secrets = known?.target?.encryption?.secrets;
  return {
    type: facts.type,
    name: facts.name,
    key: path,
    // a directory has no size of its own, whatever its file system says
    capacity: facts.type === "dir" ? 0 : facts.image.capacity,
    allocation: facts.type === "dir" ? 0 : facts.allocated,
    ...(facts.type === "dir" || facts.size === 0 ? {} : { physical: facts.size }),
    target: {
      path,
      format: { type: facts.image.format },
      permissions: permissionsOf(facts),
      timestamps: timestampsOf(facts),
      ...(encryption === undefined
        ? {}
        : { encryption: { format: encryption, ...(secrets === undefined ? {} : { secrets }) } }),
      ...featuresOf(facts),
    },
    ...backingOf(facts),
  };
}

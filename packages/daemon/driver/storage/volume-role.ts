/** Operations on volumes. */
import type { VolumeInfo } from "@vireo/model/operation/storage-value";
import { formatVolume } from "@vireo/model/storage/parse-volume";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { Role } from "../contract.ts";
import { refuseRead, type ImageWork } from "./image-role.ts";
import { identityOf } from "./pool-list.ts";
import { deleteVolume, resizeVolume, wipeVolume } from "./volume-change.ts";
import { createVolume, type Making, type VolumeMaker } from "./volume-create.ts";
import { downloadVolume, uploadVolume } from "./volume-stream.ts";

const infoOf = ({ type, capacity, allocation, physical }: StorageVolume): VolumeInfo => ({
  type,
  capacity,
  allocation,
  ...(physical === undefined ? {} : { physical }),
});

export const volumeRole = (
  maker: VolumeMaker,
  images: ImageWork["images"],
): Role<"storageVolume"> => {
  const { list } = maker;
  const made = async (making: Making) => {
    const { volume } = await createVolume(maker, making);
    return identityOf({ pool: making.pool, volume });
  };
  return {
    lookup: ({ volume }) => identityOf(list.findVolume(volume)),
    create: ({ pool, ...wish }) => made({ ...wish, pool: list.find(pool) }),
    createFrom: ({ pool, from, ...wish }) =>
      made({ ...wish, pool: list.find(pool), from: list.findVolume(from) }),
    delete: async ({ volume, zeroed }) => {
      const found = list.findVolume(volume);
      await refuseRead({ images }, found);
      if (zeroed === true) await wipeVolume(found, "zero");
      await deleteVolume(found);
    },
    wipe: ({ volume, algorithm }) => wipeVolume(list.findVolume(volume), algorithm),
    resize: ({ volume, ...resizing }) => resizeVolume(list.findVolume(volume), resizing),
    info: ({ volume }) => infoOf(list.findVolume(volume).volume),
    xml: ({ volume }) => formatVolume(list.findVolume(volume).volume, { live: true }),
    path: ({ volume }) => list.findVolume(volume).volume.target?.path ?? "",
    upload: ({ volume, ...part }) => uploadVolume(list.findVolume(volume), part),
    download: ({ volume, ...part }) => downloadVolume(list.findVolume(volume), part),
  };
};

/** Operations on volumes. */
import { virError } from "@vireo/model/error";
import type { VolumeInfo } from "@vireo/model/operation/storage-value";
import { formatVolume } from "@vireo/model/storage/parse-volume";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { Role } from "../contract.ts";
import { KEEP_MS, readersToOutlive, type ImageWork } from "./image-role.ts";
import { type FoundVolume, identityOf } from "./pool-list.ts";
import { deleteVolume, resizeVolume, wipeVolume } from "./volume-change.ts";
import { createVolume, type Making, type VolumeMaker } from "./volume-create.ts";
import { downloadVolume, uploadVolume } from "./volume-stream.ts";

const infoOf = ({ type, capacity, allocation, physical }: StorageVolume): VolumeInfo => ({
  type,
  capacity,
  allocation,
  ...(physical === undefined ? {} : { physical }),
});

/** What cannot be put away for its reader stays: block devices, and what is to be overwritten first. */
async function remove(work: ImageWork, found: FoundVolume, zeroed: boolean): Promise<void> {
  const [reader] = await readersToOutlive(work, found);
  if (reader === undefined) {
    if (zeroed) await wipeVolume(found, { algorithm: "zero" });
    return deleteVolume(found);
  }
  const { volume } = found;
  if (zeroed || volume.type !== "file")
    throw virError("operationInvalid", `volume '${volume.name}' is read by ${reader}`);
  await deleteVolume(found, async (path) => {
    const { kept, until } = await work.quarantine.add(path, KEEP_MS);
    work.list.log.warn({ path, kept, until, reader }, "volume put away: a domain reads it");
  });
}

export const volumeRole = (maker: VolumeMaker, work: ImageWork): Role<"storageVolume"> => {
  const { list } = maker;
  const made = async (making: Making) => {
    const { volume } = await createVolume(maker, making);
    return identityOf({ pool: making.pool, volume });
  };
  return {
    lookup: ({ volume }) => identityOf(list.findVolume(volume)),
    create: ({ pool, ...wish }, followed) => made({ ...wish, pool: list.find(pool), followed }),
    createFrom: ({ pool, from, ...wish }, followed) =>
      made({ ...wish, pool: list.find(pool), from: list.findVolume(from), followed }),
    delete: ({ volume, zeroed }) => remove(work, list.findVolume(volume), zeroed === true),
    wipe: ({ volume, algorithm }, { signal }) =>
      wipeVolume(list.findVolume(volume), { algorithm, signal }),
    resize: ({ volume, ...resizing }) => resizeVolume(list.findVolume(volume), resizing),
    info: ({ volume }) => infoOf(list.findVolume(volume).volume),
    xml: ({ volume }) => formatVolume(list.findVolume(volume).volume, { live: true }),
    path: ({ volume }) => list.findVolume(volume).volume.target?.path ?? "",
    upload: ({ volume, ...part }) => uploadVolume(list.findVolume(volume), part),
    download: ({ volume, ...part }) => downloadVolume(list.findVolume(volume), part),
  };
};

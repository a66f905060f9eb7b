/** What the storage driver does for domains that are made together with their volumes. */
import { ErrorDomain } from "@vireo/model/error-catalogue";
import { virError } from "@vireo/model/error";
import type { DomainVolume, VolumeWork } from "../contract.ts";
import { writeProgram } from "../../host/program-stream.ts";
import type { FoundVolume, PoolList } from "./pool-list.ts";
import { working } from "./volume-change.ts";
import { deleteVolume } from "./volume-change.ts";
import { createVolume, type VolumeMaker } from "./volume-create.ts";

const told = ({ pool, volume }: FoundVolume): DomainVolume => ({
  pool: pool.identity.name,
  name: volume.name,
  path: volume.target?.path ?? "",
  format: formatOf(volume.target?.format?.type),
  capacity: volume.capacity,
});

/** As a disk's driver has to be told. */
const formatOf = (type: string | undefined): string =>
  type === undefined || type === "iso" ? "raw" : type;

const from = ErrorDomain.storage;

export const volumeWork = (maker: VolumeMaker): VolumeWork => {
  const { list } = maker;
  return {
    at: (path) => foundAt(list, path),
    find: (ref) => told(list.findVolume(ref)),
    make: async ({ pool: name, xml, from: source, followed }) => {
      const pool = list.find({ name });
      const { volume } = await createVolume(maker, {
        pool,
        xml,
        followed,
        ...(source === undefined ? {} : { from: list.findVolume(source) }),
      });
      return told({ pool, volume });
    },
    fill: async (ref, bytes) => {
      const found = list.findVolume(ref);
      const path = found.volume.target?.path ?? "";
      await working(found, () => written(path, bytes));
    },
    remove: (ref) => deleteVolume(list.findVolume(ref)),
  };
};

function foundAt(list: PoolList, path: string): DomainVolume {
  for (const pool of list.all())
    for (const volume of pool.live?.volumes.values() ?? [])
      if (volume.target?.path === path) return told({ pool, volume });
  throw virError("noStorageVol", `no active pool has a volume '${path}'`, { from });
}

const written = (path: string, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const into = writeProgram("dd", [`of=${path}`, "bs=1M", "conv=notrunc,nocreat", "status=none"]);
    into.once("error", reject).once("finish", resolve);
    into.end(bytes);
  });

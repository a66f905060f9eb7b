/** Pools that are ZFS pools or data sets; volumes are ZFS volumes. */
import type { StoragePool } from "@vireo/model/storage/pool";
import type { StorageVolume } from "@vireo/model/storage/volume";
import { devicesOf, plain, type PoolBackend, rowsOf, type Run } from "./backend.ts";

const nameOf = ({ source, name }: StoragePool): string => plain(source?.name ?? name);

function volumeOf(pool: string, [full = "", size, reserved]: readonly string[]): StorageVolume {
  const name = full.slice(pool.length + 1);
  const path = `/dev/zvol/${pool}/${name}`;
  const capacity = Number(size);
  return {
    type: "block",
    name,
    key: path,
    capacity,
    allocation: Number(reserved) || 0,
    target: { path },
  };
}

export const zfsBackend = (run: Run): PoolBackend => ({
  scan: async (pool) => {
    const name = nameOf(pool);
    const [[used, available] = []] = rowsOf(
      await run(["zfs", "list", "-Hp", "-o", "used,available", name]),
      "\t",
    );
    const columns = ["-o", "name,volsize,refreservation"];
    const list = await run(["zfs", "list", "-Hp", "-t", "volume", "-r", ...columns, name]);
    return {
      space: { capacity: Number(used) + Number(available), available: Number(available) },
      volumes: rowsOf(list, "\t").map((fields) => volumeOf(name, fields)),
    };
  },
  build: async (pool) => {
    await run(["zpool", "create", nameOf(pool), ...devicesOf(pool).map(plain)]);
  },
  remove: async (pool) => {
    await run(["zpool", "destroy", nameOf(pool)]);
  },
  volumes: {
    create: async (pool, { name, capacity, allocation }) => {
      const sparse = allocation < capacity ? ["-s"] : [];
      const size = `${Math.ceil(capacity / 1024)}K`;
      await run(["zfs", "create", ...sparse, "-V", size, `${nameOf(pool)}/${name}`]);
    },
    remove: async (pool, { name }) => {
      await run(["zfs", "destroy", `${nameOf(pool)}/${name}`]);
    },
  },
});

/** The one pool of all multipath devices. */
import type { StorageVolume } from "@vireo/model/storage/volume";
import { type PoolBackend, rowsOf, type Run } from "./backend.ts";

const SECTOR = 512;

/** A line of `dmsetup table`: `NAME: START SECTORS multipath ...`. */
function volumeOf([name = "", table = ""]: readonly string[]): StorageVolume {
  const [, sectors] = table.split(/\s+/);
  const size = Number(sectors) * SECTOR;
  const path = `/dev/mapper/${name}`;
  return {
    type: "block",
    name,
    key: path,
    capacity: size,
    allocation: size,
    physical: size,
    target: { path },
  };
}

export const mpathBackend = (run: Run): PoolBackend => ({
  scan: async () => {
    // without the kernel's device mapper there are none
    const report = await run(["dmsetup", "table", "--target", "multipath"]).catch(() => "");
    const volumes = rowsOf(report, /:\s+/)
      .filter((fields) => fields.length > 1)
      .map(volumeOf);
    const capacity = volumes.reduce((sum, one) => sum + one.capacity, 0);
    return { space: { capacity, available: 0 }, volumes };
  },
});

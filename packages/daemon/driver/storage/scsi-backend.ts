/** Pools of what a SCSI host adapter sees; its logical units are the volumes. */
import { virError } from "@vireo/model/error";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { PoolBackend, PoolFacts } from "./backend.ts";
import { askHand } from "./storage-hand.ts";

/** The adapter by its number, or by the iSCSI session it stands for. */
export type Adapter = { readonly host: number } | { readonly session: string };

/** The logical units behind an adapter. */
export type Units = (adapter: Adapter, pool: StoragePool) => Promise<PoolFacts>;

const SYS = "/sys";

/** @throws VireoError `systemError` */
export const unitsOf: Units = async (adapter, pool) => {
  const target = pool.target?.path ?? "/dev";
  const what = "host" in adapter ? `host${adapter.host}` : `session${adapter.session}`;
  const units = await askHand(
    { verb: "units", path: SYS, target, ...adapter },
    `cannot look at the logical units of '${what}'`,
  );
  const volumes = units.map(({ address, path, size }) => ({
    type: "block" as const,
    name: `unit:${address}`,
    key: path,
    capacity: size,
    allocation: size,
    physical: size,
    target: { path },
  }));
  const capacity = volumes.reduce((sum, { capacity: one }) => sum + one, 0);
  return { space: { capacity, available: 0 }, volumes };
};

/** @throws VireoError as libvirt words it */
function hostOf({ source }: StoragePool): number {
  const { adapter } = source ?? {};
  if (adapter?.type === "fc_host")
    throw virError("configUnsupported", "virtual HBAs are not supported on this host");
  const [, number] = /^(?:scsi_)?host(\d+)$/.exec(adapter?.name ?? "") ?? [];
  if (number === undefined)
    throw virError("xmlError", `invalid adapter name '${adapter?.name ?? ""}' for SCSI pool`);
  return Number(number);
}

export const scsiBackend = (units: Units): PoolBackend => ({
  scan: async (pool) => {
    const host = hostOf(pool);
    const path = `${SYS}/class/scsi_host/host${host}/scan`;
    await askHand({ verb: "trigger", path }, `Could not open '${path}' to trigger host scan`);
    return units({ host }, pool);
  },
});

/** Pools on an iSCSI server: its logical units are the volumes. */
import { virError } from "@vireo/model/error";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { PoolSource } from "@vireo/model/storage/pool-source";
import { devicesOf, plain, type PoolBackend, rowsOf, type Run } from "./backend.ts";
import type { Units } from "./scsi-backend.ts";

const PORT = 3260;
/** `,1` is the portal group. */
function portalOf({ hosts = [] }: PoolSource): string {
  const [host] = hosts;
  if (host === undefined)
    throw virError("invalidArg", "hostname must be specified for iscsi sources");
  const { name, port } = host;
  return `${plain(name)}:${port === undefined || port === 0 ? PORT : port},1`;
}

function targetOf(pool: StoragePool): string {
  const [target] = devicesOf(pool);
  if (target === undefined) throw virError("internalError", "missing source device");
  return plain(target);
}

const discovery = (source: PoolSource) =>
  [
    "iscsiadm",
    "--mode",
    "discovery",
    "--type",
    "sendtargets",
    "--portal",
    portalOf(source),
  ] as const;

/** The number of the session with a target: `tcp: [9] 10.0.0.1:3260,1 iqn.2001 (non-flash)`. */
async function sessionOf(run: Run, target: string): Promise<string | undefined> {
  const sessions = await run(["iscsiadm", "--mode", "session"]).catch(() => ""); // status 21: none
  const found = rowsOf(sessions, /\s+/).find((fields) => fields.includes(target));
  return found?.map((field) => /^\[(\d+)\]$/.exec(field)?.[1]).find((number) => number);
}

export function iscsiBackend(run: Run, units: Units): PoolBackend {
  const node = (pool: StoragePool, ...rest: readonly string[]) =>
    run([
      "iscsiadm",
      "--mode",
      "node",
      "--portal",
      portalOf(pool.source ?? {}),
      "--targetname",
      targetOf(pool),
      ...rest,
    ]);
  return {
    start: async (pool) => {
      if ((await sessionOf(run, targetOf(pool))) !== undefined) return;
      if (pool.source?.auth !== undefined)
        throw virError("configUnsupported", "CHAP authentication of iscsi pools is not supported");
      // whom the server offers must be known to iscsid before it can log in
      await run(discovery(pool.source ?? {}));
      await node(pool, "--op", "update", "--name", "node.startup", "--value", "manual");
      await node(pool, "--login");
    },
    stop: async (pool) => {
      if ((await sessionOf(run, targetOf(pool))) !== undefined) await node(pool, "--logout");
    },
    scan: async (pool) => {
      const session = await sessionOf(run, targetOf(pool));
      if (session === undefined)
        throw virError("internalError", `no iSCSI session with target '${targetOf(pool)}'`);
      return units({ session }, pool);
    },
    sources: async (wanted) => {
      const found = await run([...discovery(wanted), "--op", "nonpersistent"]);
      const hosts = wanted.hosts?.slice(0, 1) ?? [];
      return rowsOf(found, /\s+/).flatMap(([, target]) =>
        target === undefined ? [] : [{ hosts, devices: [{ path: target }] }],
      );
    },
  };
}

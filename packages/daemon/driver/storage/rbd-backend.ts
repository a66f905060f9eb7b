/** Pools of a Ceph cluster; volumes are RADOS block devices. */
import { virError } from "@vireo/model/error";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { StorageVolume } from "@vireo/model/storage/volume";
import { plain, type PoolBackend, type Run } from "./backend.ts";
import type { Command } from "./command.ts";

const poolName = ({ source, name }: StoragePool): string => plain(source?.name ?? name);

/** Monitors by address. @throws VireoError where the cluster wants a key, which no argument may hold */
function cluster({ source = {} }: StoragePool): readonly string[] {
  if (source.auth !== undefined)
    throw virError("configUnsupported", "authentication of rbd pools is not supported");
  const monitors = (source.hosts ?? []).map(({ name, port }) =>
    port === undefined || port === 0 ? plain(name) : `${plain(name)}:${port}`,
  );
  return ["-m", monitors.join(",")];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The objects of a JSON list. @throws VireoError `internalError` */
function objectsOf(program: string, text: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value.filter(isRecord);
  } catch {
    // told below
  }
  throw virError("internalError", `cannot understand what '${program}' printed`);
}

function volumeOf(pool: string, image: Readonly<Record<string, unknown>>): StorageVolume {
  const { image: name, size } = image;
  const path = `${pool}/${String(name)}`;
  const bytes = Number(size);
  return {
    type: "network",
    name: String(name),
    key: path,
    capacity: bytes,
    allocation: bytes,
    target: { path, format: { type: "raw" } },
  };
}

export const rbdBackend = (run: Run): PoolBackend => {
  const rbd = (pool: StoragePool, ...args: readonly string[]): Promise<string> =>
    run(["rbd", ...cluster(pool), ...args] satisfies Command);
  return {
    scan: async (pool) => {
      const name = poolName(pool);
      const list = await rbd(pool, "--format", "json", "ls", "-l", name);
      const images = objectsOf("rbd ls", list).filter(({ snapshot }) => snapshot === undefined);
      const volumes = images.map((image) => volumeOf(name, image));
      const capacity = volumes.reduce((sum, one) => sum + one.capacity, 0);
      return { space: { capacity, available: 0 }, volumes };
    },
    volumes: {
      create: async (pool, { name, capacity }) => {
        const size = ["--size", `${Math.ceil(capacity / 2 ** 20)}M`];
        await rbd(pool, "create", ...size, `${poolName(pool)}/${name}`);
      },
      remove: async (pool, { name }) => {
        await rbd(pool, "rm", "--no-progress", `${poolName(pool)}/${name}`);
      },
    },
  };
};

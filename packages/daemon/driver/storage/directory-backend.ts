/** Pools that are a directory, which may have to be mounted first; volumes are its files. */
import { virError } from "@vireo/model/error";
import type { StoragePool } from "@vireo/model/storage/pool";
import { readText } from "../../host/file.ts";
import {
  type Building,
  devicesOf,
  type KnownVolumes,
  type PoolBackend,
  type PoolFacts,
  type Run,
} from "./backend.ts";
import { checkFree } from "./device-check.ts";
import type { DirectoryFacts } from "./hand-protocol.ts";
import { netfsSources } from "./netfs-source.ts";
import {
  mountSource,
  poolBuildCommands,
  poolStartCommand,
  poolStopCommand,
} from "./pool-command.ts";
import { askHand } from "./storage-hand.ts";
import { permissionsOf, volumeOfFile } from "./volume-of-file.ts";

/** A file system of terabytes is made in less. */
const BUILD_MS = 10 * 60_000;

export const targetOf = ({ target }: StoragePool): string => target?.path ?? "";

/** /proc writes blanks in paths as octal numbers. */
const unescaped = (field: string): string =>
  field.replaceAll(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );

async function isMounted(pool: StoragePool): Promise<boolean> {
  const mounts = (await readText("/proc/mounts")).split("\n").map((line) => line.split(" "));
  return mounts.some(([, at = ""]) => unescaped(at) === targetOf(pool));
}

/** What was seen of a directory, or of one file in it, as volumes. */
export const factsOfDirectory = (
  pool: StoragePool,
  { space, directory, volumes }: DirectoryFacts,
  known: KnownVolumes,
): PoolFacts => ({
  space,
  permissions: permissionsOf(directory),
  volumes: volumes.map((facts) => volumeOfFile(targetOf(pool), facts, known.get(facts.name))),
});

export const lookAtFile = (path: string): Promise<DirectoryFacts> =>
  askHand({ verb: "look", path }, `cannot stat file '${path}'`);

async function build(run: Run, pool: StoragePool, { overwrite, noOverwrite }: Building) {
  const path = targetOf(pool);
  const { mode, owner, group } = pool.target?.permissions ?? {};
  await askHand(
    { verb: "makeDirectory", path, mode, uid: owner, gid: group },
    `failed to create directory '${path}'`,
  );
  if (overwrite !== true && noOverwrite !== true) return;
  if (devicesOf(pool).length === 0)
    throw virError(
      "operationInvalid",
      `No source device specified when formatting pool '${pool.name}'`,
    );
  if (noOverwrite === true && pool.type === "fs") await checkFree(run, devicesOf(pool));
  for (const command of poolBuildCommands(pool)) await run(command, { timeoutMs: BUILD_MS });
}

const directoryBackend = (run: Run): PoolBackend => ({
  scan: async (pool, known) =>
    factsOfDirectory(
      pool,
      await askHand(
        { verb: "scan", path: targetOf(pool) },
        `cannot open directory '${targetOf(pool)}'`,
      ),
      known,
    ),
  build: (pool, building) => build(run, pool, building),
  remove: async (pool) => {
    const path = targetOf(pool);
    await askHand({ verb: "removeDirectory", path }, `failed to remove pool '${path}'`);
  },
  volumes: "files",
});

const mountedBackend = (run: Run): PoolBackend => ({
  ...directoryBackend(run),
  start: async (pool) => {
    const command = poolStartCommand(pool);
    if (command === undefined || (await isMounted(pool))) return;
    if (mountSource(pool) === "")
      throw virError("internalError", "missing source device for storage pool");
    await run(command);
  },
  stop: async (pool) => {
    const command = poolStopCommand(pool);
    if (command !== undefined && (await isMounted(pool))) await run(command);
  },
});

export const directoryBackends = (run: Run) =>
  ({
    dir: directoryBackend(run),
    fs: mountedBackend(run),
    netfs: { ...mountedBackend(run), sources: (wanted) => netfsSources(run, wanted) },
    vstorage: mountedBackend(run),
  }) as const satisfies Readonly<Record<string, PoolBackend>>;

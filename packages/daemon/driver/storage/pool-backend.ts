/** How the kinds of pools are started, looked at and taken down. */
import { virError } from "@vireo/model/error";
import type { StoragePool } from "@vireo/model/storage/pool";
import { POOL_TYPES, type PoolType } from "@vireo/model/storage/pool-kind";
import { readText } from "../../host/file.ts";
import type { DirectoryFacts } from "./hand-protocol.ts";
import {
  mountSource,
  poolBuildCommands,
  poolStartCommand,
  poolStopCommand,
} from "./pool-command.ts";
import { askHand, runCommand } from "./storage-hand.ts";

/** Kinds whose volumes are files of a directory. */
const DIRECTORY_KINDS: ReadonlySet<PoolType> = new Set(["dir", "fs", "netfs"]);
const MOUNTED_KINDS: ReadonlySet<PoolType> = new Set(["fs", "netfs"]);
/** A file system of terabytes is made in less. */
const BUILD_MS = 10 * 60_000;

export const targetOf = ({ target }: StoragePool): string => target?.path ?? "";

/** @throws VireoError `internalError` in libvirt's words for a kind that this host cannot run */
export function checkBackend({ type }: StoragePool): void {
  if (DIRECTORY_KINDS.has(type)) return;
  const number = POOL_TYPES.indexOf(type);
  throw virError("internalError", `missing backend for pool type ${number} (${type})`);
}

/** /proc writes blanks in paths as octal numbers. */
const unescaped = (field: string): string =>
  field.replaceAll(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );

async function isMounted(pool: StoragePool): Promise<boolean> {
  const mounts = (await readText("/proc/mounts")).split("\n").map((line) => line.split(" "));
  return mounts.some(([, at = ""]) => unescaped(at) === targetOf(pool));
}

/** Makes the pool's storage appear on the host. */
export async function startBackend(pool: StoragePool): Promise<void> {
  checkBackend(pool);
  const command = poolStartCommand(pool);
  if (command === undefined || (MOUNTED_KINDS.has(pool.type) && (await isMounted(pool)))) return;
  if (mountSource(pool) === "")
    throw virError("internalError", "missing source device for storage pool");
  await runCommand(command);
}

export async function stopBackend(pool: StoragePool): Promise<void> {
  const command = poolStopCommand(pool);
  if (command === undefined || (MOUNTED_KINDS.has(pool.type) && !(await isMounted(pool)))) return;
  await runCommand(command);
}

export const scanBackend = (pool: StoragePool): Promise<DirectoryFacts> =>
  askHand({ verb: "scan", path: targetOf(pool) }, `cannot open directory '${targetOf(pool)}'`);

export const lookBackend = (path: string): Promise<DirectoryFacts> =>
  askHand({ verb: "look", path }, `cannot stat file '${path}'`);

interface Building {
  readonly overwrite?: boolean | undefined;
  readonly noOverwrite?: boolean | undefined;
}

/** A device that holds a file system is not made anew unless that is wished. */
async function checkEmpty(pool: StoragePool): Promise<void> {
  const [device = ""] = (pool.source?.devices ?? []).map(({ path }) => path);
  const found = await runCommand(["blkid", "-p", "-o", "value", "-s", "TYPE", device]).catch(
    () => "", // it answers with status 2 when there is nothing
  );
  if (found.trim() !== "")
    throw virError(
      "storagePoolBuilt",
      `Device '${device}' already formatted using '${found.trim()}'`,
    );
}

/** Makes the directory and, when asked, the file system in it. */
export async function buildBackend(
  pool: StoragePool,
  { overwrite, noOverwrite }: Building,
): Promise<void> {
  if (overwrite === true && noOverwrite === true)
    throw virError("invalidArg", "overwrite and no overwrite flags are mutually exclusive");
  checkBackend(pool);
  const path = targetOf(pool);
  const { mode, owner, group } = pool.target?.permissions ?? {};
  const ownership = { mode, uid: owner, gid: group };
  await askHand(
    { verb: "makeDirectory", path, ...ownership },
    `failed to create directory '${path}'`,
  );
  if (overwrite !== true && noOverwrite !== true) return;
  if (noOverwrite === true && pool.type === "fs") await checkEmpty(pool);
  for (const command of poolBuildCommands(pool)) await runCommand(command, { timeoutMs: BUILD_MS });
}

export async function deleteBackend(pool: StoragePool): Promise<void> {
  checkBackend(pool);
  const path = targetOf(pool);
  await askHand({ verb: "removeDirectory", path }, `failed to remove pool '${path}'`);
}

/** Making volumes: new ones, and copies. */
import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { badArgument, isError, virError } from "@vireo/model/error";
import type { PoolIdentity } from "@vireo/model/operation/storage-value";
import { parseVolume } from "@vireo/model/storage/parse-volume";
import { POOL_KINDS } from "@vireo/model/storage/pool-kind";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { Followed, Secrets } from "../contract.ts";
import type { Command } from "./command.ts";
import { lacking, type VolumeBackend } from "./backend.ts";
import { lookAtFile, targetOf } from "./directory-backend.ts";
import type { FoundVolume, PoolList } from "./pool-list.ts";
import type { Pool } from "./pool.ts";
import { askHand, runCommand } from "./storage-hand.ts";
import { imageFormat, volumeCommands, type KeyedVolume } from "./volume-command.ts";
import { appearWhole, type Unfinished } from "./unfinished-file.ts";
import { lookAtVolume, volumesOf } from "./volume-look.ts";

/** Allocating or copying terabytes takes its time. */
export const LONG_MS = 6 * 3_600_000;

export interface VolumeMaker extends Unfinished {
  readonly list: PoolList;
  readonly secrets: Secrets | undefined;
  /** Where files with passphrases stand while qemu-img reads them. */
  readonly scratch: string;
}

export interface Making {
  readonly pool: Pool;
  readonly xml: string;
  readonly preallocate?: boolean | undefined;
  readonly reflink?: boolean | undefined;
  /** Copy from here. */
  readonly from?: FoundVolume | undefined;
  /** Who wants to know how far it is, and may end it. */
  readonly followed?: Followed | undefined;
}

/** A volume's name is the name of its file, and nothing else. */
export function checkVolumeName(name: string): void {
  if (name.includes("/"))
    throw virError("operationInvalid", `volume name '${name}' cannot contain '/'`);
  if (name === "." || name === ".." || name.includes("\0"))
    throw virError("operationInvalid", `volume name '${name}' is not allowed`);
}

/** Reads the wish and gives it its place in the pool. */
function wanted({ pool, xml, from }: Making): StorageVolume {
  const { definition, volumes } = pool.active();
  const volume = parseVolume(definition.type, xml, {
    capacity: from === undefined ? "backing" : "none",
  });
  if (volumes.has(volume.name) || pool.building.has(volume.name))
    throw from === undefined
      ? virError("storageVolExist", `'${volume.name}'`)
      : virError("internalError", `storage volume name '${volume.name}' already in use.`);
  checkVolumeName(volume.name);
  const path = join(targetOf(definition), volume.name);
  const capacity = Math.max(volume.capacity, from?.volume.capacity ?? 0);
  return { ...volume, capacity, key: path, target: { ...volume.target, path } };
}

const pathOf = ({ target }: StorageVolume): string => target?.path ?? "";

/** Whether qemu-img has a say; plain raw files are made without it. */
const isPlain = (volume: StorageVolume): boolean => imageFormat(volume) === "raw";

async function makeRaw(volume: StorageVolume, signal: AbortSignal | undefined): Promise<void> {
  const path = pathOf(volume);
  if (volume.backingStore !== undefined)
    throw lacking("backing storage not supported for raw volumes");
  await askHand(
    { verb: "createRaw", path, capacity: volume.capacity, ...ownershipOf(volume) },
    `cannot create path '${path}'`,
  );
  if (volume.allocation > 0) await allocate(path, volume.allocation, signal);
}

/** Takes room from the file system at once. */
export async function allocate(path: string, bytes: number, signal?: AbortSignal): Promise<void> {
  await runCommand(["fallocate", "--length", String(bytes), "--", path], {
    timeoutMs: LONG_MS,
    signal,
  }).catch((error: unknown) => {
    const why = isError(error) ? reasonOf(error.message) : "";
    throw virError("systemError", `cannot allocate ${bytes} bytes in file '${path}'${why}`, {
      cause: error,
    });
  });
}

/** The last words of a program are the system's reason. */
const reasonOf = (message: string): string => {
  const [, reason] = /: ([^:]+)$/.exec(message.trim()) ?? [];
  return reason === undefined ? "" : `: ${reason}`;
};

const ownershipOf = ({ target }: StorageVolume) => {
  const { mode, owner, group } = target?.permissions ?? {};
  return { mode, uid: owner, gid: group };
};

/** Does `work` with a file that holds the volume's passphrase, and removes it whatever happens. */
async function keyed<T>(
  { secrets, scratch }: VolumeMaker,
  volume: StorageVolume,
  work: (keyed: KeyedVolume) => Promise<T>,
): Promise<T> {
  const encryption = volume.target?.encryption;
  if (encryption === undefined) return work({ volume });
  const [secret] = encryption.secrets ?? [];
  if (secret === undefined || secrets === undefined)
    throw virError(
      "invalidArg",
      "A single <secret type='passphrase'...> element is expected in encryption description",
    );
  const value = secrets.value(
    secret.uuid === undefined ? { usage: "volume", id: secret.usage ?? "" } : { uuid: secret.uuid },
  );
  const secretFile = join(scratch, `secret-${randomBytes(8).toString("hex")}`);
  try {
    await writeFile(secretFile, value, { mode: 0o600, flag: "wx" });
    return await work({ volume, secretFile });
  } finally {
    await rm(secretFile, { force: true });
  }
}

/** On a busy host qemu-img cannot always measure how many rounds a LUKS key takes; it can the next time. */
const UNMEASURED = "Unable to get accurate CPU usage";
const MEASURING_ATTEMPTS = 3;

async function runMeasuring(command: Command, followed: Followed): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await runFollowed(command, followed);
      return;
    } catch (error) {
      const unmeasured = isError(error) && error.message.includes(UNMEASURED);
      if (!unmeasured || attempt === MEASURING_ATTEMPTS) throw error;
    }
  }
}

/** `    (12.34/100%)`, again and again on the same line. */
const PER_CENT = /\((\d+\.\d+)\/100%\)(?!.*\()/;

/** A copy tells how far it is when somebody wants to know. */
async function runFollowed(command: Command, { signal, progress }: Followed): Promise<void> {
  const [program, verb, ...rest] = command;
  const isCopy = program === "qemu-img" && verb === "convert";
  const shown: Command = isCopy && progress ? [program, verb, "-p", ...rest] : command;
  const onOutput = (piece: string): void => {
    const done = PER_CENT.exec(piece)?.[1];
    if (done !== undefined) progress?.({ done: Number(done), total: 100 });
  };
  await runCommand(shown, { timeoutMs: LONG_MS, signal, onOutput });
}

async function runAll(commands: readonly Command[], followed: Followed): Promise<void> {
  for (const command of commands) await runMeasuring(command, followed);
}

async function makeImage(maker: VolumeMaker, volume: StorageVolume, making: Making): Promise<void> {
  const { from, preallocate = false, followed = {} } = making;
  await keyed(maker, volume, (target) =>
    from === undefined
      ? runAll(volumeCommands({ ...target, preallocate }), followed)
      : keyed(maker, from.volume, (input) =>
          runAll(volumeCommands({ ...target, input, preallocate }), followed),
        ),
  );
  if (from !== undefined && isPlain(volume) && volume.allocation >= volume.capacity)
    await allocate(pathOf(volume), volume.capacity, followed.signal);
  if (from !== undefined && volume.capacity > from.volume.capacity)
    await runCommand([
      "qemu-img",
      "resize",
      "-f",
      imageFormat(volume),
      pathOf(volume),
      String(volume.capacity),
    ]);
  await askHand(
    { verb: "own", path: pathOf(volume), mode: 0o600, ...given(ownershipOf(volume)) },
    `cannot set owner and mode of '${pathOf(volume)}'`,
  );
}

/** A copy that shares its blocks, where the file system can. @throws VireoError */
async function copyByReference(volume: StorageVolume, { from, followed }: Making): Promise<void> {
  if (from === undefined || !isPlain(volume) || !isPlain(from.volume))
    throw badArgument("unsupported flags (0x2) in function storageBackendCreateQemuImg", {
      function: "storageBackendCreateQemuImg",
      argument: "flags",
    });
  const [source, target] = [pathOf(from.volume), pathOf(volume)];
  const copy: Command = ["cp", "--reflink=always", "--no-target-directory", "--", source, target];
  const { signal } = followed ?? {};
  await runCommand(copy, { timeoutMs: LONG_MS, signal }).catch((cause: unknown) => {
    throw virError("systemError", `failed to clone files from '${source}'`, { cause });
  });
  await askHand(
    { verb: "own", path: target, mode: 0o600, ...given(ownershipOf(volume)) },
    `cannot set owner and mode of '${target}'`,
  );
}

/** Without what is undefined. */
const given = ({ mode, uid, gid }: ReturnType<typeof ownershipOf>) => ({
  ...(mode === undefined ? {} : { mode }),
  ...(uid === undefined ? {} : { uid }),
  ...(gid === undefined ? {} : { gid }),
});

async function makeDirectory(volume: StorageVolume): Promise<void> {
  const path = pathOf(volume);
  await askHand(
    { verb: "makeDirectory", path, ...ownershipOf(volume) },
    `cannot create directory '${path}'`,
  );
}

function make(maker: VolumeMaker, volume: StorageVolume, making: Making): Promise<void> {
  const { from, reflink = false, preallocate = false, followed } = making;
  if (preallocate && isPlain(volume))
    throw virError("configUnsupported", "metadata preallocation is not supported for raw volumes");
  if (preallocate && volume.backingStore !== undefined)
    throw virError("configUnsupported", "metadata preallocation conflicts with backing store");
  if (reflink) return copyByReference(volume, making);
  return from === undefined && isPlain(volume)
    ? makeRaw(volume, followed?.signal)
    : makeImage(maker, volume, making);
}

/**
 * Makes a volume; when that fails nothing of it is left behind.
 * @throws VireoError
 */
export async function createVolume(
  maker: VolumeMaker,
  making: Making,
): Promise<{ pool: PoolIdentity; volume: StorageVolume }> {
  const { pool } = making;
  const kind = volumesOf(pool.active().definition);
  if (kind === undefined) throw lacking("storage pool does not support volume creation");
  const from = making.from && (await seenAgain(making.from));
  const volume = wanted({ ...making, from });
  const { name } = volume;
  const busy = [pool, ...(from === undefined ? [] : [from.pool])];
  for (const one of busy) one.reachable();
  for (const one of busy) one.jobs += 1;
  pool.building.add(name);
  try {
    const made = { ...making, from };
    await (kind === "files" ? makeFile(maker, volume, made) : makeOther(kind, volume, made));
    await lookAtVolume(pool, volume);
  } finally {
    pool.building.delete(name);
    for (const one of busy) one.jobs -= 1;
  }
  return { pool: pool.identity, volume: pool.volume(name) };
}

/** The source of a copy as it is now: somebody may have written to it behind the pool's back. */
async function seenAgain({ pool, volume }: FoundVolume): Promise<FoundVolume> {
  pool.reachable();
  await lookAtVolume(pool, volume);
  return { pool, volume: pool.volume(volume.name) };
}

async function makeFile(maker: VolumeMaker, volume: StorageVolume, making: Making): Promise<void> {
  const path = pathOf(volume);
  await checkFree(path);
  const { format } = volume.target ?? {};
  if (format?.type === "dir") await makeDirectory(volume);
  else if (NAMED_INSIDE.has(format?.type ?? "")) await makeInPlace(maker, volume, making);
  else
    await appearWhole(maker, { path, operation: "create-volume" }, (hidden) =>
      make(maker, { ...volume, target: { ...volume.target, path: hidden } }, making),
    );
}

/** Images that have the names of their files in them. */
const NAMED_INSIDE: ReadonlySet<string> = new Set(["vmdk", "ploop"]);

async function makeInPlace(
  maker: VolumeMaker,
  volume: StorageVolume,
  making: Making,
): Promise<void> {
  await make(maker, volume, making).catch(async (error: unknown) => {
    await askHand({ verb: "remove", path: pathOf(volume) }, "").catch(() => undefined); // as far as it came
    throw error;
  });
}

/** A volume that is no file; a copy is made as an empty one that is written then. */
async function makeOther(
  kind: VolumeBackend,
  volume: StorageVolume,
  { pool: { definition }, from, followed = {} }: Making,
): Promise<void> {
  if (from !== undefined && POOL_KINDS[definition.type].volumes !== "block")
    throw lacking("storage pool does not support volume creation from an existing volume");
  await kind.create(definition, volume);
  if (from === undefined) return;
  const convert: Command = [
    "qemu-img",
    "convert",
    "-n",
    "-f",
    imageFormat(from.volume),
    "-O",
    "raw",
  ];
  const copy: Command = [...convert, pathOf(from.volume), pathOf(volume)];
  await runFollowed(copy, followed).catch(async (error: unknown) => {
    await kind.remove(definition, volume).catch(() => undefined);
    throw error;
  });
}

/** What is on disk but not in the pool is nobody's to overwrite. */
async function checkFree(path: string): Promise<void> {
  const { volumes } = await lookAtFile(path);
  if (volumes.length > 0)
    throw virError("operationFailed", `volume target path '${path}' already exists`);
}

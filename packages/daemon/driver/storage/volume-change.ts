/** Changing volumes: resizing, wiping, removing. */
import { constants } from "node:os";
import { systemError, virError } from "@vireo/model/error";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { Command } from "./command.ts";
import type { Call } from "../contract.ts";
import { lacking } from "./backend.ts";
import { lookAtVolume, volumesOf } from "./volume-look.ts";
import type { FoundVolume } from "./pool-list.ts";
import { askHand, runCommand } from "./storage-hand.ts";
import { imageFormat } from "./volume-command.ts";
import { allocate, LONG_MS } from "./volume-create.ts";

const pathOf = ({ target }: StorageVolume): string => target?.path ?? "";

/** Does `work` on a volume while its pool may not be stopped, and looks at what became of it. */
export async function working<T>(
  { pool, volume }: FoundVolume,
  work: () => Promise<T>,
): Promise<T> {
  if (pool.building.has(volume.name))
    throw virError("operationInvalid", `volume '${volume.name}' is still being allocated.`);
  pool.reachable();
  pool.jobs += 1;
  try {
    return await work();
  } finally {
    // whether it went well or not, what is there now counts
    await lookAtVolume(pool, volume).catch(() => undefined);
    pool.jobs -= 1;
  }
}

/** `putAway` keeps a file for somebody who reads it, instead of removing it. */
export async function deleteVolume(
  found: FoundVolume,
  putAway?: (path: string) => Promise<unknown>,
): Promise<void> {
  const { pool, volume } = found;
  const path = pathOf(volume);
  const kind = volumesOf(pool.definition);
  if (kind === undefined) throw lacking("storage pool does not support vol deletion");
  await working(found, (): Promise<unknown> => {
    if (kind !== "files") return kind.remove(pool.definition, volume);
    if (putAway !== undefined) return putAway(path);
    return volume.type === "dir"
      ? askHand({ verb: "removeDirectory", path }, `failed to remove directory '${path}'`)
      : askHand({ verb: "remove", path }, `cannot unlink file '${path}'`);
  });
}

type Resizing = Omit<OperationInput<"storageVolume", "resize">, "volume">;

/** The capacity that is meant. @throws VireoError as libvirt words it */
function capacityOf(
  { volume, pool }: FoundVolume,
  { capacity: asked, delta = false, shrink = false, allocate: allocated = false }: Resizing,
): number {
  const capacity = delta ? volume.capacity + (shrink ? -asked : asked) : asked;
  if (capacity < volume.allocation)
    throw virError("invalidArg", "can't shrink capacity below existing allocation");
  if (capacity < volume.capacity && !shrink)
    throw virError(
      "invalidArg",
      "Can't shrink capacity below current capacity unless shrink flag explicitly specified",
    );
  if (allocated && capacity > volume.capacity + pool.active().space.available)
    throw virError("operationFailed", "Not enough space left in storage pool");
  return capacity;
}

export async function resizeVolume(found: FoundVolume, resizing: Resizing): Promise<void> {
  const { volume, pool } = found;
  if (volumesOf(pool.definition) !== "files")
    throw lacking("storage pool does not support changing of volume capacity");
  const capacity = capacityOf(found, resizing);
  const { shrink = false, allocate: full = false } = resizing;
  const format = imageFormat(volume);
  if (full && format !== "raw")
    throw virError("operationUnsupported", "preallocate is only supported for raw type volume");
  const path = pathOf(volume);
  const command: Command = [
    "qemu-img",
    "resize",
    "-f",
    format,
    ...(shrink ? ["--shrink"] : []),
    path,
    String(capacity),
  ];
  await working(found, async () => {
    await runCommand(command, { timeoutMs: LONG_MS });
    if (full) await allocate(path, capacity);
  });
}

/** Patterns that `scrub` writes, by libvirt's names of the algorithms. */
const SCRUB: Readonly<Record<string, string>> = {
  nnsa: "nnsa",
  dod: "dod",
  bsi: "bsi",
  gutmann: "gutmann",
  schneier: "schneier",
  pfitzner7: "pfitzner7",
  pfitzner33: "pfitzner33",
  random: "random",
};

export async function wipeVolume(
  found: FoundVolume,
  {
    algorithm,
    signal,
  }: Pick<OperationInput<"storageVolume", "wipe">, "algorithm"> & Pick<Call, "signal">,
): Promise<void> {
  const { volume } = found;
  const path = pathOf(volume);
  if (volume.type === "dir")
    throw systemError(`Failed to open storage volume with path '${path}'`, {
      errno: constants.errno.EISDIR,
      reason: "Is a directory",
    });
  if (volume.type === "network") throw lacking("storage pool doesn't support wiping of volumes");
  if (algorithm === "trim") throw virError("argumentUnsupported", "'trim' algorithm not supported");
  await working(found, async () => {
    const pattern = SCRUB[algorithm];
    if (pattern !== undefined)
      await runCommand(["scrub", "-f", "-p", pattern, path], { timeoutMs: LONG_MS, signal });
    else
      for (const command of zeroCommands(volume))
        await runCommand(command, { timeoutMs: LONG_MS, signal });
  });
}

/** Of a file with holes the blocks are given back instead: what has none need not be overwritten. */
function zeroCommands(volume: StorageVolume): readonly Command[] {
  const path = pathOf(volume);
  const size = volume.physical ?? volume.capacity;
  if (volume.allocation < size)
    return [
      ["truncate", "--size=0", "--", path],
      ["truncate", `--size=${size}`, "--", path],
    ];
  return [
    [
      "dd",
      "if=/dev/zero",
      `of=${path}`,
      "bs=1M",
      `count=${size}`,
      "iflag=count_bytes",
      "conv=notrunc,fdatasync",
      "status=none",
    ],
  ];
}

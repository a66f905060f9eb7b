/** Which images the file commands are about, and whether it is safe to touch them. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Disk } from "@vireo/model/domain/device/disk";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { OPERATIONS } from "@vireo/model/operation/operations";
import { CommandError } from "../../answer.ts";
import type { Connection } from "../../connection.ts";
import { findVolume } from "../../find-volume.ts";
import { findDomain } from "../../lookup.ts";

export interface ChosenDisk {
  readonly path: string;
  /** Undefined when libguestfs is to find out. */
  readonly format: string | undefined;
}

const INACTIVE = 2;

/** Undefined when it is not on this host. */
async function pathOf(connection: Connection, { type, source }: Disk): Promise<string | undefined> {
  const { file, dev, pool, volume }: Readonly<Record<string, unknown>> = { ...source };
  if (type === "volume") {
    const vol = await findVolume(connection, String(volume), { pool: String(pool) });
    return (await connection.call("storageVolGetPath", { vol })).name;
  }
  const path = file ?? dev;
  return typeof path === "string" ? path : undefined;
}

async function disksOfDomain(connection: Connection, word: string): Promise<ChosenDisk[]> {
  const dom = await findDomain(connection, word);
  if (dom.id !== -1)
    throw new CommandError(
      `domain '${dom.name}' runs: its disks change while they are looked at; shut it off first`,
    );
  const { xml } = await connection.call("domainGetXmlDesc", { dom, flags: INACTIVE });
  const found: ChosenDisk[] = [];
  for (const disk of parseDomain(xml).domain.devices?.disks ?? []) {
    if (disk.device !== undefined && disk.device !== "disk") continue;
    const path = await pathOf(connection, disk);
    if (path !== undefined) found.push({ path, format: disk.driver?.type ?? "raw" });
  }
  if (found.length === 0) throw new CommandError(`domain '${dom.name}' has no disk on this host`);
  return found;
}

/** @throws CommandError when a running domain reads it, or when others would see what is written */
async function checkReaders(connection: Connection, path: string, writes: boolean): Promise<void> {
  const known = await connection.run(OPERATIONS.image.why, { path }).catch(() => undefined); // nobody knows it
  const readers = known?.readers ?? [];
  const reader =
    readers.find((who) => who.startsWith("running domain")) ??
    (writes ? readers.find((who) => who.includes("a layer upon it")) : undefined);
  if (reader !== undefined) throw new CommandError(`image '${path}' is read by ${reader}`);
}

/** @param word a domain, or a path, which has a slash */
export async function chooseDisks(
  connection: Connection,
  word: string,
  writes: boolean,
): Promise<readonly ChosenDisk[]> {
  const disks = word.includes("/")
    ? [{ path: resolve(word), format: undefined }]
    : await disksOfDomain(connection, word);
  for (const { path } of disks) {
    if (!existsSync(path)) throw new CommandError(`there is no image '${path}' on this host`);
    await checkReaders(connection, path, writes);
  }
  return disks;
}

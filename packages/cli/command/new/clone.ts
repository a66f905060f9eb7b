/** Makes a domain like another one. */
import type { Disk } from "@vireo/model/domain/device/disk";
import type { Domain } from "@vireo/model/domain/domain";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { attempt, CommandError, done, type Answer } from "../../answer.ts";
import type { newDomainCommands } from "../../catalog/new-domain.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { Connection } from "../../connection.ts";
import { findVolume } from "../../find-volume.ts";
import { findDomain } from "../../lookup.ts";
import { makeVolume, type Making } from "../../new-volume.ts";
import { Rollback } from "../../rollback.ts";
import { formatOf } from "./volume-format.ts";

type Wish = ArgumentsOf<(typeof newDomainCommands)["clone"]>;

const INACTIVE_SECURE = 3;
const KEEP_NOTHING = 4;

/** A disk of each domain: as it was, or a new one. */
interface Pair {
  readonly original: Disk;
  readonly copy: Disk;
}

async function volumeOf(connection: Connection, { type, source }: Disk) {
  const { file, dev, pool, volume }: Readonly<Record<string, unknown>> = { ...source };
  if (type === "volume")
    return await findVolume(connection, String(volume), { pool: String(pool) });
  const path = file ?? dev;
  if (path === undefined) throw new CommandError("a disk is on no volume of a pool");
  return await findVolume(connection, String(path), { pool: undefined });
}

const onFile = (disk: Disk, file: string, type: "qcow2" | undefined): Disk => {
  const { backingStore: _below, ...rest } = disk;
  const driver = { ...disk.driver, ...(type === undefined ? {} : { type }) };
  return { ...rest, type: "file", source: { file }, driver };
};

/** Bytes that the guest sees. */
async function sizeOf(connection: Connection, vol: Awaited<ReturnType<typeof volumeOf>>) {
  return (await connection.call("storageVolGetInfo", { vol })).capacity;
}

let unique = 0;
const layerName = (domain: string, target: string): string =>
  `${domain}-${target}-${Date.now().toString(36)}${(unique += 1)}.qcow2`;

async function cloned(making: Making, disk: Disk, names: readonly [string, Wish]): Promise<Pair> {
  const { connection } = making;
  const [name, { newname, linked }] = names;
  const isOwn = disk.device === undefined || disk.device === "disk";
  if (!isOwn || disk.readonly === true || disk.shareable === true || disk.source === undefined)
    return { original: disk, copy: disk };
  const vol = await volumeOf(connection, disk);
  const [format, capacity] = [await formatOf(connection, vol), await sizeOf(connection, vol)];
  const target = disk.target?.dev ?? "disk";
  if (!linked) {
    const wish = { pool: vol.pool, name: `${newname}-${target}.${format}`, capacity, format };
    const { path } = await makeVolume(making, wish, vol);
    return { original: disk, copy: onFile(disk, path, undefined) };
  }
  const { name: backingPath } = await connection.call("storageVolGetPath", { vol });
  const layer = async (domain: string): Promise<Disk> => {
    const wish = {
      pool: vol.pool,
      name: layerName(domain, target),
      capacity,
      format: "qcow2",
      backing: { path: backingPath, format },
    };
    return onFile(disk, (await makeVolume(making, wish)).path, "qcow2");
  };
  return { original: await layer(name), copy: await layer(newname) };
}

const withDisks = (domain: Domain, disks: readonly Disk[]): Domain => ({
  ...domain,
  devices: { ...domain.devices, disks },
});

/** Without what only one domain may have. */
function anonymous({ uuid: _uuid, os, ...domain }: Domain, name: string): Domain {
  const { nvram: _nvram, ...booted } = os ?? {};
  const interfaces = (domain.devices?.interfaces ?? []).map(({ mac: _mac, ...one }) => one);
  const devices = { ...domain.devices, interfaces };
  return { ...domain, name, devices, ...(os === undefined ? {} : { os: booted }) };
}

async function makeClone(making: Making, wish: Wish): Promise<void> {
  const { connection, steps } = making;
  const dom = await findDomain(connection, wish.domain);
  if (dom.id !== -1) throw new CommandError("the domain must be shut off");
  const { xml } = await connection.call("domainGetXmlDesc", { dom, flags: INACTIVE_SECURE });
  const { domain } = parseDomain(xml);
  const pairs: Pair[] = [];
  for (const disk of domain.devices?.disks ?? [])
    pairs.push(await cloned(making, disk, [dom.name, wish]));
  const copy = anonymous(
    withDisks(
      domain,
      pairs.map((pair) => pair.copy),
    ),
    wish.newname,
  );
  const made = await connection.call("domainDefineXml", {
    xml: formatDomain(copy, { secure: true }),
  });
  steps.add(() => connection.call("domainUndefineFlags", { dom: made.dom, flags: KEEP_NOTHING }));
  if (!wish.linked) return;
  const kept = withDisks(
    domain,
    pairs.map((pair) => pair.original),
  );
  await connection.call("domainDefineXml", { xml: formatDomain(kept, { secure: true }) });
}

export async function cloneDomain(wish: Wish, connection: Connection): Promise<Answer> {
  await attempt(
    `Failed to clone domain '${wish.domain}'`,
    Rollback.around((steps) => makeClone({ connection, steps }, wish)),
  );
  return done(`Domain '${wish.newname}' cloned from '${wish.domain}'`);
}

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { cloudInitSeed } from "@vireo/sdk/seed-image";
import { attempt, CommandError, done, type HandlersOf } from "../../answer.ts";
import type { newDomainCommands } from "../../catalog/new-domain.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { Connection } from "../../connection.ts";
import { findVolume } from "../../find-volume.ts";
import { fillVolume, makeVolume, type Making } from "../../new-volume.ts";
import { readDescription } from "../../read-file.ts";
import { Rollback } from "../../rollback.ts";
import { keyValues, planXml, type DiskPlace, type DomainPlan } from "./domain-wish.ts";
import { formatOf } from "./volume-format.ts";

type Wish = ArgumentsOf<(typeof newDomainCommands)["domain-create"]>;

const GIB = 1024 ** 3;
const DEFAULT_MEMORY_MIB = 1024;
const DEFAULT_POOL = "default";

/** KVM only where the daemon saw it work. */
async function typeOf(connection: Connection, wish: Wish): Promise<"kvm" | "qemu"> {
  if (wish.type === "kvm" || wish.type === "qemu") return wish.type;
  if (wish.type !== undefined) throw new CommandError(`type '${wish.type}' is not kvm or qemu`);
  const { capabilities } = await connection.call("connectGetCapabilities");
  return capabilities.includes("<domain type='kvm'") ? "kvm" : "qemu";
}

/** Where Debian and Red Hat keep them, below the directory that was named. */
const INSTALLERS = [
  ["linux", "initrd.gz"],
  ["vmlinuz", "initrd.gz"],
  ["vmlinuz", "initrd"],
  ["debian-installer/amd64/linux", "debian-installer/amd64/initrd.gz"],
  ["install.amd/vmlinuz", "install.amd/initrd.gz"],
  ["images/pxeboot/vmlinuz", "images/pxeboot/initrd.img"],
] as const;

function installerOf({ location, "extra-args": args = "" }: Wish): DomainPlan["installer"] {
  if (location === undefined) return undefined;
  for (const [kernel, initrd] of INSTALLERS) {
    const [one, other] = [resolve(location, kernel), resolve(location, initrd)];
    if (existsSync(one) && existsSync(other)) return { kernel: one, initrd: other, args };
  }
  throw new CommandError(`no kernel and initrd of an installer below '${location}'`);
}

async function sizedDisk(
  making: Making | undefined,
  wish: Wish,
  parts: ReadonlyMap<string, string>,
): Promise<DiskPlace> {
  const size = Number(parts.get("size"));
  if (!(size > 0)) throw new CommandError(`size '${parts.get("size") ?? ""}' is no number of GiB`);
  const format = parts.get("format") ?? "qcow2";
  const name = `${wish.name}.${format}`;
  if (making === undefined) return { path: join("/", name), format };
  const pool = parts.get("pool") ?? DEFAULT_POOL;
  const capacity = BigInt(Math.round(size * GIB));
  const { path } = await makeVolume(making, { pool, name, capacity, format });
  return { path, format };
}

/** @param making absent when nothing is to be made: then a new disk has a path that tells its name */
async function diskOf(
  connection: Connection,
  wish: Wish,
  making: Making | undefined,
): Promise<DiskPlace | undefined> {
  const { disk = "none" } = wish;
  if (disk === "none") return undefined;
  const parts = keyValues(disk, ["size", "pool", "format", "path", "volume"]);
  if (parts.has("size")) return await sizedDisk(making, wish, parts);
  const [path, volume] = [parts.get("path"), parts.get("volume")];
  if (path !== undefined) return { path: resolve(path), format: parts.get("format") ?? "qcow2" };
  if (volume === undefined) throw new CommandError(`'${disk}' has no size, path or volume`);
  const vol = await findVolume(connection, volume, { pool: parts.get("pool") ?? DEFAULT_POOL });
  const { name: at } = await connection.call("storageVolGetPath", { vol });
  return { path: at, format: await formatOf(connection, vol) };
}

async function seedOf(wish: Wish, making: Making | undefined): Promise<string | undefined> {
  const { "cloud-init": file, "network-config": network, name } = wish;
  if (file === undefined) return undefined;
  const image = cloudInitSeed({
    instance: name,
    userData: await readDescription(file),
    ...(network === undefined ? {} : { networkConfig: await readDescription(network) }),
  });
  const volume = `${name}-seed.iso`;
  if (making === undefined) return `/${volume}`;
  const parts = new Map(
    (wish.disk ?? "").split(",").map((part) => part.split("=") as [string, string]),
  ); // keyValues has read it
  const pool = parts.get("pool") ?? DEFAULT_POOL;
  const capacity = BigInt(image.length);
  const { vol, path } = await makeVolume(making, { pool, name: volume, capacity, format: "raw" });
  await fillVolume(making.connection, vol, [image]);
  return path;
}

async function planOf(
  connection: Connection,
  wish: Wish,
  making: Making | undefined,
): Promise<DomainPlan> {
  const { name, memory = DEFAULT_MEMORY_MIB, vcpus = 1 } = wish;
  if (wish.import && (wish.disk ?? "").includes("size="))
    throw new CommandError("--import wants a disk that is there");
  return {
    name,
    memoryMiB: memory,
    vcpus,
    type: await typeOf(connection, wish),
    disk: await diskOf(connection, wish, making),
    cdrom: wish.cdrom === undefined ? undefined : resolve(wish.cdrom),
    seed: await seedOf(wish, making),
    network: wish.network ?? "user",
    graphics: wish.graphics ?? "vnc",
    boot: wish.boot,
  };
}

/** Defined first: whatever becomes of the guest, the domain is known. */
async function bringUp({ connection, steps }: Making, plan: DomainPlan, wish: Wish): Promise<void> {
  const installer = installerOf(wish);
  const { dom } = await connection.call("domainDefineXml", { xml: planXml(plan) });
  const KEEP_NOTHING = 4;
  steps.add(() => connection.call("domainUndefineFlags", { dom, flags: KEEP_NOTHING }));
  if (wish["no-start"]) return;
  if (installer === undefined) {
    await connection.call("domainCreate", { dom });
    return;
  }
  const { uuid } = dom;
  const xml = planXml({ ...plan, installer }).replace(
    "</name>",
    () => `</name>\n  <uuid>${uuid}</uuid>`,
  );
  await connection.call("domainCreateXml", { xml_desc: xml, flags: 0 });
}

export const createDomain = async (
  wish: Wish,
  context: Parameters<NonNullable<HandlersOf<typeof newDomainCommands>["domain-create"]>>[1],
): Promise<ReturnType<typeof done>> => {
  const connection = await context.connection();
  if (wish["print-xml"]) {
    const xml = planXml(await planOf(connection, wish, undefined));
    return { data: { xml }, text: xml };
  }
  await attempt(
    `Failed to create domain '${wish.name}'`,
    Rollback.around(async (steps) => {
      const making = { connection, steps };
      await bringUp(making, await planOf(connection, wish, making), wish);
    }),
  );
  return done(`Domain '${wish.name}' created`);
};

/** What osinfo-db, when the host has it, knows about an operating system. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseXml } from "@vireo/model/xml/parse-xml";
import type { XmlElement } from "@vireo/model/xml/tree";
import { CommandError } from "../../answer.ts";
import { childAt } from "../../domain-device.ts";

export interface OsVariant {
  readonly memoryMiB: number;
  /** Whether it has drivers for virtio's disks and network cards. */
  readonly virtio: { readonly block: boolean; readonly net: boolean };
}

const DATABASE = "/usr/share/osinfo/os";
const VIRTIO_BLOCK = ["1001", "1042"];
const VIRTIO_NET = ["1000", "1041"];
const DEFAULT_MIB = 1024;
const MIB = 1024 ** 2;
/** Systems that come from one another. */
const LINEAGE_LIMIT = 64;

/** The texts of all systems. @throws CommandError without the database */
async function* systems(): AsyncGenerator<string> {
  const vendors = await readdir(DATABASE).catch(() => {
    throw new CommandError("--os-variant wants osinfo-db, which is not installed on this host");
  });
  for (const vendor of vendors)
    for (const file of await readdir(join(DATABASE, vendor)))
      if (file.endsWith(".xml")) yield await readFile(join(DATABASE, vendor, file), "utf8");
}

async function systemWith(mark: string): Promise<XmlElement | undefined> {
  for await (const text of systems()) if (text.includes(mark)) return childAt(parseXml(text), "os");
  return undefined;
}

/** A system and those it comes from, nearest first. */
async function lineage(name: string): Promise<readonly XmlElement[]> {
  const all: XmlElement[] = [];
  let at = await systemWith(`<short-id>${name}</short-id>`);
  while (at !== undefined && all.length < LINEAGE_LIMIT) {
    all.push(at);
    const parent = childAt(at, "derives-from")?.attributes.get("id");
    at = parent === undefined ? undefined : await systemWith(`<os id="${parent}">`);
  }
  return all;
}

/** MiB that it recommends, else needs. */
function memoryOf(os: XmlElement): number | undefined {
  for (const resources of os.children.filter(({ name }) => name === "resources"))
    for (const kind of ["recommended", "minimum"]) {
      const ram = Number(childAt(resources, kind, "ram")?.text ?? 0);
      if (ram > 0) return Math.ceil(ram / MIB);
    }
  return undefined;
}

const devicesOf = (os: XmlElement): readonly string[] =>
  (childAt(os, "devices")?.children ?? []).map(({ attributes }) => attributes.get("id") ?? "");

/** @throws CommandError */
export async function osVariant(name: string): Promise<OsVariant> {
  const known = /^[\w.-]+$/.test(name) ? await lineage(name) : [];
  if (known.length === 0)
    throw new CommandError(`os variant '${name}' is not known to this host's osinfo-db`);
  const devices = known.flatMap(devicesOf);
  const has = (products: readonly string[]): boolean =>
    devices.some((id) => products.some((product) => id.endsWith(`/pci/1af4/${product}`)));
  return {
    memoryMiB: known.map(memoryOf).find((memory) => memory !== undefined) ?? DEFAULT_MIB,
    virtio: { block: has(VIRTIO_BLOCK), net: has(VIRTIO_NET) },
  };
}

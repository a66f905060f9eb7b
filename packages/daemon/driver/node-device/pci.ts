/** PCI devices of the host. */
import { join } from "node:path";
import { type Capability, deviceName, type DeviceReader } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";
import { mdevTypes } from "./mdev-types.ts";
import { pciNames } from "./pci-names.ts";
import type { SysDevice } from "./sys-device.ts";
import { parseVpd } from "./vpd.ts";

type Pci = Extract<Capability, { type: "pci" }>;
type SubCapability = NonNullable<Pci["capabilities"]>[number];

export interface PciAddress {
  readonly domain: number;
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
}

/** `0000:01:00.1` */
export function parsePciAddress(text: string): PciAddress | undefined {
  const match = /^([\da-f]{4,8}):([\da-f]{2}):([\da-f]{2})\.([0-7])$/i.exec(text);
  if (match === null) return undefined;
  const [domain = 0, bus = 0, slot = 0, last = 0] = match
    .slice(1)
    .map((hex) => Number.parseInt(hex, 16));
  return { domain, bus, slot, function: last };
}

const addressesOf = (names: readonly string[]): readonly PciAddress[] =>
  names.flatMap((name) => parsePciAddress(name) ?? []);

const groupDirectory = (real: string): string => join(real, "iommu_group");

/** Addresses of all devices in its IOMMU group; none when it has no group. */
export const groupMembers = (tree: DeviceTree, real: string): Promise<readonly string[]> =>
  tree.names(join(groupDirectory(real), "devices"));

async function iommuGroup(tree: DeviceTree, real: string): Promise<Pick<Pci, "iommuGroup">> {
  const number = Number(await tree.link(real, "iommu_group"));
  if (Number.isNaN(number)) return {};
  return { iommuGroup: { number, addresses: addressesOf(await groupMembers(tree, real)) } };
}

const HEADER_TYPE = 0x0e;
const HEADERS: Readonly<Record<number, "pci-bridge" | "cardbus-bridge">> = {
  1: "pci-bridge",
  2: "cardbus-bridge",
};

/** A bridge; it cannot be given away, and need not be. */
export const isBridge = (config: Buffer): boolean =>
  config.length > HEADER_TYPE && config.readUInt8(HEADER_TYPE) % 128 === 1;

const CAPABILITY_POINTER = 0x34;
const EXPRESS = 0x10;
/** Kinds of PCI Express devices without a link: those inside the root complex. */
const LINKLESS = new Set([9, 10]);
const SPEEDS = ["", "2.5", "5", "8", "16", "32", "64"];

const STATUS = 0x06;
const HAS_CAPABILITIES = 0x10;

/** Where the capability PCI Express stands in the configuration. */
function expressAt(config: Buffer): number | undefined {
  const seen = new Set<number>();
  if (config.length <= CAPABILITY_POINTER) return undefined;
  if ((config.readUInt16LE(STATUS) & HAS_CAPABILITIES) === 0) return undefined;
  let at = config.readUInt8(CAPABILITY_POINTER);
  while (at >= 0x40 && at + 0x14 <= config.length && !seen.has(at)) {
    seen.add(at);
    if (config.readUInt8(at) === EXPRESS) return at;
    at = config.readUInt8(at + 1);
  }
  return undefined;
}

/** A link that is down has a width of 0 and no speed. */
function linkOf(word: number) {
  const speed = SPEEDS[word % 16] ?? "";
  return { ...(speed === "" ? {} : { speed }), width: Math.floor(word / 16) % 64 };
}

/** @param size of the configuration: only PCI Express has more than 256 bytes of it */
function pciExpress(config: Buffer, size: number): Pick<Pci, "pciExpress"> {
  const at = expressAt(config);
  if (at === undefined) return size > config.length ? { pciExpress: {} } : {};
  if (LINKLESS.has(Math.floor(config.readUInt16LE(at + 2) / 16) % 16)) return { pciExpress: {} };
  const can = config.readUInt32LE(at + 0x0c);
  const port = Math.floor(can / 2 ** 24);
  const links = [
    { validity: "cap" as const, port, ...linkOf(can) },
    { validity: "sta" as const, ...linkOf(config.readUInt16LE(at + 0x12)) },
  ];
  return { pciExpress: { links } };
}

async function functions(
  tree: DeviceTree,
  real: string,
  inside: readonly string[],
): Promise<readonly SubCapability[]> {
  const physical = addressesOf([(await tree.link(real, "physfn")) ?? ""]);
  const maxCount = await tree.number(real, "sriov_totalvfs");
  const links = inside.filter((name) => /^virtfn\d+$/.test(name));
  const ordered = links.toSorted((a, b) => Number(a.slice(6)) - Number(b.slice(6)));
  const virtual = await Promise.all(ordered.map((name) => tree.link(real, name)));
  return [
    ...(physical.length === 0 ? [] : [{ type: "phys_function" as const, addresses: physical }]),
    ...(maxCount === undefined || maxCount === 0
      ? []
      : [
          {
            type: "virt_functions" as const,
            maxCount,
            ...(virtual.length === 0
              ? {}
              : { addresses: addressesOf(virtual.filter((one) => one !== undefined)) }),
          },
        ]),
  ];
}

function headerOf(config: Buffer): readonly SubCapability[] {
  const type =
    config.length > HEADER_TYPE ? HEADERS[config.readUInt8(HEADER_TYPE) % 128] : undefined;
  return type === undefined ? [] : [{ type }];
}

/** The address of vital product data has 15 bits. */
const VPD_BYTES = 32_768;

async function vpdOf(tree: DeviceTree, real: string): Promise<readonly SubCapability[]> {
  const vpd = parseVpd(await tree.bytes(join(real, "vpd"), VPD_BYTES));
  return vpd === undefined ? [] : [vpd];
}

/** The kernel tells the numbers with the event, too: `8086:10C9`. */
async function idsOf(tree: DeviceTree, { real, uevent }: SysDevice): Promise<readonly string[]> {
  const told = uevent.get("PCI_ID")?.toLowerCase().split(":");
  if (told !== undefined) return told;
  const [vendor, product] = await Promise.all([
    tree.text(real, "vendor"),
    tree.text(real, "device"),
  ]);
  return [vendor, product].map((text) => text?.replace(/^0x/, "") ?? "");
}

async function identityOf(tree: DeviceTree, device: SysDevice) {
  const [vendorId = "", productId = ""] = await idsOf(tree, device);
  const names = await pciNames(tree.roots.pciIds);
  const vendor = names.vendor(vendorId);
  const product = names.product(vendorId, productId);
  return {
    product: { id: `0x${productId}`, ...(product === undefined ? {} : { name: product }) },
    vendor: { id: `0x${vendorId}`, ...(vendor === undefined ? {} : { name: vendor }) },
  };
}

/** As the attribute has it, `0x020000`; the event's words leave zeros out. */
async function classOf(tree: DeviceTree, { real, uevent }: SysDevice): Promise<string | undefined> {
  const told = uevent.get("PCI_CLASS");
  return told === undefined ? tree.text(real, "class") : `0x${told.toLowerCase().padStart(6, "0")}`;
}

export const pciDevice: DeviceReader = async (tree, device) => {
  const { real, name } = device;
  const address = parsePciAddress(name);
  if (address === undefined) return undefined;
  const [config, size, code, node] = await Promise.all([
    tree.config(real),
    tree.size(join(real, "config")),
    classOf(tree, device),
    tree.number(real, "numa_node"),
  ]);
  const inside = await tree.names(real);
  const capabilities = [
    ...(await functions(tree, real, inside)),
    ...headerOf(config),
    ...(inside.includes("mdev_supported_types") ? await mdevTypes(tree, real) : []),
    ...(await vpdOf(tree, real)),
  ];
  const capability: Pci = {
    type: "pci",
    ...(code === undefined ? {} : { class: code }),
    ...address,
    ...(await identityOf(tree, device)),
    ...(capabilities.length === 0 ? {} : { capabilities }),
    ...(await iommuGroup(tree, real)),
    ...(node === undefined || node < 0 ? {} : { numa: { node } }),
    ...pciExpress(config, size),
  };
  return { name: deviceName("pci", name), capability };
};

/** Names of the devices of a domain that starts: the ids QEMU, events and clients know them by. */
import type { DriveAddress } from "../device/address.ts";
import type { Controller } from "../device/controller.ts";
import type { Devices } from "../device/devices.ts";
import type { Disk } from "../device/disk.ts";
import type { Interface } from "../device/interface.ts";
import type { MemoryDevice } from "../device/memory-device.ts";
import { isQ35 } from "../machine.ts";
import { diskIndex } from "./device-defaults-disk.ts";
import type { ResolvedDomain } from "./resolved-domain.ts";

interface Named {
  readonly alias?: { readonly name: string };
}

/** A name the user gave stays. */
const named = <T extends Named>(device: T, name: string): T =>
  device.alias === undefined ? { ...device, alias: { name } } : device;

/** `net0`, `net1` ... by position. */
const numbered = <T extends Named>(
  devices: readonly T[] | undefined,
  prefix: string,
): readonly T[] => (devices ?? []).map((device, index) => named(device, `${prefix}${index}`));

/** Numbers only those that have no name yet. */
function countedUp<T extends Named>(
  devices: readonly T[] | undefined,
  nameOf: (device: T, count: (prefix: string) => string) => string,
): readonly T[] {
  const counts = new Map<string, number>();
  const count = (prefix: string): string => {
    const next = counts.get(prefix) ?? 0;
    counts.set(prefix, next + 1);
    return `${prefix}${next}`;
  };
  return (devices ?? []).map((device) =>
    device.alias === undefined ? named(device, nameOf(device, count)) : device,
  );
}

/** Chips that know one unit per target: the target is no part of the name. */
function isNarrow(domain: ResolvedDomain, place: Omit<DriveAddress, "type">): boolean {
  const index = place.controller ?? 0;
  const controller = domain.devices.controllers?.find(
    (one) => one.type === "scsi" && (one.index ?? 0) === index,
  );
  return controller?.type === "scsi" && controller.model === "lsilogic";
}

/** Buses on which a disk is named by its place among its kind. */
const COUNTED = new Set<string | undefined>(["virtio", "usb", "sd", "xen"]);

function driveName(bus: string, place: Omit<DriveAddress, "type">, withTarget: boolean): string {
  const { controller = 0, bus: line = 0, target = 0, unit = 0 } = place;
  return `${bus}${[controller, line, ...(withTarget ? [target] : []), unit].join("-")}`;
}

function diskName(disk: Disk, domain: ResolvedDomain): string {
  const bus = disk.target?.bus ?? "ide";
  if (COUNTED.has(bus)) return `${bus}-disk${diskIndex(disk.target?.dev ?? "") ?? 0}`;
  const place = disk.address?.type === "drive" ? disk.address : {};
  const withTarget = bus === "scsi" && !isNarrow(domain, place);
  return driveName(bus, place, withTarget);
}

/** What the board has built in goes by the name QEMU gave it. */
function controllerName(controller: Controller, domain: ResolvedDomain): string {
  const index = controller.index ?? 0;
  const onQ35 = isQ35(domain);
  if (controller.type === "pci")
    return controller.model === "pcie-root" ? `pcie.${index}` : `pci.${index}`;
  if (controller.type === "usb") return index === 0 ? "usb" : `usb${index}`;
  const builtIn = index === 0 && controller.type === (onQ35 ? "sata" : "ide");
  return builtIn ? "ide" : `${controller.type}${index}`;
}

const MEMORY_PREFIX = {
  dimm: "dimm",
  nvdimm: "nvdimm",
  "virtio-pmem": "virtiopmem",
  "virtio-mem": "virtiomem",
  "sgx-epc": "epc",
} as const;

/** Modules in slots are named by slot. */
function memoryName(memory: MemoryDevice, count: (prefix: string) => string): string {
  const prefix = MEMORY_PREFIX[memory.model];
  const slot = memory.address?.type === "dimm" ? memory.address.slot : undefined;
  return slot === undefined ? count(prefix) : `${prefix}${slot}`;
}

/** Cards of the host are numbered with the host devices, and come first among them. */
const isAssigned = (net: Interface): boolean => net.type === "hostdev";

/** The first console of most guests is the first serial port under another name. */
function nameConsoles({ consoles = [], serials = [] }: Devices): NonNullable<Devices["consoles"]> {
  const first = numbered(serials, "serial")[0]?.alias;
  return consoles.map((console, index) =>
    index === 0 && console.target?.type === "serial" && first !== undefined
      ? { ...console, alias: first }
      : named(console, `console${index}`),
  );
}

function nameHostdevs({
  interfaces = [],
  hostdevs = [],
}: Devices): Pick<Devices, "interfaces" | "hostdevs"> {
  const assigned = interfaces.filter(isAssigned).length;
  return {
    interfaces: countedUp(interfaces, (net, count) => count(isAssigned(net) ? "hostdev" : "net")),
    hostdevs: hostdevs.map((hostdev, index) => named(hostdev, `hostdev${assigned + index}`)),
  };
}

const nameLines = (devices: Devices): Partial<Devices> => ({
  parallels: numbered(devices.parallels, "parallel"),
  serials: numbered(devices.serials, "serial"),
  channels: numbered(devices.channels, "channel"),
  consoles: nameConsoles(devices),
});

const nameCards = (devices: Devices): Partial<Devices> => ({
  filesystems: countedUp(devices.filesystems, (_, count) => count("fs")),
  sounds: numbered(devices.sounds, "sound"),
  videos: numbered(devices.videos, "video"),
  redirdevs: numbered(devices.redirdevs, "redir"),
  inputs: countedUp(devices.inputs, (_, count) => count("input")),
  hubs: numbered(devices.hubs, "hub"),
  shmems: numbered(devices.shmems, "shmem"),
  smartcards: numbered(devices.smartcards, "smartcard"),
  watchdogs: numbered(devices.watchdogs, "watchdog"),
  rngs: numbered(devices.rngs, "rng"),
  tpms: numbered(devices.tpms, "tpm"),
  memories: countedUp(devices.memories, memoryName),
});

const nameSingles = ({ memballoon, iommu, vsock, nvram }: Devices): Partial<Devices> => ({
  ...(memballoon === undefined || memballoon.model === "none"
    ? {}
    : { memballoon: named(memballoon, "balloon0") }),
  ...(iommu === undefined ? {} : { iommu: named(iommu, "iommu0") }),
  ...(vsock === undefined ? {} : { vsock: named(vsock, "vsock0") }),
  ...(nvram === undefined ? {} : { nvram: named(nvram, "nvram") }),
});

/** Gives every device of a domain that is about to start the name libvirt gives it. */
export function nameDevices(domain: ResolvedDomain): ResolvedDomain {
  const { devices } = domain;
  return {
    ...domain,
    devices: {
      ...devices,
      disks: (devices.disks ?? []).map((disk) => named(disk, diskName(disk, domain))),
      controllers: (devices.controllers ?? []).map((controller) =>
        named(controller, controllerName(controller, domain)),
      ),
      ...nameHostdevs(devices),
      ...nameLines(devices),
      ...nameCards(devices),
      ...nameSingles(devices),
    },
  };
}

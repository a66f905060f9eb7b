/** The name each device gets inside QEMU when the domain starts: libvirt's names, since clients and tools know them. */
import type { Controller } from "../device/controller.ts";
import type { Devices } from "../device/devices.ts";
import type { Disk } from "../device/disk.ts";
import type { Domain } from "../domain.ts";
import { diskIndex } from "./device-defaults-disk.ts";

interface Aliased {
  readonly alias?: { readonly name: string };
}
type Name<D> = (device: D, index: number) => string;

/** Names given by users stay. */
const named = <D extends Aliased>(
  devices: readonly D[] | undefined,
  name: Name<D>,
): readonly D[] | undefined =>
  devices?.map((device, index) =>
    device.alias === undefined ? { ...device, alias: { name: name(device, index) } } : device,
  );

const one = <D extends Aliased>(device: D | undefined, name: string): D | undefined =>
  named(device && [device], () => name)?.[0];

const numbered =
  (prefix: string) =>
  (_device: unknown, index: number): string =>
    `${prefix}${index}`;

/** Buses whose disks are named by their place, with how many numbers tell it. */
const PLACED: Readonly<Record<string, "unit" | "target">> = {
  ide: "unit",
  sata: "unit",
  fdc: "unit",
  scsi: "target",
};

function diskAlias({ target, address }: Disk): string {
  const bus = target?.bus ?? "ide";
  const place = PLACED[bus];
  if (place === undefined || address?.type !== "drive")
    return `${bus}-disk${diskIndex(target?.dev ?? "") ?? 0}`;
  const { controller = 0, bus: line = 0, target: id = 0, unit = 0 } = address;
  const numbers = place === "unit" ? [controller, line, unit] : [controller, line, id, unit];
  return `${bus}${numbers.join("-")}`;
}

/** Controllers on the board keep the names that QEMU gives them. */
function controllerAlias({ os }: Domain): Name<Controller> {
  const machine = os?.type?.machine ?? "";
  const isQ35 = /^(pc-)?q35/.test(machine);
  const isI440fx = !isQ35 && /^(pc($|-)|isapc)/.test(machine);
  return (controller) => {
    const { type, index = 0 } = controller;
    if (controller.type === "pci")
      return controller.model === "pcie-root" ? "pcie.0" : `pci.${index}`;
    if (index === 0 && type === "usb") return "usb";
    if (index === 0 && ((type === "ide" && isI440fx) || (type === "sata" && isQ35))) return "ide";
    return `${type}${index}`;
  };
}

/** The first console may only mirror the first serial port: then it is the same device. */
function namedConsoles({ consoles, serials }: Devices): Devices["consoles"] {
  const [serial] = serials ?? [];
  return consoles?.map((device, index) => {
    const mirrors = index === 0 && device.target?.type === "serial" && serial !== undefined;
    return device.alias === undefined
      ? {
          ...device,
          alias: { name: mirrors ? (serial.alias?.name ?? "serial0") : `console${index}` },
        }
      : device;
  });
}

const MEMORY: Readonly<Record<string, string>> = {
  "virtio-pmem": "virtiopmem",
  "virtio-mem": "virtiomem",
  "sgx-epc": "epc",
};

/** Absent lists stay absent. */
const present = <T extends object>(
  fields: { readonly [K in keyof T]: T[K] | undefined },
): Partial<T> =>
  // the keys are T's own
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>;

/** Gives every device of a domain that is about to start its alias. */
export function assignAliases<D extends Domain>(domain: D): D {
  const { devices } = domain;
  if (devices === undefined) return domain;
  const serials = named(devices.serials, numbered("serial"));
  const withSerials = { ...devices, ...present<Devices>({ serials }) };
  const aliased = present<Devices>({
    disks: named(devices.disks, diskAlias),
    controllers: named(devices.controllers, controllerAlias(domain)),
    filesystems: named(devices.filesystems, numbered("fs")),
    interfaces: named(devices.interfaces, ({ type }, i) =>
      type === "hostdev" ? `hostdev${i}` : `net${i}`,
    ),
    smartcards: named(devices.smartcards, numbered("smartcard")),
    parallels: named(devices.parallels, numbered("parallel")),
    consoles: namedConsoles(withSerials),
    channels: named(devices.channels, numbered("channel")),
    inputs: named(devices.inputs, numbered("input")),
    tpms: named(devices.tpms, numbered("tpm")),
    sounds: named(devices.sounds, numbered("sound")),
    videos: named(devices.videos, numbered("video")),
    hostdevs: named(devices.hostdevs, numbered("hostdev")),
    redirdevs: named(devices.redirdevs, numbered("redir")),
    hubs: named(devices.hubs, numbered("hub")),
    watchdogs: named(devices.watchdogs, numbered("watchdog")),
    memballoon:
      devices.memballoon?.model === "none" ? undefined : one(devices.memballoon, "balloon0"),
    rngs: named(devices.rngs, numbered("rng")),
    nvram: one(devices.nvram, "nvram"),
    panics: named(devices.panics, numbered("panic")),
    shmems: named(devices.shmems, numbered("shmem")),
    memories: named(devices.memories, ({ model }, i) => `${MEMORY[model] ?? model}${i}`),
    iommu: one(devices.iommu, "iommu0"),
    vsock: one(devices.vsock, "vsock0"),
  } as { readonly [K in keyof Devices]: Devices[K] | undefined });
  return { ...domain, devices: { ...withSerials, ...aliased } };
}

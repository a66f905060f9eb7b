/** What libvirt's QEMU driver fills into single devices. */
import { virError } from "../../error.ts";
import { isX86 } from "../arch.ts";
import type { Controller } from "../device/controller.ts";
import type { Devices } from "../device/devices.ts";
import type { Filesystem } from "../device/filesystem.ts";
import type { Hostdev } from "../device/hostdev.ts";
import type { Interface } from "../device/interface.ts";
import type { Panic } from "../device/panic.ts";
import type { Serial, SerialTarget } from "../device/serial.ts";
import type { Redirdev } from "../device/redirdev.ts";
import type { Rng } from "../device/rng.ts";
import type { Shmem } from "../device/shmem.ts";
import type { Tpm } from "../device/tpm.ts";
import type { Video } from "../device/video.ts";
import type { Domain } from "../domain.ts";
import { forgetDefaultPath, serialTarget } from "./device-defaults-chardev.ts";
import { qemuDisk } from "./device-defaults-qemu-disk.ts";
import { CARDS } from "./interface-models.ts";
import { eachOf } from "./each-of.ts";
import type { ResolveFacts, ResolveOptions } from "./facts.ts";

/**
 * Models, formats and sizes as QEMU needs them.
 * @throws {VireoError} when nothing suits this QEMU.
 */
export function defaultsForQemu(domain: Domain, facts: ResolveFacts & ResolveOptions): Domain {
  const devices = domain.devices ?? {};
  const filled: Devices = {
    ...devices,
    disks: eachOf(devices.disks, qemuDisk),
    controllers: eachOf(devices.controllers, (one) => qemuController(one, facts)),
    filesystems: eachOf(devices.filesystems, qemuFilesystem),
    interfaces: eachOf(devices.interfaces, (one) => withoutDriver(qemuInterface(one, facts))),
    channels: eachOf(devices.channels, (one) =>
      facts.live === true ? one : forgetDefaultPath(one, facts.settings),
    ),
    tpms: eachOf(devices.tpms, (one) => qemuTpm(one)),
    hostdevs: eachOf(devices.hostdevs, (one) => qemuHostdev(one, facts)),
    redirdevs: eachOf(devices.redirdevs, qemuRedirdev),
    rngs: eachOf(devices.rngs, qemuRng),
    panics: eachOf(devices.panics, (one) => qemuPanic(one, domain)),
    shmems: eachOf(devices.shmems, qemuShmem),
    ...qemuVsock(devices),
  };
  return { ...domain, devices: filled };
}

function qemuVsock({ vsock }: Devices): Pick<Devices, "vsock"> {
  return vsock === undefined ? {} : { vsock: { model: "virtio", cid: { auto: true }, ...vsock } };
}

/** The chip of a USB or SCSI controller that names none. */
export function qemuController(controller: Controller, { capabilities }: ResolveFacts): Controller {
  if (
    controller.type === "usb" &&
    controller.model === undefined &&
    capabilities.has("piix3-usb-uhci")
  )
    return { ...controller, model: "piix3-uhci" };
  if (controller.type !== "scsi" || (controller.model !== undefined && controller.model !== "auto"))
    return controller;
  if (capabilities.has("lsi")) return { ...controller, model: "lsilogic" };
  return capabilities.has("virtio-scsi-pci") ? { ...controller, model: "virtio-scsi" } : controller;
}

function qemuFilesystem(filesystem: Filesystem): Filesystem {
  const elsewhere = filesystem.type === "mount" && filesystem.source?.socket !== undefined;
  if (filesystem.accessMode !== undefined || elsewhere) return filesystem;
  return { ...filesystem, accessMode: "passthrough" };
}

const canonicalCard = (name: string): string =>
  CARDS.find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;

const DEFAULT_CARDS = [
  ["rtl8139", "rtl8139"],
  ["e1000", "e1000"],
  ["virtio-net", "virtio"],
] as const;

function qemuInterface(one: Interface, { capabilities }: ResolveFacts): Interface {
  if (one.model?.type !== undefined)
    return { ...one, model: { type: canonicalCard(one.model.type) } };
  if (one.type === "hostdev") return one;
  if (one.type === "vdpa") return { ...one, model: { type: "virtio" } };
  const [, type] = DEFAULT_CARDS.find(([device]) => capabilities.has(device)) ?? DEFAULT_CARDS[0];
  return { ...one, model: { type } };
}

/** Only virtio cards are driven with options; on others libvirt does not read them. */
function withoutDriver(one: Interface): Interface {
  if (one.type === "hostdev" || one.driver === undefined) return one;
  if (one.model?.type?.startsWith("virtio") === true) return one;
  const { driver: _driver, ...rest } = one;
  return rest;
}

const SERIAL_MODEL = {
  "isa-serial": "isa-serial",
  "usb-serial": "usb-serial",
  "pci-serial": "pci-serial",
  "spapr-vio-serial": "spapr-vty",
  "system-serial": "pl011",
  "sclp-serial": "sclpconsole",
  "isa-debug": "isa-debugcon",
} as const;

/** The kind of a serial port and its chip. */
export function qemuSerial(serial: Serial, domain: Domain): Serial {
  const board: SerialTarget | undefined = isX86(domain.os?.type?.arch) ? "isa-serial" : undefined;
  const type = serialTarget(serial) ?? board;
  if (type === undefined) return serial;
  const model = serial.target?.model ?? { name: SERIAL_MODEL[type] };
  return { ...serial, target: { ...serial.target, type, model } };
}

/** A virtual graphics card shows nothing unless asked. */
function qemuHostdev(hostdev: Hostdev, { capabilities }: ResolveFacts): Hostdev {
  if (hostdev.type !== "mdev" || hostdev.model !== "vfio-pci" || hostdev.display !== undefined)
    return hostdev;
  return capabilities.has("vfio-pci.display") ? { ...hostdev, display: false } : hostdev;
}

const qemuRedirdev = (redirdev: Redirdev): Redirdev =>
  redirdev.type === "dbus" && redirdev.source === undefined
    ? { ...redirdev, source: { channel: "org.qemu.usbredir" } }
    : redirdev;

function qemuRng(rng: Rng): Rng {
  const { backend } = rng;
  if (backend?.model !== "random" || backend.path !== undefined) return rng;
  return { ...rng, backend: { ...backend, path: "/dev/random" } };
}

function qemuTpm(tpm: Tpm): Tpm {
  const { backend } = tpm;
  const model = tpm.model ?? "tpm-tis";
  if (backend?.type === "passthrough")
    return {
      ...tpm,
      model,
      backend: { ...backend, device: { path: "/dev/tpm0", ...backend.device } },
    };
  if (backend?.type !== "emulator" || backend.version !== undefined) return { ...tpm, model };
  return { ...tpm, model, backend: { ...backend, version: "2.0" } };
}

const powerOfTwo = (value: number): number => 2 ** Math.ceil(Math.log2(value));

/** Kind and memory of a card. @throws {VireoError} when this QEMU has no suitable card. */
export function settleVideo(video: Video, { capabilities }: ResolveFacts): Video {
  const model = video.model ?? {};
  const type = model.type ?? defaultVideo(capabilities);
  if (type === "none") return { ...video, model: { type } };
  const heads = model.heads ?? 1;
  if (type === "qxl") {
    const { ramKiB = 65536, vramKiB = 65536, vgaMemKiB = 16384 } = model;
    const sizes = {
      ramKiB: powerOfTwo(ramKiB),
      vramKiB: powerOfTwo(vramKiB),
      vgaMemKiB,
    };
    return { ...video, model: { ...model, type, heads, ...sizes } };
  }
  const { vramKiB = VIDEO_MEMORY.includes(type) ? 16384 : undefined } = model;
  const memory = vramKiB === undefined ? {} : { vramKiB: powerOfTwo(vramKiB) };
  return { ...video, model: { ...model, ...memory, type, heads } };
}

/** Cards with memory of their own, 16 MiB unless said otherwise. */
const VIDEO_MEMORY: readonly string[] = ["vga", "cirrus", "vmvga", "bochs"];

function defaultVideo(capabilities: ReadonlySet<string>): "cirrus" | "vga" {
  if (capabilities.has("cirrus-vga")) return "cirrus";
  if (capabilities.has("VGA")) return "vga";
  throw virError("internalError", "missing video model and cannot determine default");
}

function qemuPanic(panic: Panic, domain: Domain): Panic {
  if (panic.model !== undefined || !isX86(domain.os?.type?.arch)) return panic;
  return { ...panic, model: "isa" };
}

/** Interrupts of `ivshmem-doorbell` go through eventfds unless said otherwise. */
function qemuShmem(shmem: Shmem): Shmem {
  switch (shmem.model?.type) {
    case "ivshmem-plain":
      return { sizeMiB: 4, ...shmem };
    case "ivshmem-doorbell":
      return { ...shmem, msi: { ioeventfd: true, ...shmem.msi } };
    default:
      return shmem;
  }
}

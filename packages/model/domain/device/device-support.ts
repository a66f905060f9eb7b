/** Which devices can be attached, detached or changed, in a definition and in a running domain: libvirt's list. */
import { virError } from "../../error.ts";
import type { DeviceKind } from "./parse-device.ts";

export type DeviceChange = "attach" | "detach" | "update";
type Where = "live" | "persistent";

/** What libvirt calls the kinds in its messages; character devices are one kind there. */
const TYPE: Readonly<Record<DeviceKind, string>> = {
  disks: "disk",
  leases: "lease",
  filesystems: "filesystem",
  interfaces: "interface",
  inputs: "input",
  sounds: "sound",
  videos: "video",
  hostdevs: "hostdev",
  watchdogs: "watchdog",
  controllers: "controller",
  graphics: "graphics",
  hubs: "hub",
  redirdevs: "redirdev",
  smartcards: "smartcard",
  serials: "chr",
  parallels: "chr",
  consoles: "chr",
  channels: "chr",
  memballoon: "memballoon",
  nvram: "nvram",
  rngs: "rng",
  shmems: "shmem",
  tpms: "tpm",
  panics: "panic",
  memories: "memory",
  iommu: "iommu",
  vsock: "vsock",
  audios: "audio",
};

const PLUGGABLE = [
  "disk",
  "controller",
  "lease",
  "interface",
  "hostdev",
  "redirdev",
  "chr",
  "rng",
  "shmem",
  "watchdog",
  "input",
  "vsock",
  "memory",
  "filesystem",
];
const CHANGEABLE = ["disk", "graphics", "interface", "memory"];

const SUPPORTED: Readonly<Record<Where, Readonly<Record<DeviceChange, ReadonlySet<string>>>>> = {
  live: {
    attach: new Set(PLUGGABLE),
    detach: new Set(PLUGGABLE),
    update: new Set(CHANGEABLE),
  },
  persistent: {
    attach: new Set([...PLUGGABLE, "sound", "iommu"]),
    detach: new Set([...PLUGGABLE, "sound"]),
    update: new Set(CHANGEABLE),
  },
};

/** @throws VireoError `operationUnsupported`, `configUnsupported` in libvirt's words */
export function mustSupport(change: DeviceChange, where: Where, kind: DeviceKind): void {
  const type = TYPE[kind];
  const code =
    change === "update" && where === "live" ? "configUnsupported" : "operationUnsupported";
  if (!SUPPORTED[where][change].has(type))
    throw virError(code, `${where} ${change} of device '${type}' is not supported`);
}

const WORDS: Partial<Readonly<Record<DeviceKind, string>>> = {
  rngs: "RNG",
  hostdevs: "host",
  serials: "character",
  parallels: "character",
  consoles: "character",
  channels: "character",
};

/** What messages call a device that is not there. */
export const deviceWord = (kind: DeviceKind): string => WORDS[kind] ?? TYPE[kind];

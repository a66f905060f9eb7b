/** What the options of `domain-create` ask for, as the XML of a domain with modern defaults. Pure. */
import { domainXml } from "@vireo/sdk/domain-xml";
import { CommandError } from "../../answer.ts";

/** A file, or a volume of a pool. */
export type DiskPlace = (
  | { readonly path: string }
  | { readonly pool: string; readonly volume: string }
) & { readonly format: string };

export interface DomainPlan {
  readonly name: string;
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly type: "kvm" | "qemu";
  readonly disks: readonly DiskPlace[];
  readonly cdrom: string | undefined;
  /** NoCloud image. */
  readonly seed: DiskPlace | undefined;
  /** `network=NAME`, `bridge=NAME`, `user`, `none`. */
  readonly network: string;
  readonly graphics: string;
  readonly boot: string | undefined;
  /** Whether the guest has drivers for virtio's disks and network cards. */
  readonly virtio: { readonly block: boolean; readonly net: boolean };
}

/** `size=10,pool=fast` as its parts; a word without `=` is a part of its own. @throws CommandError */
export function keyValues(text: string, known: readonly string[]): ReadonlyMap<string, string> {
  const parts = text.split(",").map((part): [string, string] => {
    const [key = "", ...value] = part.split("=");
    return [key, value.join("=")];
  });
  const odd = parts.find(([key]) => !known.includes(key));
  if (odd !== undefined) throw new CommandError(`'${odd[0]}' in '${text}' is not known`);
  return new Map(parts);
}

const sourceJson = (place: DiskPlace): object =>
  "path" in place
    ? { type: "file", source: { file: place.path } }
    : { type: "volume", source: { pool: place.pool, volume: place.volume } };

interface Seat {
  readonly dev: string;
  readonly bus: "virtio" | "sata";
}

const diskJson = (place: DiskPlace, { dev, bus }: Seat, readonly: boolean): object => ({
  ...sourceJson(place),
  device: "disk",
  driver: {
    name: "qemu",
    type: place.format,
    discard: "unmap",
    ...(bus === "virtio" ? { iothread: 1 } : {}),
  },
  target: { dev, bus },
  ...(readonly ? { readonly } : {}),
});

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** @throws CommandError */
function disksJson({ disks, seed, cdrom, virtio }: DomainPlan): readonly object[] {
  // not a CD-ROM: the kernels of cloud images often have no driver for one
  const places = [...disks, ...(seed === undefined ? [] : [seed])];
  if (places.length + 1 > LETTERS.length) throw new CommandError("too many disks");
  const [prefix, bus] = virtio.block ? (["vd", "virtio"] as const) : (["sd", "sata"] as const);
  const seats = places.map((place, at) =>
    diskJson(place, { dev: `${prefix}${LETTERS[at]}`, bus }, place === seed),
  );
  const drive = virtio.block ? "sda" : `sd${LETTERS[places.length]}`;
  return [...seats, ...(cdrom === undefined ? [] : [cdromJson(cdrom, drive)])];
}

const cdromJson = (file: string, dev: string): object => ({
  type: "file",
  device: "cdrom",
  driver: { name: "qemu", type: "raw" },
  source: { file },
  target: { dev, bus: "sata" },
  readonly: true,
});

function interfaceJson({ network, virtio }: DomainPlan): readonly object[] {
  if (network === "none") return [];
  const model = { type: virtio.net ? "virtio" : "e1000e" };
  if (network === "user") return [{ type: "user", model }];
  const wish = keyValues(network, ["network", "bridge"]);
  const [name, bridge] = [wish.get("network"), wish.get("bridge")];
  if (bridge !== undefined) return [{ type: "bridge", source: { bridge }, model }];
  return [{ type: "network", source: { network: name ?? "" }, model }];
}

function screenJson(graphics: string): object {
  if (graphics === "none") return {};
  if (graphics !== "vnc" && graphics !== "spice")
    throw new CommandError(`graphics '${graphics}' is not known: none, vnc or spice`);
  return {
    graphics: [{ type: graphics, port: -1, autoport: true }],
    videos: [{ model: { type: "virtio" } }],
    inputs: [{ type: "tablet", bus: "usb" }],
  };
}

const BOOTABLE = ["hd", "cdrom", "network"] as const;

/** `uefi`, `bios`, `menu=on|off` and devices in order. @throws CommandError */
function osJson({ boot }: DomainPlan): object {
  const os = { type: { arch: "x86_64", machine: "q35", name: "hvm" } };
  const words = boot?.split(",") ?? ["hd", "cdrom"];
  const boots = words.filter((word) => BOOTABLE.some((one) => one === word));
  const menu = words.find((word) => word.startsWith("menu="))?.slice("menu=".length);
  const odd = words.find(
    (word) => !boots.includes(word) && !/^(uefi|bios|menu=(on|off))$/.test(word),
  );
  if (odd !== undefined) throw new CommandError(`cannot boot from '${odd}'`);
  return {
    ...os,
    ...(words.includes("uefi") ? { firmware: "efi" } : {}),
    ...(boots.length === 0 ? {} : { boots: boots.map((dev) => ({ dev })) }),
    ...(menu === undefined ? {} : { bootmenu: { enable: menu === "on" } }),
  };
}

function devicesJson(plan: DomainPlan): object {
  const serial = { type: "pty" };
  return {
    disks: disksJson(plan),
    interfaces: interfaceJson(plan),
    serials: [serial],
    consoles: [serial],
    channels: [{ type: "unix", target: { type: "virtio", name: "org.qemu.guest_agent.0" } }],
    ...screenJson(plan.graphics),
    rngs: [{ model: "virtio", backend: { model: "random", type: "none", path: "/dev/urandom" } }],
  };
}

/** @throws CommandError, VireoError `xmlError` */
export function planXml(plan: DomainPlan): string {
  const { name, memoryMiB, vcpus, type, virtio } = plan;
  return domainXml({
    name,
    memoryMiB,
    vcpus,
    type,
    more: {
      os: osJson(plan),
      features: { acpi: true, apic: {} },
      cpu: { mode: type === "kvm" ? "host-passthrough" : "maximum" },
      ...(virtio.block ? { iothreads: 1 } : {}),
      devices: devicesJson(plan),
    },
  });
}

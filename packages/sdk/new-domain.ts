/** The definition of a new machine with modern defaults, from the few things that people choose. Pure. */
import { domainXml } from "./domain-xml.ts";

/** A volume of a pool, or a file of the host. */
export type ImagePlace =
  | { readonly pool: string; readonly volume: string; readonly format: string }
  | { readonly path: string; readonly format: string };

export interface NewDomain {
  readonly name: string;
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly type: "kvm" | "qemu";
  readonly firmware: "bios" | "uefi";
  readonly disk?: ImagePlace | undefined;
  /** An ISO image to install from. */
  readonly media?: ImagePlace | undefined;
  /** What cloud-init reads at the first boot. */
  readonly seed?: ImagePlace | undefined;
  readonly network:
    | { readonly type: "none" | "user" }
    | { readonly type: "network" | "bridge"; readonly name: string };
  /** What is booted first; the others after it, as far as they are there. */
  readonly boot: "disk" | "media" | "network";
}

interface Place {
  readonly dev: string;
  readonly bus: string;
  readonly device: "disk" | "cdrom";
  /** 1 is first. */
  readonly order?: number | undefined;
}

function diskJson(image: ImagePlace, { dev, bus, device, order }: Place): object {
  const isVolume = "volume" in image;
  return {
    type: isVolume ? "volume" : "file",
    device,
    driver: {
      name: "qemu",
      type: image.format,
      ...(device === "disk" ? { discard: "unmap" } : {}),
    },
    source: isVolume ? { pool: image.pool, volume: image.volume } : { file: image.path },
    target: { dev, bus },
    ...(order === undefined ? {} : { boot: { order } }),
  };
}

/** Positions in the order of boot. */
function ordersOf({
  boot,
  disk,
  media,
  network,
}: NewDomain): ReadonlyMap<NewDomain["boot"], number> {
  const there = {
    disk: disk !== undefined,
    media: media !== undefined,
    network: network.type !== "none" && boot === "network",
  };
  const all = (["disk", "media", "network"] as const).filter((one) => there[one]);
  const ordered = all.toSorted((a, b) => Number(b === boot) - Number(a === boot));
  return new Map(ordered.map((one, at) => [one, at + 1]));
}

function interfacesJson({ network }: NewDomain, order: number | undefined): readonly object[] {
  if (network.type === "none") return [];
  const source = {
    user: {},
    network: "name" in network ? { source: { network: network.name } } : {},
    bridge: "name" in network ? { source: { bridge: network.name } } : {},
  }[network.type];
  const boot = order === undefined ? {} : { boot: { order } };
  return [{ type: network.type, ...source, model: { type: "virtio" }, ...boot }];
}

/**
 * q35, virtio, a screen to see and a console to read, a channel for the guest's agent.
 * @throws VireoError `xmlError` that names the place of what is wrong
 */
export function newDomainXml(wish: NewDomain): string {
  const { name, memoryMiB, vcpus, type, firmware, disk, media, seed } = wish;
  const orders = ordersOf(wish);
  const serial = { type: "pty" };
  const disks = [
    ...((disk && [
      diskJson(disk, { dev: "vda", bus: "virtio", device: "disk", order: orders.get("disk") }),
    ]) ||
      []),
    // not a CD-ROM: the kernels of cloud images often have no driver for one
    ...((seed && [
      { ...diskJson(seed, { dev: "vdb", bus: "virtio", device: "disk" }), readonly: true },
    ]) ||
      []),
    ...((media && [
      {
        ...diskJson(media, {
          dev: "sda",
          bus: "sata",
          device: "cdrom",
          order: orders.get("media"),
        }),
        readonly: true,
      },
    ]) ||
      []),
  ];
  return domainXml({
    name,
    memoryMiB,
    vcpus,
    type,
    more: {
      os: {
        type: { arch: "x86_64", machine: "q35", name: "hvm" },
        ...(firmware === "uefi" ? { firmware: "efi" } : {}),
      },
      features: { acpi: true, apic: {} },
      cpu: { mode: type === "kvm" ? "host-passthrough" : "maximum" },
      devices: {
        disks,
        interfaces: interfacesJson(wish, orders.get("network")),
        serials: [serial],
        consoles: [serial],
        channels: [{ type: "unix", target: { type: "virtio", name: "org.qemu.guest_agent.0" } }],
        graphics: [{ type: "vnc", port: -1, autoport: true }],
        videos: [{ model: { type: "virtio" } }],
        inputs: [{ type: "tablet", bus: "usb" }],
        memballoon: { model: "virtio" },
        rngs: [
          { model: "virtio", backend: { model: "random", type: "none", path: "/dev/urandom" } },
        ],
      },
    },
  });
}

/** The definition of a new machine with modern defaults, from the few things that people choose. Pure. */
import { domainXml } from "./domain-xml.ts";

/** A volume of a pool, or a file of the host. */
export type ImagePlace =
  | { readonly pool: string; readonly volume: string; readonly format: string }
  | { readonly path: string; readonly format: string };

export type BootDevice = "disk" | "media" | "network";

export interface NewDomain {
  readonly name: string;
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly type: "kvm" | "qemu";
  readonly firmware: "bios" | "uefi";
  /** At most 24 with the seed; the first is booted. */
  readonly disks: readonly ImagePlace[];
  /** An ISO image to install from. */
  readonly media?: ImagePlace | undefined;
  /** What cloud-init reads at the first boot. */
  readonly seed?: ImagePlace | undefined;
  readonly network:
    | { readonly type: "none" | "user" }
    | { readonly type: "network" | "bridge"; readonly name: string };
  readonly graphics?: "vnc" | "spice" | "none" | undefined;
  /** What is booted, the first first; what is not there is left out. */
  readonly boot: readonly BootDevice[];
  /** Whether the firmware asks what to boot. */
  readonly bootMenu?: boolean | undefined;
  /** What the guest has no drivers of virtio's for; it has them for all. */
  readonly without?: { readonly block?: boolean; readonly net?: boolean } | undefined;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

interface Place {
  readonly dev: string;
  readonly bus: "virtio" | "sata";
  readonly device: "disk" | "cdrom";
  readonly readonly?: boolean;
  /** 1 is first. */
  readonly order?: number | undefined;
}

function diskJson(image: ImagePlace, { dev, bus, device, order, ...place }: Place): object {
  const isVolume = "volume" in image;
  return {
    type: isVolume ? "volume" : "file",
    device,
    driver: {
      name: "qemu",
      type: image.format,
      ...(device === "disk" ? { discard: "unmap" } : {}),
      ...(bus === "virtio" ? { iothread: 1 } : {}),
    },
    source: isVolume ? { pool: image.pool, volume: image.volume } : { file: image.path },
    target: { dev, bus },
    ...(order === undefined ? {} : { boot: { order } }),
    ...(place.readonly === true ? { readonly: true } : {}),
  };
}

/** Positions in the order of boot. */
function ordersOf({ boot, disks, media, network }: NewDomain): ReadonlyMap<BootDevice, number> {
  const there = {
    disk: disks.length > 0,
    media: media !== undefined,
    network: network.type !== "none",
  };
  return new Map(boot.filter((one) => there[one]).map((one, at) => [one, at + 1]));
}

function disksJson(
  { disks, seed, media, without }: NewDomain,
  orders: ReadonlyMap<BootDevice, number>,
): readonly object[] {
  // the seed is not a CD-ROM: the kernels of cloud images often have no driver for one
  const places = [...disks, ...(seed === undefined ? [] : [seed])];
  const [prefix, bus] =
    without?.block === true ? (["sd", "sata"] as const) : (["vd", "virtio"] as const);
  const devOf = (at: number): string => `${prefix}${LETTERS[at] ?? at}`;
  const seats = places.map((place, at) =>
    diskJson(place, {
      dev: devOf(at),
      bus,
      device: "disk",
      readonly: place === seed,
      order: at === 0 && place !== seed ? orders.get("disk") : undefined,
    }),
  );
  if (media === undefined) return seats;
  const dev = bus === "virtio" ? "sda" : devOf(places.length);
  const order = orders.get("media");
  return [...seats, diskJson(media, { dev, bus: "sata", device: "cdrom", readonly: true, order })];
}

function interfacesJson(
  { network, without }: NewDomain,
  order: number | undefined,
): readonly object[] {
  if (network.type === "none") return [];
  const source = "name" in network ? { source: { [network.type]: network.name } } : {};
  const model = { type: without?.net === true ? "e1000e" : "virtio" };
  const boot = order === undefined ? {} : { boot: { order } };
  return [{ type: network.type, ...source, model, ...boot }];
}

const screenJson = ({ graphics = "vnc" }: NewDomain): object =>
  graphics === "none"
    ? {}
    : {
        graphics: [{ type: graphics, port: -1, autoport: true }],
        videos: [{ model: { type: "virtio" } }],
        inputs: [{ type: "tablet", bus: "usb" }],
      };

const osJson = ({ firmware, bootMenu }: NewDomain): object => ({
  type: { arch: "x86_64", machine: "q35", name: "hvm" },
  ...(firmware === "uefi" ? { firmware: "efi" } : {}),
  ...(bootMenu === undefined ? {} : { bootmenu: { enable: bootMenu } }),
});

/**
 * q35, virtio, a screen to see and a console to read, a channel for the guest's agent.
 * @throws VireoError `xmlError` that names the place of what is wrong
 */
export function newDomainXml(wish: NewDomain): string {
  const { name, memoryMiB, vcpus, type, without } = wish;
  const orders = ordersOf(wish);
  const serial = { type: "pty" };
  return domainXml({
    name,
    memoryMiB,
    vcpus,
    type,
    more: {
      os: osJson(wish),
      features: { acpi: true, apic: {} },
      cpu: { mode: type === "kvm" ? "host-passthrough" : "maximum" },
      ...(without?.block === true ? {} : { iothreads: 1 }),
      devices: {
        disks: disksJson(wish, orders),
        interfaces: interfacesJson(wish, orders.get("network")),
        serials: [serial],
        consoles: [serial],
        channels: [{ type: "unix", target: { type: "virtio", name: "org.qemu.guest_agent.0" } }],
        ...screenJson(wish),
        memballoon: { model: "virtio" },
        rngs: [
          { model: "virtio", backend: { model: "random", type: "none", path: "/dev/urandom" } },
        ],
      },
    },
  });
}

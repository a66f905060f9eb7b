/** What the options of `domain-create` ask for, as the XML of a domain with modern defaults. Pure. */
import { domainXml } from "@vireo/sdk/domain-xml";
import { CommandError } from "../../answer.ts";

export interface DiskPlace {
  readonly path: string;
  readonly format: string;
}

export interface DomainPlan {
  readonly name: string;
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly type: "kvm" | "qemu";
  readonly disk: DiskPlace | undefined;
  readonly cdrom: string | undefined;
  /** NoCloud image. */
  readonly seed: string | undefined;
  /** `network=NAME`, `bridge=NAME`, `user`, `none`. */
  readonly network: string;
  readonly graphics: string;
  readonly boot: string | undefined;
  /** Booted once instead of the disk. */
  readonly installer?: { readonly kernel: string; readonly initrd: string; readonly args: string };
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

const diskJson = ({ path, format }: DiskPlace, dev: string, more: object): object => ({
  type: "file",
  device: "disk",
  driver: { name: "qemu", type: format, discard: "unmap" },
  source: { file: path },
  target: { dev, bus: "virtio" },
  ...more,
});

const cdromJson = (file: string): object => ({
  type: "file",
  device: "cdrom",
  driver: { name: "qemu", type: "raw" },
  source: { file },
  target: { dev: "sda", bus: "sata" },
  readonly: true,
});

function interfaceJson(network: string): readonly object[] {
  if (network === "none") return [];
  const model = { type: "virtio" };
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

/** The installer ends when it reboots; from then on the disk is booted. */
function osJson({ boot, installer }: DomainPlan): object {
  const os = { type: { arch: "x86_64", machine: "q35", name: "hvm" } };
  if (installer !== undefined)
    return { ...os, kernel: installer.kernel, initrd: installer.initrd, cmdline: installer.args };
  if (boot === undefined) return { ...os, boots: [{ dev: "hd" }, { dev: "cdrom" }] };
  if (boot === "uefi") return { ...os, firmware: "efi" };
  const boots = boot.split(",").map((dev) => {
    if (!BOOTABLE.some((one) => one === dev)) throw new CommandError(`cannot boot from '${dev}'`);
    return { dev };
  });
  return { ...os, boots };
}

function devicesJson(plan: DomainPlan): object {
  const { disk, seed, cdrom, network, graphics } = plan;
  const serial = { type: "pty" };
  return {
    disks: [
      ...(disk === undefined ? [] : [diskJson(disk, "vda", {})]),
      // not a CD-ROM: the kernels of cloud images often have no driver for one
      ...(seed === undefined
        ? []
        : [diskJson({ path: seed, format: "raw" }, "vdb", { readonly: true })]),
      ...(cdrom === undefined ? [] : [cdromJson(cdrom)]),
    ],
    interfaces: interfaceJson(network),
    serials: [serial],
    consoles: [serial],
    channels: [{ type: "unix", target: { type: "virtio", name: "org.qemu.guest_agent.0" } }],
    ...screenJson(graphics),
    rngs: [{ model: "virtio", backend: { model: "random", type: "none", path: "/dev/urandom" } }],
  };
}

/** @throws CommandError, VireoError `xmlError` */
export function planXml(plan: DomainPlan): string {
  const { name, memoryMiB, vcpus, type, installer } = plan;
  return domainXml({
    name,
    memoryMiB,
    vcpus,
    type,
    more: {
      os: osJson(plan),
      features: { acpi: true, apic: {} },
      cpu: { mode: type === "kvm" ? "host-passthrough" : "maximum" },
      ...(installer === undefined ? {} : { onReboot: "destroy" }),
      devices: devicesJson(plan),
    },
  });
}

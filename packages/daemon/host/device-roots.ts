/** Where the host shows its devices; other hosts' for tests. */
import { join } from "node:path";

export interface DeviceRoots {
  /** Where /sys is. */
  readonly sys: string;
  /** udev's database: /run/udev/data. */
  readonly udev: string;
  /** Definitions of mediated devices: /etc/mdevctl.d. */
  readonly mdevctl: string;
  /** Names of vendors and products: a pci.ids file. */
  readonly pciIds: string;
  /** Where /dev is. */
  readonly dev: string;
  /** What is mounted, and where packets go: /proc/self. */
  readonly proc: string;
  /** The program that speaks to drivers of network cards: ip. */
  readonly ip: string;
}

const HOST_ROOTS: DeviceRoots = {
  sys: "/sys",
  udev: "/run/udev/data",
  mdevctl: "/etc/mdevctl.d",
  pciIds: "/usr/share/misc/pci.ids",
  dev: "/dev",
  proc: "/proc/self",
  ip: "ip",
};

/** All of them below one directory. */
export const rootsBelow = (root: string): DeviceRoots => ({
  sys: join(root, "sys"),
  udev: join(root, "udev"),
  mdevctl: join(root, "mdevctl.d"),
  pciIds: join(root, "pci.ids"),
  dev: join(root, "dev"),
  proc: join(root, "proc"),
  ip: join(root, "ip"),
});

/** The host's own, unless VIREO_DEVICES names a directory with others: hardware that a test emulates. */
export function hostRoots(): DeviceRoots {
  const emulated = process.env["VIREO_DEVICES"];
  return emulated === undefined ? HOST_ROOTS : rootsBelow(emulated);
}

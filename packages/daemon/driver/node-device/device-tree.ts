/** The host's devices as the kernel shows them in sysfs, below a root that tests can give. */
import { access, open, readdir, readlink, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { hostError } from "../../host/errno.ts";
import { readTextIfThere } from "../../host/file.ts";

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
}

const HOST_ROOTS: DeviceRoots = {
  sys: "/sys",
  udev: "/run/udev/data",
  mdevctl: "/etc/mdevctl.d",
  pciIds: "/usr/share/misc/pci.ids",
  dev: "/dev",
};

/** All of them below one directory. */
export const rootsBelow = (root: string): DeviceRoots => ({
  sys: join(root, "sys"),
  udev: join(root, "udev"),
  mdevctl: join(root, "mdevctl.d"),
  pciIds: join(root, "pci.ids"),
  dev: join(root, "dev"),
});

/** The host's own, unless VIREO_DEVICES names a directory with others: hardware that a test emulates. */
export function hostRoots(): DeviceRoots {
  const emulated = process.env["VIREO_DEVICES"];
  return emulated === undefined ? HOST_ROOTS : rootsBelow(emulated);
}

const CONFIG_BYTES = 256;

export class DeviceTree {
  readonly roots: DeviceRoots;

  constructor(roots: DeviceRoots) {
    this.roots = roots;
  }

  /** A path below /sys, where it is now. */
  at(path: string): string {
    return join(this.roots.sys, path);
  }

  /** The path as the kernel knows it. */
  shown(real: string): string {
    return real.startsWith(this.roots.sys) ? `/sys${real.slice(this.roots.sys.length)}` : real;
  }

  /** Text of an attribute, without the line's end; undefined when it is not there or empty. */
  async text(directory: string, name: string): Promise<string | undefined> {
    // an attribute may be there and refuse to be read
    const text = (await readTextIfThere(join(directory, name)).catch(() => undefined))?.trim();
    return text === "" ? undefined : text;
  }

  async number(directory: string, name: string, base = 10): Promise<number | undefined> {
    const text = await this.text(directory, name);
    const number = text === undefined ? Number.NaN : Number.parseInt(text, base);
    return Number.isNaN(number) ? undefined : number;
  }

  /** Last part of what a link leads to. */
  async link(directory: string, name: string): Promise<string | undefined> {
    const target = await readlink(join(directory, name)).catch(() => undefined);
    return target === undefined ? undefined : basename(target);
  }

  /** What a link says, relative to where it lies. */
  target(path: string): Promise<string | undefined> {
    return readlink(path).catch(() => undefined);
  }

  /** Names in a directory, sorted; none when it is not there. */
  async names(directory: string): Promise<readonly string[]> {
    const names = await readdir(directory).catch(() => []);
    return names.toSorted();
  }

  /** The first bytes of a PCI device's configuration. */
  config(directory: string): Promise<Buffer> {
    return this.bytes(join(directory, "config"), CONFIG_BYTES);
  }

  /** Bytes that a file says it has; 0 when it is not there. */
  size(path: string): Promise<number> {
    return stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  }

  /** Whether a path leads to something. */
  isThere(path: string): Promise<boolean> {
    return access(path).then(
      () => true,
      () => false,
    );
  }

  /** At most so many bytes of a file; none when it cannot be read. */
  async bytes(path: string, limit: number): Promise<Buffer> {
    try {
      await using file = await open(path);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(limit));
      return buffer.subarray(0, bytesRead);
    } catch {
      return Buffer.alloc(0);
    }
  }

  /** @throws VireoError `systemError` */
  async write(path: string, text: string): Promise<void> {
    await writeFile(path, text, { flag: "w" }).catch((error: unknown) => {
      throw hostError(`Unable to write '${text}' to '${this.shown(path)}'`, error);
    });
  }
}

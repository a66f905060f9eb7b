/**
 * Builds the small Linux guest that demo and tests boot: Debian's cloud kernel and an initramfs with busybox.
 * The result is kept under `.cache/guest` by what it was made of; building takes about a second.
 */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { initramfs } from "./initramfs.ts";
import { findKernel, loadModules, type Kernel } from "./kernel.ts";

export interface GuestFiles {
  /** Directory with `vmlinuz` and `initrd`. */
  readonly directory: string;
  readonly kernel: string;
  readonly initrd: string;
  /** Kernel arguments that bring the console to the first serial port. */
  readonly cmdline: string;
}

const CACHE = join(import.meta.dirname, "../../.cache/guest");

/** The machine's own kernel, else the package that tools/setup.sh unpacked without installing it. */
const KERNEL_ROOTS = ["/", join(import.meta.dirname, "../../.cache/kernel")];
const BUSYBOX = ["/usr/bin/busybox", "/bin/busybox"];

/** `quiet` saves a quarter of a second: each line of the kernel's log goes through an emulated UART. */
const CMDLINE = "console=ttyS0 quiet panic=1 tsc=reliable";

/** Bus and devices that the domains of our tests have. */
const MODULES = (
  "virtio_pci virtio_net virtio_blk virtio_scsi sd_mod sr_mod virtio_console " +
  "virtio_balloon virtio_rng button evdev vmw_vsock_virtio_transport qemu_fw_cfg pvpanic_mmio isofs"
).split(" ");

/** @throws Error naming the Debian package that is missing */
export function buildGuest(cache = CACHE): GuestFiles {
  const kernel = findKernel(KERNEL_ROOTS);
  const busybox = BUSYBOX.find((path) => existsSync(path));
  if (busybox === undefined) throw new Error("No busybox: install busybox-static");
  const directory = join(cache, inputHash(kernel, busybox));
  if (!existsSync(directory)) writeGuest(directory, kernel, busybox);
  return {
    directory,
    kernel: join(directory, "vmlinuz"),
    initrd: join(directory, "initrd"),
    cmdline: CMDLINE,
  };
}

/** Everything the guest is made of: our own files, busybox and the kernel's identity. */
function inputHash(kernel: Kernel, busybox: string): string {
  const hash = createHash("sha256").update(kernel.release).update(readFileSync(busybox));
  hash.update(readFileSync(kernel.image));
  for (const file of readdirSync(import.meta.dirname).toSorted())
    if (!file.endsWith(".test.ts")) hash.update(readFileSync(join(import.meta.dirname, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Under another name first: two processes may build at once, and one may be killed. */
function writeGuest(directory: string, kernel: Kernel, busybox: string): void {
  const draft = `${directory}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  copyFileSync(kernel.image, join(draft, "vmlinuz"));
  const archive = initramfs(busybox, loadModules(kernel, MODULES));
  writeFileSync(join(draft, "initrd"), gzipSync(archive, { level: 6 }));
  try {
    renameSync(draft, directory);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(directory)) throw error;
  }
}

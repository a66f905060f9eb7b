/** What stands in the guest's root file system: busybox, its scripts and the kernel's modules. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cpioArchive, S_IFCHR, S_IFDIR, S_IFLNK, S_IFREG, type CpioEntry } from "./cpio.ts";
import type { KernelModule } from "./kernel.ts";

const DIRECTORIES = ["bin", "dev", "etc", "etc/acpi", "etc/acpi/PWRF", "lib", "lib/modules"];
const MOUNT_POINTS = ["mnt", "proc", "run", "sys", "tmp"];

const APPLETS_TIMEOUT_MS = 5000;

/** @param busybox path of a statically linked busybox */
export function initramfs(busybox: string, modules: readonly KernelModule[]): Buffer {
  const order = modules.map((module) => `${module.name}\n`).join("");
  return cpioArchive([
    ...[...DIRECTORIES, ...MOUNT_POINTS].map(directory),
    { path: "dev/console", mode: S_IFCHR | 0o600, device: [5, 1] },
    file("bin/busybox", readFileSync(busybox), 0o755),
    ...appletsOf(busybox).map((name) => link(`bin/${name}`, "busybox")),
    file("init", script("init.sh"), 0o755),
    file("etc/udhcpc.sh", script("udhcpc.sh"), 0o755),
    file("etc/acpi/PWRF/00000080", script("power-button.sh"), 0o755),
    ...modules.map((module) => file(`lib/modules/${module.name}`, module.content)),
    file("lib/modules/order", order),
  ]);
}

function appletsOf(busybox: string): readonly string[] {
  const list = execFileSync(busybox, ["--list"], { encoding: "utf8", timeout: APPLETS_TIMEOUT_MS });
  return list.split("\n").filter((name) => name !== "" && name !== "busybox");
}

const script = (name: string): Buffer => readFileSync(join(import.meta.dirname, name));
const directory = (path: string): CpioEntry => ({ path, mode: S_IFDIR | 0o755 });
const link = (path: string, data: string): CpioEntry => ({ path, mode: S_IFLNK | 0o777, data });
const file = (path: string, data: Uint8Array | string, mode = 0o644): CpioEntry => ({
  path,
  mode: S_IFREG | mode,
  data,
});

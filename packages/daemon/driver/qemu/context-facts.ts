/** What a command line asks of this host: huge pages, NUMA, the display's device and certificates. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DriverSettings, HugepageMount } from "@vireo/qemu/command/context";
import { parseCpuList } from "../../host/cpu-list.ts";

const UNIT_KIB: Readonly<Record<string, number>> = { K: 1, M: 1024, G: 1024 * 1024 };
/** What libvirt asks of gluster's log when qemu.conf says nothing. */
const GLUSTER_DEBUG_LEVEL = 4;

function textIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The kernel writes blanks of paths in octal. */
const unescaped = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );

/** Mounts of hugetlbfs among the lines of `/proc/mounts`; a mount without a size has the default one. */
export function hugepageMountsOf(mounts: string, meminfo: string): readonly HugepageMount[] {
  const usualKiB = Number(/^Hugepagesize:\s+(\d+) kB$/m.exec(meminfo)?.[1] ?? 0);
  return mounts.split("\n").flatMap((line) => {
    const [, path, type, options = ""] = line.split(" ");
    if (path === undefined || type !== "hugetlbfs") return [];
    const [, digits, unit = ""] = /(?:^|,)pagesize=(\d+)([KMG])/.exec(options) ?? [];
    const sizeKiB = digits === undefined ? usualKiB : Number(digits) * (UNIT_KIB[unit] ?? 1);
    return sizeKiB === 0
      ? []
      : [{ path: unescaped(path), sizeKiB, ...(sizeKiB === usualKiB && { default: true }) }];
  });
}

/** Mounts of hugetlbfs that the host has now. */
export const hostHugepageMounts = (): readonly HugepageMount[] =>
  hugepageMountsOf(textIfThere("/proc/mounts"), textIfThere("/proc/meminfo"));

/** Nodes with memory; none when the host has no NUMA. */
export const hostNumaNodes = (root = "/sys"): readonly number[] =>
  parseCpuList(textIfThere(`${root}/devices/system/node/has_memory`));

/** The first render node, as a display with OpenGL takes when its definition names none. */
export function hostRenderNode(dir = "/dev/dri"): string | undefined {
  if (!existsSync(dir)) return undefined;
  const name = readdirSync(dir)
    .filter((one) => /^renderD\d+$/.test(one))
    .toSorted()[0];
  return name === undefined ? undefined : join(dir, name);
}

/** Settings an administrator has not changed; certificates lie where libvirt's default is. */
export function hostSettings(pki = "/etc/pki"): DriverSettings {
  const dirOf = (use: string): string => {
    const own = join(pki, `libvirt-${use}`);
    return existsSync(own) ? own : join(pki, "qemu");
  };
  return {
    tls: {
      vncDir: dirOf("vnc"),
      spiceDir: dirOf("spice"),
      chardevDir: dirOf("chardev"),
      nbdDir: dirOf("nbd"),
      vxhsDir: dirOf("vxhs"),
      migrateDir: dirOf("migrate"),
    },
    vncListen: "127.0.0.1",
    spiceListen: "127.0.0.1",
    glusterDebugLevel: GLUSTER_DEBUG_LEVEL,
  };
}

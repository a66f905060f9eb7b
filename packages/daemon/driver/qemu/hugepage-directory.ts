/** The directories of a domain on the host's hugetlbfs mounts, where QEMU makes its memory files. */
import { join } from "node:path";
import type { HugepageMount } from "@vireo/qemu/command/context";

/** One for each mount, as the command line names them. */
export const hugepageDirectories = (
  mounts: readonly HugepageMount[],
  shortName: string,
): readonly string[] => mounts.map(({ path }) => join(path, "libvirt/qemu", shortName));

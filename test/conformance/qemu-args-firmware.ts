/** Firmware descriptors of the mock environment. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DescriptorFiles, type Firmware, firmwaresOf } from "@vireo/qemu/firmware/descriptor";

/** The user's own come first, then the administrator's, then the packages'. */
const DIRECTORIES = [
  "home/user/.config/qemu/firmware",
  "etc/qemu/firmware",
  "usr/share/qemu/firmware",
];

function filesOf(directory: string): DescriptorFiles {
  if (!existsSync(directory)) return new Map();
  return new Map(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "utf8")]),
  );
}

/** All descriptors under `_shared/firmware` of a corpus. */
export const mockFirmwares = (corpus: string): readonly Firmware[] =>
  firmwaresOf(DIRECTORIES.map((one) => filesOf(join(corpus, "_shared/firmware", one))));

/** What the host has installed that domains can use: firmware images, TPM emulation, VFIO. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { HostOffers } from "@vireo/qemu/capability/domain-capabilities";
import { firmwaresOf, type DescriptorFiles, type Firmware } from "@vireo/qemu/firmware/descriptor";
import { firmwareOffers } from "@vireo/qemu/firmware/select-firmware";
import { execProgram } from "../../host/exec.ts";
import { listDirectory, readTextIfThere } from "../../host/file.ts";

/** An administrator's descriptors hide the distribution's. */
const DIRECTORIES = ["/etc/qemu/firmware", "/usr/share/qemu/firmware"] as const;

async function filesIn(directory: string): Promise<DescriptorFiles> {
  const names = await listDirectory(directory);
  const texts = names.map(
    async (name) => [name, (await readTextIfThere(join(directory, name))) ?? ""] as const,
  );
  return new Map(await Promise.all(texts));
}

/** The host's firmware descriptors, in the order in which they are tried. */
export const hostFirmwares = async (
  directories: readonly string[] = DIRECTORIES,
): Promise<readonly Firmware[]> => firmwaresOf(await Promise.all(directories.map(filesIn)));

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Versions that the installed swtpm emulates; none when it is not installed. */
async function tpmVersions(): Promise<readonly string[]> {
  const answer = await execProgram("swtpm_setup", ["--print-capabilities"]).catch(() => undefined);
  if (answer === undefined) return [];
  return ["1.2", "2.0"].filter((version) => answer.stdout.includes(`"tpm-${version}"`));
}

export async function hostOffers(arch: string, machine: string): Promise<HostOffers> {
  const { kinds, images, secureBoot } = firmwareOffers(await hostFirmwares(), { arch, machine });
  const there = await Promise.all(images.map(({ code }) => exists(code)));
  return {
    loaders: images.filter((_, i) => there[i]).map(({ code }) => code),
    firmwares: kinds,
    secureBoot,
    tpmVersions: await tpmVersions(),
    vfio: await exists("/dev/vfio/vfio"),
  };
}

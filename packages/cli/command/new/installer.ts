/** An installer's kernel and initrd: from a directory, or fetched for the time of one start. */
import { createWriteStream, existsSync } from "node:fs";
import { copyFile, mkdtemp, appendFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CommandError } from "../../answer.ts";
import { readDescription } from "../../read-file.ts";
import { cpioFile } from "./cpio-file.ts";

export interface Installer {
  readonly kernel: string;
  readonly initrd: string;
  readonly args: string;
}

export interface InstallerWish {
  readonly location: string;
  readonly args: string;
  /** File with a preseed or kickstart. */
  readonly answers: string | undefined;
}

interface Family {
  readonly name: "Debian" | "Red Hat";
  readonly kernel: string;
  readonly initrd: string;
}

const NETBOOT = "images/netboot/debian-installer/amd64";

/** Where distributions keep them, below the place that was named. */
const FAMILIES: readonly Family[] = [
  { name: "Debian", kernel: "linux", initrd: "initrd.gz" },
  { name: "Debian", kernel: "vmlinuz", initrd: "initrd.gz" },
  { name: "Red Hat", kernel: "vmlinuz", initrd: "initrd" },
  {
    name: "Debian",
    kernel: "debian-installer/amd64/linux",
    initrd: "debian-installer/amd64/initrd.gz",
  },
  { name: "Debian", kernel: "install.amd/vmlinuz", initrd: "install.amd/initrd.gz" },
  { name: "Debian", kernel: `current/${NETBOOT}/linux`, initrd: `current/${NETBOOT}/initrd.gz` },
  { name: "Red Hat", kernel: "images/pxeboot/vmlinuz", initrd: "images/pxeboot/initrd.img" },
];

const isUrl = (location: string): boolean => /^https?:\/\//.test(location);

const beside = (location: string, path: string): string =>
  `${location.replace(/\/+$/, "")}/${path}`;

async function isServed(url: string): Promise<boolean> {
  const answer = await fetch(url, { method: "HEAD" }).catch((error: unknown) => {
    throw new CommandError(`cannot fetch '${url}': ${String(error)}`);
  });
  return answer.ok;
}

/** @throws CommandError */
async function familyAt(location: string): Promise<Family> {
  for (const family of FAMILIES) {
    const isThere = async (path: string): Promise<boolean> =>
      isUrl(location)
        ? await isServed(beside(location, path))
        : existsSync(resolve(location, path));
    if ((await isThere(family.kernel)) && (await isThere(family.initrd))) return family;
  }
  throw new CommandError(`no kernel and initrd of an installer below '${location}'`);
}

async function fetchTo(url: string, path: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok || answer.body === null)
    throw new CommandError(`cannot fetch '${url}': ${answer.status} ${answer.statusText}`);
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(path));
}

/** Where each family's installer looks for its answers, and how it is told. */
const ANSWERS = {
  Debian: { file: "preseed.cfg", args: "auto=true priority=critical preseed/file=/preseed.cfg" },
  "Red Hat": { file: "ks.cfg", args: "inst.ks=file:/ks.cfg" },
} as const;

/** Does `work` with files that are there as long as it takes; QEMU has read them when the domain is started. */
export async function withInstaller<T>(
  { location, args, answers }: InstallerWish,
  work: (installer: Installer) => Promise<T>,
): Promise<T> {
  const { name, ...paths } = await familyAt(location);
  const local = isUrl(location) ? undefined : resolve(location);
  if (local !== undefined && answers === undefined)
    return work({ kernel: join(local, paths.kernel), initrd: join(local, paths.initrd), args });
  const directory = await mkdtemp(join(tmpdir(), "vireo-installer-"));
  try {
    const [kernel, initrd] = [join(directory, "kernel"), join(directory, "initrd")];
    for (const [path, to] of [
      [paths.kernel, kernel],
      [paths.initrd, initrd],
    ] as const)
      await (local === undefined
        ? fetchTo(beside(location, path), to)
        : copyFile(join(local, path), to));
    if (answers === undefined) return await work({ kernel, initrd, args });
    // Linux unpacks what follows an initrd over it
    await appendFile(initrd, cpioFile(ANSWERS[name].file, await readDescription(answers)));
    return await work({ kernel, initrd, args: `${ANSWERS[name].args} ${args}`.trim() });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

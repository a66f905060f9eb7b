/** A guest's QEMU that runs as a user of its own: its images, its directory, its words. */
import { chmod, chown, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { QemuCommand } from "@vireo/qemu/command/command-line";
import type { SpawnSpec } from "@vireo/qemu/process";
import type { Paths } from "../../host/paths.ts";
import { asUser, type QemuUser } from "../../host/qemu-user.ts";
import type { QemuEnvironment } from "./environment.ts";
import { imagesIn } from "./held-image.ts";
import { ImageOwners } from "./image-owners.ts";
import type { Undo } from "./undo.ts";

/** Others may pass through, and see nothing. */
const PASSABLE = 0o711;

/** Opens the way to what QEMU opens by name. @throws VireoError, Error of the file system */
export async function imageOwners(
  user: QemuUser,
  { paths, log }: { paths: Paths; log: Logger },
): Promise<ImageOwners> {
  for (const path of [paths.qemuLib, paths.nvram, paths.status]) await chmod(path, PASSABLE);
  const memory = join(paths.qemuLib, "ram");
  await mkdir(memory, { recursive: true, mode: 0o700 });
  await chown(memory, user.uid, user.gid);
  const owners = new ImageOwners(user, join(paths.qemuLib, "image-owners.json"), log);
  await owners.load();
  return owners;
}

/** Before the process: the images of the command line and its directory become QEMU's. */
export async function giveImages(
  { owners }: Pick<QemuEnvironment, "owners">,
  { uuid, command, directory }: { uuid: string; command: QemuCommand; directory: string },
  undo: Undo,
): Promise<void> {
  if (owners === undefined) return;
  const { uid, gid } = owners.user;
  for (const name of await readdir(directory)) await chown(join(directory, name), uid, gid);
  await chown(directory, uid, gid);
  undo.add("owners of images", () => owners.release(uuid));
  await owners.hold(uuid, imagesIn(command));
}

/** What VFIO locks besides the guest's memory: windows of its devices; libvirt's figure. */
const WINDOWS_KIB = 1024 * 1024;

type Locking = Pick<ResolvedDomain, "devices" | "memory" | "memtune">;

/** Bytes that a guest with devices behind VFIO locks, for all of its memory may be a device's target. */
function lockedBytes({ devices, memory, memtune }: Locking): number | undefined {
  const { hostdevs = [], interfaces = [] } = devices;
  const behindVfio =
    hostdevs.some(({ type }) => type === "pci" || type === "mdev") ||
    interfaces.some(({ type }) => type === "hostdev");
  if (!behindVfio) return undefined;
  return (memtune?.hardLimitKiB ?? memory.sizeKiB + WINDOWS_KIB) * 1024;
}

/** The program that becomes QEMU once it has become the user, who may lock memory only as far as is set before. */
export function asQemuUser(
  user: QemuUser | undefined,
  { binary, argv, config }: Pick<SpawnSpec, "binary" | "argv"> & { config: Locking },
): Pick<SpawnSpec, "binary" | "argv"> {
  if (user === undefined) return { binary, argv };
  const plain = [...asUser(user), binary, ...argv];
  const bytes = lockedBytes(config);
  if (bytes === undefined) return { binary: "setpriv", argv: plain };
  return { binary: "prlimit", argv: [`--memlock=${bytes}:${bytes}`, "--", "setpriv", ...plain] };
}

/** The running domain tells whom its QEMU runs as. */
export function withDacLabel(config: ResolvedDomain, user: QemuUser | undefined): ResolvedDomain {
  if (user === undefined) return config;
  const label = `+${user.uid}:+${user.gid}`;
  const others = (config.seclabels ?? []).filter(({ model }) => model !== "dac");
  const ours = { type: "dynamic", model: "dac", relabel: true, label, imageLabel: label } as const;
  return { ...config, seclabels: [...others, ours] };
}

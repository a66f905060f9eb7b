/** The processes that serve a guest's `<filesystem>` of driver virtiofs. */
import { globSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { virError } from "@vireo/model/error";
import type { Filesystem } from "@vireo/model/domain/device/filesystem";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { CommandContext } from "@vireo/qemu/command/context";
import { virtiofsSocket } from "@vireo/qemu/device/filesystem";
import type { Paths } from "../../host/paths.ts";
import type { QemuUser } from "../../host/qemu-user.ts";
import { SERVED_FD, startCompanion } from "./companion-process.ts";
import type { Companion } from "./domain-view.ts";
import type { Undo } from "./undo.ts";

type Mount = Extract<Filesystem, { type: "mount" }>;
type Server = NonNullable<Mount["binary"]>;

/** Where programs say that they serve vhost-user devices (QEMU, docs/interop/vhost-user.json). */
const DESCRIPTORS = "{/etc,/usr/share}/qemu/vhost-user/*.json";

const isFsServer = (value: unknown): value is { readonly binary: string } =>
  typeof value === "object" &&
  value !== null &&
  "type" in value &&
  value.type === "fs" &&
  "binary" in value &&
  typeof value.binary === "string";

/** @throws VireoError `operationUnsupported` when no program of this host serves directories */
async function installedProgram(): Promise<string> {
  for (const path of globSync(DESCRIPTORS).toSorted()) {
    const descriptor: unknown = JSON.parse(await readFile(path, "utf8"));
    if (isFsServer(descriptor)) return descriptor.binary;
  }
  throw virError("operationUnsupported", "Unable to find a satisfying virtiofsd");
}

const word = (name: string, value: string | boolean | undefined): readonly string[] => {
  if (value === undefined) return [];
  if (typeof value === "string") return [`${name}=${value}`];
  return [value ? name : `no_${name}`];
};

function argvOf(dir: string, { xattr, cache, sandbox, lock, threadPool }: Server): string[] {
  const options = [
    `source=${dir}`,
    ...word("cache", cache?.mode),
    ...word("sandbox", sandbox?.mode),
    ...word("xattr", xattr),
    ...word("posix_lock", lock?.posix),
    ...word("flock", lock?.flock),
  ];
  const threads = threadPool?.size;
  const pool = threads === undefined ? [] : [`--thread-pool-size=${threads}`];
  return [`--fd=${SERVED_FD}`, "-o", options.join(","), ...pool];
}

async function mustBeDirectory(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw virError("operationFailed", `the virtiofs export directory '${dir}' does not exist`);
}

/** Those of virtiofs that nobody else serves. */
const isOurs = (one: Filesystem): one is Mount =>
  one.type === "mount" && one.driver?.type === "virtiofs" && one.source?.socket === undefined;

interface Host {
  readonly paths: Paths;
  readonly context: Pick<CommandContext, "domainDir">;
  readonly user?: QemuUser | undefined;
}

/** Starts what serves the directories of a domain; they end with its QEMU. */
export async function startVirtiofs(
  { name, devices }: ResolvedDomain,
  { paths, context, user }: Host,
  undo: Undo,
): Promise<readonly Companion[]> {
  const companions: Companion[] = [];
  for (const mount of (devices.filesystems ?? []).filter(isOurs)) {
    const { source, binary = {} } = mount;
    const dir = source?.dir ?? "";
    await mustBeDirectory(dir);
    const socket = virtiofsSocket(mount, context);
    const wanted = {
      name: "virtiofsd",
      program: binary.path ?? (await installedProgram()),
      argv: argvOf(dir, binary),
      socket,
      user,
      log: join(paths.qemuLog, `${name}-${basename(socket, ".sock")}-virtiofsd.log`),
    };
    companions.push(await startCompanion(wanted, undo));
  }
  return companions;
}

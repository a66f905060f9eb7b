/** Which programs start and stop a pool; a pure decision. */
import { virError } from "@vireo/model/error";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { Command } from "./command.ts";

/** Nothing in a pool's file system is for the host to run. */
const SAFE = ["nodev", "nosuid", "noexec"] as const;

/** What mount takes as its source. */
export function mountSource({ type, source = {} }: StoragePool): string {
  if (type !== "netfs") return devicesOf(source)[0] ?? "";
  const { dir = { path: "" }, hosts = [], format } = source;
  const host = hosts[0]?.name ?? "";
  return format?.type === "cifs" ? `//${host}/${dir.path}` : `${host}:${dir.path}`;
}

const devicesOf = ({ devices = [] }: NonNullable<StoragePool["source"]>): readonly string[] =>
  devices.map(({ path }) => path);

function mountOptions({ source, mountOptions: given }: StoragePool): string {
  const version = source?.protocol?.ver;
  return [
    ...SAFE,
    ...(source?.format?.type === "cifs" ? ["guest"] : []),
    ...(version === undefined ? [] : [`nfsvers=${version}`]),
    ...(given?.options ?? []).map(({ name }) => name),
  ].join(",");
}

function mountCommand(pool: StoragePool): Command {
  const format = pool.source?.format?.type ?? "auto";
  const type = format === "auto" ? [] : ["-t", format];
  const what = [mountSource(pool), pool.target?.path ?? ""];
  // a source or target that looks like an option is none
  if (what.some((word) => word === "" || word.startsWith("-")))
    throw virError("invalidArg", `cannot mount '${what.join("' at '")}'`);
  return ["mount", "-o", mountOptions(pool), ...type, ...what];
}

/** What makes the pool's storage appear on the host; none for kinds that are simply there. */
export function poolStartCommand(pool: StoragePool): Command | undefined {
  switch (pool.type) {
    case "fs":
    case "netfs":
      return mountCommand(pool);
    case "logical":
      return ["vgchange", "-aly", pool.source?.name ?? pool.name];
    default:
      return undefined;
  }
}

/** Takes back `poolStartCommand`. */
export function poolStopCommand(pool: StoragePool): Command | undefined {
  switch (pool.type) {
    case "fs":
    case "netfs":
      return ["umount", pool.target?.path ?? ""];
    case "logical":
      return ["vgchange", "-aln", pool.source?.name ?? pool.name];
    default:
      return undefined;
  }
}

/** What formats the pool's devices. */
export function poolBuildCommands(pool: StoragePool): readonly Command[] {
  const { source = {} } = pool;
  const devices = devicesOf(source);
  const group = source.name ?? pool.name;
  const [device = ""] = devices;
  const { type: format = "" } = source.format ?? {};
  switch (pool.type) {
    case "fs":
      return [["mkfs", "-t", format, format === "xfs" ? "-f" : "-F", device]];
    case "logical":
      return [
        ...devices.map((path): Command => ["pvcreate", path]),
        ["vgcreate", group, ...devices],
      ];
    case "disk":
      return [["parted", device, "mklabel", "--script", format === "dos" ? "msdos" : format]];
    default:
      return [];
  }
}

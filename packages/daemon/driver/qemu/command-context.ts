/** The facts of host and daemon that one start's command line depends on. */
import { createCipheriv, randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { SECRET_USAGES } from "@vireo/model/secret/secret-usage";
import type { CommandContext, EncryptedSecret, SecretRequest } from "@vireo/qemu/command/context";
import { hostRoots } from "../../host/device-roots.ts";
import { hostError } from "../../host/errno.ts";
import type { Paths } from "../../host/paths.ts";
import type { Secrets } from "../contract.ts";
import {
  hostHugepageMounts,
  hostNumaNodes,
  hostRenderNode,
  hostSettings,
} from "./context-facts.ts";

const KEY_BYTES = 32;
const IV_BYTES = 16;
const NAME_LENGTH = 20;
const PAGE_KIB = 4;
/** Major number of optical drives (`/dev/sr*`). */
const CDROM_MAJOR = 11;

/** `ID-NAME` with a name that is safe in a path and short enough for socket addresses. */
export const shortNameOf = (id: number, name: string): string =>
  `${id}-${name.replace(/[^A-Za-z0-9_.+-]/g, "").slice(0, NAME_LENGTH)}`;

export const domainDirectory = (paths: Paths, shortName: string): string =>
  join(paths.qemuLib, `domain-${shortName}`);

/** Below it, each run of a domain has its own directory. */
export const channelsOf = ({ run }: Pick<Paths, "run">): string => join(run, "qemu/channel");

/** Where the sockets of a domain's channels lie. */
export const channelDirectory = (paths: Paths, shortName: string): string =>
  join(channelsOf(paths), shortName);

/** Where sockets lie that nobody gave a place: libvirt's directory, and ours. */
export const channelPlaces = (
  paths: Paths,
): { readonly channelTargetDir: string; readonly channelRunDir: string } => ({
  channelTargetDir: join(paths.qemuLib, "channel/target"),
  channelRunDir: channelsOf(paths),
});

/** Holds the key, in the directory of the domain. */
export const KEY_FILE = "master-key.aes";

/** 32 random bytes with which secrets travel to one QEMU. */
export const newMasterKey = (): Buffer => randomBytes(KEY_BYTES);

function encrypt(value: string | Buffer, key: Buffer): EncryptedSecret {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const data = Buffer.concat([cipher.update(Buffer.from(value)), cipher.final()]);
  return { data: data.toString("base64"), iv: iv.toString("base64") };
}

/** The upper bits of a Linux device number, as `stat` gives it. */
const majorOf = (device: number): number => (device >> 8) & 0xfff;

function isCdrom(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isBlockDevice() === true && majorOf(found.rdev) === CDROM_MAJOR;
}

/** Name of the character device that passes SCSI commands to a device of the host. */
function scsiGeneric(
  ...[adapter, bus, target, unit]: [adapter: string, bus: number, target: number, unit: number]
): string {
  const host = /\d+$/.exec(adapter)?.[0] ?? "";
  const path = join(
    hostRoots().sys,
    `bus/scsi/devices/${host}:${bus}:${target}:${unit}/scsi_generic`,
  );
  try {
    const [name] = readdirSync(path);
    return name === undefined ? "" : `/dev/${name}`;
  } catch (error) {
    throw hostError(`cannot open directory '${path}'`, error);
  }
}

/** Ceph's library takes its keys in base64. */
function valueOf(
  { usageType, uuid, usage = "" }: SecretRequest,
  secrets: Secrets,
): string | Buffer {
  const kind = SECRET_USAGES.find((one) => one === usageType) ?? "none";
  const value = secrets.value(uuid === undefined ? { usage: kind, id: usage } : { uuid });
  return kind === "ceph" ? value.toString("base64") : value;
}

interface ContextOf {
  readonly id: number;
  readonly paths: Paths;
  readonly masterKey: Buffer;
  readonly secrets?: Secrets | undefined;
}

export function commandContext(
  { name }: ResolvedDomain,
  { id, paths, masterKey, secrets }: ContextOf,
): CommandContext {
  const shortName = shortNameOf(id, name);
  const now = new Date();
  const renderNode = hostRenderNode();
  return {
    hostArch: "x86_64",
    domainDir: domainDirectory(paths, shortName),
    shortName,
    channelDir: channelDirectory(paths, shortName),
    nvramDir: paths.nvram,
    memoryBackingDir: join(paths.qemuLib, "ram"),
    hugepageMounts: hostHugepageMounts(),
    passtDir: join(paths.run, "qemu/passt"),
    settings: hostSettings(),
    host: {
      isCdrom,
      pageSizeKiB: PAGE_KIB,
      numaNodes: hostNumaNodes(),
      ...(renderNode !== undefined && { renderNode }),
      environment: (variable) => process.env[variable],
      nowSeconds: Math.trunc(now.getTime() / 1000),
      scsiGeneric,
      localTimeOffsetSeconds: -now.getTimezoneOffset() * 60,
    },
    secret: (request) => {
      const value = request.literal ?? (secrets && valueOf(request, secrets));
      return value === undefined ? undefined : encrypt(value, masterKey);
    },
    tpmSocket: (alias) => join(paths.run, "qemu/swtpm", `${shortName}-${alias}.sock`),
  };
}

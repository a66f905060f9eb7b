/** The qemu-img commands that make a volume; a pure decision. */
import type { Encryption } from "@vireo/model/domain/device/disk-auth";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { Command } from "./command.ts";

/** A volume and, when it is encrypted, a file that holds its passphrase. */
export interface KeyedVolume {
  readonly volume: StorageVolume;
  readonly secretFile?: string;
}

export interface VolumePlan extends KeyedVolume {
  /** Copy from here. */
  readonly input?: KeyedVolume;
  /** Lay out the image's tables beforehand. */
  readonly preallocate?: boolean;
}

const pathOf = ({ target }: StorageVolume): string => target?.path ?? "";
const secretId = ({ name }: StorageVolume): string => `${name}_encrypt0`;

/** The name qemu-img has for a volume's format. */
export function imageFormat({ target }: StorageVolume): string {
  const format = target?.format?.type ?? "raw";
  if (format === "raw" && target?.encryption?.format === "luks") return "luks";
  return format === "iso" || format === "none" ? "raw" : format;
}

function cipherOptions({ cipher, ivgen }: Encryption): readonly string[] {
  const has = (name: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`${name}=${value}`];
  if (cipher === undefined) return [];
  return [
    `cipher-alg=${cipher.name}${cipher.size === undefined ? "" : `-${cipher.size}`}`,
    ...has("cipher-mode", cipher.mode),
    ...has("hash-alg", cipher.hash),
    ...has("ivgen-alg", ivgen?.name),
    ...has("ivgen-hash-alg", ivgen?.hash),
  ];
}

function encryptionOptions(volume: StorageVolume): readonly string[] {
  const encryption = volume.target?.encryption;
  if (encryption === undefined) return [];
  if (imageFormat(volume) === "luks")
    return [`key-secret=${secretId(volume)}`, ...cipherOptions(encryption)];
  const ciphers = cipherOptions(encryption).map((option) => `encrypt.${option}`);
  return [`encrypt.format=luks`, `encrypt.key-secret=${secretId(volume)}`, ...ciphers];
}

const KIB = 1024;
const inKiB = (bytes: number): number => Math.ceil(bytes / KIB);

function preallocation({ volume, preallocate }: VolumePlan): readonly string[] {
  if (preallocate !== true) return [];
  const full = inKiB(volume.allocation) >= inKiB(volume.capacity);
  return [`preallocation=${full ? "falloc" : "metadata"}`];
}

/** Commas inside a value are doubled. */
const quoted = (value: string): string => value.replaceAll(",", ",,");

function qcow2Options({ target }: StorageVolume): readonly string[] {
  const { features = {}, clusterSize } = target ?? {};
  return [
    `compat=${target?.compat ?? "0.10"}`,
    ...(clusterSize === undefined ? [] : [`cluster_size=${clusterSize}`]),
    ...(features.lazyRefcounts === true ? ["lazy_refcounts"] : []),
    ...(features.extendedL2 === true ? ["extended_l2=on"] : []),
  ];
}

/** A copy stands alone. */
const backingOf = ({ volume, input }: VolumePlan): StorageVolume["backingStore"] =>
  input === undefined ? volume.backingStore : undefined;

function optionsOf(plan: VolumePlan): readonly string[] {
  const { volume } = plan;
  const backing = backingOf(plan)?.format?.type;
  const all = [
    ...(backing === undefined ? [] : [`backing_fmt=${backing}`]),
    ...encryptionOptions(volume),
    ...preallocation(plan),
    ...(volume.target?.nocow === true ? ["nocow=on"] : []),
    ...(imageFormat(volume) === "qcow2" ? qcow2Options(volume) : []),
  ];
  return all.length === 0 ? [] : ["-o", all.join(",")];
}

const secretObject = ({ volume, secretFile }: KeyedVolume): readonly string[] =>
  volume.target?.encryption === undefined || secretFile === undefined
    ? []
    : ["--object", `secret,id=${secretId(volume)},file=${quoted(secretFile)}`];

/** A new image; without a capacity its backing store says how large it is. */
function createCommand(plan: VolumePlan): Command {
  const { volume } = plan;
  const backing = backingOf(plan)?.path;
  return [
    "qemu-img",
    "create",
    "-f",
    imageFormat(volume),
    ...(backing === undefined ? [] : ["-b", backing]),
    ...secretObject(plan),
    ...optionsOf(plan),
    pathOf(volume),
    ...(volume.capacity === 0 ? [] : [`${inKiB(volume.capacity)}K`]),
  ];
}

/** Options by which qemu-img opens an image that may be encrypted. */
function openOptions({ volume }: KeyedVolume): string {
  const format = imageFormat(volume);
  const file = `driver=${format},file.filename=${quoted(pathOf(volume))}`;
  if (volume.target?.encryption === undefined) return file;
  const key = format === "luks" ? "key-secret" : "encrypt.key-secret";
  return `${file},${key}=${secretId(volume)}`;
}

/** A copy into an image that is there, of encrypted ones. */
const copyInto = (plan: VolumePlan, input: KeyedVolume): Command => [
  "qemu-img",
  "convert",
  "--image-opts",
  "-n",
  "--target-image-opts",
  ...secretObject(plan),
  ...secretObject(input),
  openOptions(input),
  openOptions(plan),
];

const copyCommand = (plan: VolumePlan, { volume: input }: KeyedVolume): Command => [
  "qemu-img",
  "convert",
  "-f",
  imageFormat(input),
  "-O",
  imageFormat(plan.volume),
  ...optionsOf(plan),
  pathOf(input),
  pathOf(plan.volume),
];

const isEncrypted = ({ volume }: KeyedVolume): boolean => volume.target?.encryption !== undefined;

/** What makes the volume, in order. */
export function volumeCommands(plan: VolumePlan): readonly Command[] {
  const { input } = plan;
  if (input === undefined) return [createCommand(plan)];
  return isEncrypted(plan) || isEncrypted(input)
    ? [createCommand(plan), copyInto(plan, input)]
    : [copyCommand(plan, input)];
}

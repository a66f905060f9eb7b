/** A disk's backing chain as block images, with the secrets and credentials they need. */
import type { Disk } from "@vireo/model/domain/device/disk";
import type { Auth, Encryption as DefinedEncryption } from "@vireo/model/domain/device/disk-auth";
import { type Encryption, type Image } from "../block/image.ts";
import { type DefinedImage, storageSource } from "../block/source-of-disk.ts";
import type { Slice, SourceObjects, StorageSource } from "../block/storage-source.ts";
import type { DeviceScope } from "./scope.ts";
import { withoutAbsent } from "../without-absent.ts";

/** The facts an image depends on. */
export type ImageScope = Pick<DeviceScope, "context">;

/** Names of the objects one image leans on. */
export interface ImageNames {
  readonly storageNode: string;
  readonly formatNode: string;
  readonly sliceNode: string;
}

export const imageNames = (id: number | string): ImageNames => ({
  storageNode: `libvirt-${id}-storage`,
  formatNode: `libvirt-${id}-format`,
  sliceNode: `libvirt-${id}-slice-sto`,
});

/** Guests that share a writable disk must not see stale pages of the host. */
export const cacheMode = (disk: Disk): string | undefined =>
  disk.driver?.cache ?? (disk.shareable === true && disk.readonly !== true ? "none" : undefined);

export const authSecretId = (node: string): string => `${node}-auth-secret0`;
export const cookieSecretId = (node: string): string => `${node}-httpcookie-secret0`;
export const encryptionSecretId = (node: string): string => `${node}-encryption-secret0`;
export const tlsCredsId = (node: string): string => `obj${node}_tls0`;

/** Credentials and encryption also have an older place, directly in the disk. */
export const authOf = (image: DefinedImage): Auth | undefined =>
  image.source?.auth ?? ("auth" in image ? image.auth : undefined);

/** Id of the domain's own helper for persistent reservations. */
export const MANAGED_RESERVATIONS = "pr-helper0";

export const encryptionOf = (image: DefinedImage): DefinedEncryption | undefined =>
  image.source?.encryption ?? ("encryption" in image ? image.encryption : undefined);

function encryption(image: DefinedImage): Encryption | undefined {
  const defined = encryptionOf(image);
  if (defined === undefined) return undefined;
  return {
    format: defined.format === "default" ? "qcow" : defined.format,
    engine: defined.engine ?? "qemu",
  };
}

/** The helper of the domain, or one that belongs to this image. */
function reservationsOf(image: DefinedImage, { storageNode }: ImageNames): string | undefined {
  const reservations = image.source?.reservations;
  if (reservations === undefined) return undefined;
  return reservations.managed === true ? MANAGED_RESERVATIONS : `pr-helper-${storageNode}`;
}

interface OpenedImage {
  readonly image: DefinedImage;
  readonly source: StorageSource;
  readonly names: ImageNames;
}

/** NBD is encrypted when the image says so, or when the daemon's settings do and the image is silent. */
const withTls = (source: StorageSource, { context }: ImageScope): StorageSource =>
  source.type === "network" && source.protocol === "nbd" && source.tls === undefined
    ? { ...source, tls: context.settings.tls.nbd === true }
    : source;
const isTls = (source: StorageSource): boolean => source.type === "network" && source.tls === true;
const hasCookies = (source: StorageSource): boolean =>
  source.type === "network" && (source.cookies?.length ?? 0) > 0;

function objectsOf({ image, source, names }: OpenedImage): SourceObjects {
  const { storageNode, formatNode } = names;
  return withoutAbsent({
    authSecret: authOf(image) === undefined ? undefined : authSecretId(storageNode),
    cookieSecret: hasCookies(source) ? cookieSecretId(storageNode) : undefined,
    encryptionSecret:
      encryptionOf(image) === undefined ? undefined : encryptionSecretId(formatNode),
    tlsCreds: isTls(source) ? tlsCredsId(storageNode) : undefined,
    reservations: reservationsOf(image, names),
  });
}

interface FormatDetails {
  readonly format: string;
  readonly metadataCache: number | undefined;
}

/** The top image's format is a matter of the disk's driver, those below name their own. */
function formatOf(image: DefinedImage, disk: Disk): FormatDetails {
  const own = image === disk || !("format" in image) ? disk.driver : image.format;
  return { format: own?.type ?? "raw", metadataCache: own?.metadataCache?.maxSizeBytes };
}

/** What the images of one disk share. */
type ChainScope = ImageScope & { readonly disk: Disk };

function backingOf(
  image: DefinedImage,
  names: readonly ImageNames[],
  scope: ChainScope,
): Image["backing"] {
  const below = image.backingStore;
  if (below === undefined) return "unknown";
  if (below.type === "none") return "terminated";
  return chain(below, names, scope) ?? "terminated";
}

/** The source with what only a running QEMU is told. */
function runtimeSource(
  image: DefinedImage,
  { context, disk }: ChainScope,
): StorageSource | undefined {
  const source = storageSource(image, {
    isCdrom: (path) => disk.device === "cdrom" && context.host.isCdrom(path),
    floppy: disk.device === "floppy",
  });
  const debugLevel = context.settings.glusterDebugLevel;
  const isGluster = source?.type === "network" && source.protocol === "gluster";
  if (!isGluster || debugLevel === undefined) return withLogin(source, authOf(image));
  return withLogin({ ...source, debugLevel }, authOf(image));
}

/** Credentials may stand beside the source instead of in it. */
const withLogin = (
  source: StorageSource | undefined,
  auth: Auth | undefined,
): StorageSource | undefined =>
  source?.type !== "network" || auth === undefined
    ? source
    : { ...source, auth: { username: auth.username, type: auth.secret?.type ?? "" } };

/** Settings of the disk that hold for every image of its chain. */
const sharedSettings = (disk: Disk): Pick<Image, "cache" | "io" | "discard"> =>
  withoutAbsent({
    cache: cacheMode(disk),
    io: disk.driver?.io,
    discard: disk.driver?.discard,
  });

function sliceOf(image: DefinedImage): Slice | undefined {
  const slice = image.source?.slices?.slices?.[0];
  return slice && { offset: slice.offset, size: slice.size };
}

function chain(
  image: DefinedImage,
  [names, ...below]: readonly ImageNames[],
  scope: ChainScope,
): Image | undefined {
  const { disk } = scope;
  const plain = runtimeSource(image, scope);
  if (plain === undefined || names === undefined) return undefined;
  const source = withTls(plain, scope);
  const top = image === disk;
  return withoutAbsent({
    source,
    ...names,
    ...formatOf(image, disk),
    ...sharedSettings(disk),
    readOnly: top ? disk.readonly === true : true,
    detectZeroes: top ? disk.driver?.detectZeroes : undefined,
    encryption: encryption(image),
    slice: sliceOf(image),
    objects: objectsOf({ image, source, names }),
    backing: backingOf(image, below, scope),
  });
}

/** The disk's top image with all below it, `names` top first; undefined for an empty drive. */
export const diskImage = (
  disk: Disk,
  names: readonly ImageNames[],
  scope: ImageScope,
): Image | undefined => chain(disk, names, { ...scope, disk });

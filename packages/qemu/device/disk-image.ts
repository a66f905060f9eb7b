/** A disk's backing chain as block images, with the secrets and credentials they need. */
import type { Disk } from "@vireo/model/domain/device/disk";
import type { Auth, Encryption as DefinedEncryption } from "@vireo/model/domain/device/disk-auth";
import { type Encryption, type Image } from "../block/image.ts";
import { type DefinedImage, storageSource } from "../block/source-of-disk.ts";
import type { SourceObjects, StorageSource } from "../block/storage-source.ts";
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

/** Id of the reservation helper: the domain's own, or one that belongs to a disk. */
export const reservationsId = (alias: string | undefined): string =>
  alias === undefined ? "pr-helper0" : `pr-helper-${alias}`;

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

const reservationsOf = (image: DefinedImage, disk: Disk): string | undefined => {
  const reservations = image.source?.reservations;
  if (reservations === undefined) return undefined;
  return reservationsId(reservations.managed === true ? undefined : disk.alias?.name);
};

function objectsOf(
  image: DefinedImage,
  disk: Disk,
  source: StorageSource,
  names: ImageNames,
): SourceObjects {
  const cookies = source.type === "network" && (source.cookies?.length ?? 0) > 0;
  const tls = source.type === "network" && source.tls === true;
  return withoutAbsent({
    authSecret: authOf(image) === undefined ? undefined : authSecretId(names.storageNode),
    cookieSecret: cookies ? cookieSecretId(names.storageNode) : undefined,
    encryptionSecret:
      encryptionOf(image) === undefined ? undefined : encryptionSecretId(names.formatNode),
    tlsCreds: tls ? tlsCredsId(names.storageNode) : undefined,
    reservations: reservationsOf(image, disk),
  });
}

const formatOf = (image: DefinedImage, disk: Disk): string =>
  image === disk
    ? (disk.driver?.type ?? "raw")
    : "format" in image
      ? (image.format?.type ?? "raw")
      : "raw";

const metadataCacheOf = (image: DefinedImage, disk: Disk): number | undefined =>
  image === disk
    ? disk.driver?.metadataCache?.maxSizeBytes
    : "format" in image
      ? image.format?.metadataCache?.maxSizeBytes
      : undefined;

function backingOf(
  image: DefinedImage,
  disk: Disk,
  names: readonly ImageNames[],
  scope: ImageScope,
): Image["backing"] {
  const below = image.backingStore;
  if (below === undefined) return "unknown";
  if (below.type === "none") return "terminated";
  return chain(below, disk, names, scope) ?? "terminated";
}

/** The source with what only a running QEMU is told. */
function runtimeSource(
  image: DefinedImage,
  disk: Disk,
  { context }: ImageScope,
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

function chain(
  image: DefinedImage,
  disk: Disk,
  [names, ...below]: readonly ImageNames[],
  scope: ImageScope,
): Image | undefined {
  const source = runtimeSource(image, disk, scope);
  if (source === undefined || names === undefined) return undefined;
  const top = image === disk;
  const slice = image.source?.slices?.slices?.find((one) => one.type === "storage");
  return withoutAbsent({
    source,
    format: formatOf(image, disk),
    ...names,
    readOnly: top ? disk.readonly === true : true,
    cache: cacheMode(disk),
    io: disk.driver?.io,
    discard: disk.driver?.discard,
    detectZeroes: top ? disk.driver?.detectZeroes : undefined,
    encryption: encryption(image),
    slice: slice && { offset: slice.offset, size: slice.size },
    metadataCache: metadataCacheOf(image, disk),
    objects: objectsOf(image, disk, source, names),
    backing: backingOf(image, disk, below, scope),
  });
}

/** The disk's top image with all below it, `names` top first; undefined for an empty drive. */
export const diskImage = (
  disk: Disk,
  names: readonly ImageNames[],
  scope: ImageScope,
): Image | undefined => chain(disk, disk, names, scope);

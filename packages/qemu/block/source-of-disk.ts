/** Where a disk's image lives: definition -> storage source. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { BackingStore } from "@vireo/model/domain/device/disk-chain";
import type { Nvram } from "@vireo/model/domain/os";
import type { NetworkSource as DefinedNetworkSource } from "@vireo/model/domain/device/disk-source";
import { withoutAbsent } from "../without-absent.ts";
import { networkHosts } from "./network-hosts.ts";
import type { NetworkSource, StorageSource } from "./storage-source.ts";

type Linked = Exclude<BackingStore, { type: "none" }>;
/** Anything with a `<source>` of its type: a disk, or an image below it. */
export type DefinedImage = Disk | Linked;

export interface SourceFacts {
  /** The device is shown as an optical drive, so the host's drive may be used as one. */
  readonly isCdrom?: (path: string) => boolean;
  readonly floppy?: boolean;
}

/** `0000:01:00.0` */
const pciName = (address: {
  readonly domain?: number | undefined;
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
}): string => {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  return `${hex(address.domain ?? 0, 4)}:${hex(address.bus, 2)}:${hex(address.slot, 2)}.${hex(address.function, 1)}`;
};

/** How an HTTP server is talked to. */
const curlSettings = (source: DefinedNetworkSource) => ({
  query: source.query,
  sslVerify: source.ssl?.verify,
  readahead: source.readahead?.value,
  timeout: source.timeout?.value,
  cookies: source.cookies?.cookies?.map(({ name, value }) => ({ name, value: value ?? "" })),
});

const loginOf = ({ auth }: DefinedNetworkSource): NetworkSource["auth"] =>
  auth && { username: auth.username, type: auth.secret?.type ?? "" };

export const networkSource = (source: DefinedNetworkSource): NetworkSource =>
  withoutAbsent({
    type: "network" as const,
    protocol: source.protocol,
    name: source.name,
    hosts: networkHosts(source.hosts),
    snapshot: source.snapshot?.name,
    config: source.config?.file,
    initiator: source.initiator?.iqn?.name,
    tls: source.tls,
    tlsHostname: source.tlsHostname,
    reconnectDelay: source.reconnect?.delay,
    user: source.identity?.user,
    group: source.identity?.group,
    auth: loginOf(source),
    ...curlSettings(source),
  });

/** The source of a disk or backing store; undefined for an empty drive. Volumes must be looked up before. */
export function storageSource(
  image: DefinedImage | Nvram,
  facts: SourceFacts = {},
): StorageSource | undefined {
  if (image.source === undefined) return undefined;
  switch (image.type) {
    case "file":
      return image.source.file === undefined
        ? undefined
        : { type: "file", path: image.source.file };
    case "block":
      return image.source.dev === undefined ? undefined : deviceSource(image.source.dev, facts);
    case "dir":
      return dirSource(image.source.dir, facts);
    case "nvme":
      return nvmeSource(image.source);
    case "network":
      return networkSource(image.source);
    case "vhostuser":
      return undefined;
    case "volume":
      throw virError("internalError", `a volume of a storage pool was not looked up`);
  }
}

const deviceSource = (path: string, { isCdrom }: SourceFacts): StorageSource => ({
  type: "block",
  path,
  cdrom: isCdrom?.(path) === true,
});

const dirSource = (path: string | undefined, { floppy }: SourceFacts): StorageSource | undefined =>
  path === undefined ? undefined : { type: "dir", path, floppy: floppy === true };

type NvmeSource = NonNullable<Extract<Disk, { type: "nvme" }>["source"]>;
const nvmeSource = ({ address, namespace }: NvmeSource): StorageSource | undefined =>
  address && { type: "nvme", device: pciName(address), namespace };

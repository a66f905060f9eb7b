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
  /** Descriptor set the file was passed in. */
  readonly fdset?: number;
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

export function networkSource(source: DefinedNetworkSource): NetworkSource {
  return withoutAbsent({
    type: "network" as const,
    protocol: source.protocol,
    name: source.name,
    query: source.query,
    hosts: networkHosts(source.hosts),
    snapshot: source.snapshot?.name,
    config: source.config?.file,
    initiator: source.initiator?.iqn?.name,
    tls: source.tls,
    tlsHostname: source.tlsHostname,
    sslVerify: source.ssl?.verify,
    readahead: source.readahead?.value,
    timeout: source.timeout?.value,
    reconnectDelay: source.reconnect?.delay,
    cookies: source.cookies?.cookies?.map(({ name, value }) => ({ name, value: value ?? "" })),
    user: source.identity?.user,
    group: source.identity?.group,
    auth: source.auth && { username: source.auth.username, type: source.auth.secret?.type ?? "" },
  });
}

/** The source of a disk or backing store; undefined for an empty drive. Volumes must be looked up before. */
export function storageSource(
  image: DefinedImage | Nvram,
  facts: SourceFacts = {},
): StorageSource | undefined {
  const fdset = facts.fdset === undefined ? {} : { fdset: facts.fdset };
  switch (image.type) {
    case "file":
      return image.source?.file === undefined
        ? undefined
        : { type: "file", path: image.source.file, ...fdset };
    case "block":
      return image.source?.dev === undefined
        ? undefined
        : {
            type: "block",
            path: image.source.dev,
            cdrom: facts.isCdrom?.(image.source.dev) === true,
            ...fdset,
          };
    case "dir":
      return image.source?.dir === undefined
        ? undefined
        : { type: "dir", path: image.source.dir, floppy: facts.floppy === true };
    case "nvme":
      return image.source?.address === undefined
        ? undefined
        : {
            type: "nvme",
            device: pciName(image.source.address),
            namespace: image.source.namespace,
          };
    case "network":
      return image.source === undefined ? undefined : networkSource(image.source);
    case "vhostuser":
      return undefined;
    case "volume":
      if (image.source === undefined) return undefined;
      throw virError(
        "internalError",
        `volume '${image.source?.volume ?? ""}' of pool '${image.source?.pool ?? ""}' was not looked up`,
      );
  }
}

/** A storage source as `<source>` of a disk or backing store. */
import type { Disk } from "@vireo/model/domain/device/disk";
import type { NetworkSource as DefinedNetworkSource } from "@vireo/model/domain/device/disk-source";
import { withoutAbsent } from "../without-absent.ts";
import type { Backing } from "./parse-backing.ts";
import type { NetworkHost, NetworkSource, Slice } from "./storage-source.ts";

/** Type and source of an image. */
export type DefinedSource = Pick<Disk, "type" | "source">;

type DefinedHost = NonNullable<DefinedNetworkSource["hosts"]>[number];

const definedHost = (host: NetworkHost): DefinedHost =>
  host.transport === "unix"
    ? { transport: "unix", socket: host.socket }
    : {
        ...(host.transport === "rdma" ? { transport: "rdma" } : {}),
        name: host.name,
        ...(host.port === undefined ? {} : { port: String(host.port) }),
      };

const slices = (slice: Slice | undefined) =>
  slice === undefined ? undefined : { slices: [{ type: "storage" as const, ...slice }] };

const curlMembers = (source: NetworkSource) => ({
  query: source.query,
  ssl: source.sslVerify === undefined ? undefined : { verify: source.sslVerify },
  cookies:
    source.cookies === undefined || source.cookies.length === 0
      ? undefined
      : { cookies: source.cookies },
  readahead: source.readahead === undefined ? undefined : { value: source.readahead },
  timeout: source.timeout === undefined ? undefined : { value: source.timeout },
});

const identityOf = ({ protocol, user, group }: NetworkSource) =>
  protocol !== "nfs" || (user === undefined && group === undefined)
    ? undefined
    : withoutAbsent({ user, group });

const networkDefinition = (source: NetworkSource): DefinedNetworkSource =>
  withoutAbsent({
    protocol: source.protocol,
    name: source.name,
    hosts: source.hosts.map(definedHost),
    snapshot: source.snapshot === undefined ? undefined : { name: source.snapshot },
    config: source.config === undefined ? undefined : { file: source.config },
    identity: identityOf(source),
    ...curlMembers(source),
  });

/** `0000:01:00.0` in its parts. */
function pciParts(name: string): { domain: number; bus: number; slot: number; function: number } {
  const [domain = 0, bus = 0, slot = 0, fn = 0] = name
    .split(/[:.]/)
    .map((part) => Number.parseInt(part, 16));
  return { domain, bus, slot, function: fn };
}

/** What `<source>` must say for QEMU to open the same image. */
export function defineSource({ source, slice }: Backing): DefinedSource {
  const part = slices(slice);
  const tail = part === undefined ? {} : { slices: part };
  switch (source.type) {
    case "file":
      return { type: "file", source: { file: source.path, ...tail } };
    case "block":
      return { type: "block", source: { dev: source.path, ...tail } };
    case "dir":
      return { type: "dir", source: { dir: source.path, ...tail } };
    case "nvme":
      return {
        type: "nvme",
        source: {
          type: "pci",
          namespace: Number(source.namespace),
          address: pciParts(source.device),
          ...tail,
        },
      };
    case "network":
      return { type: "network", source: { ...networkDefinition(source), ...tail } };
  }
}

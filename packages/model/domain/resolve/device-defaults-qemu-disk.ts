/** What libvirt's QEMU driver fills into disks. */
import type { Encryption } from "../device/disk-auth.ts";
import type { BackingStore, Mirror } from "../device/disk-chain.ts";
import type { Disk } from "../device/disk.ts";
import type { NetworkSource } from "../device/disk-source.ts";

interface Storage {
  readonly source?: { readonly encryption?: Encryption };
}

/** Ports libvirt writes down for servers that name none. */
const PORTS: Readonly<Partial<Record<NetworkSource["protocol"], number>>> = {
  http: 80,
  https: 443,
  ftp: 21,
  ftps: 990,
  tftp: 69,
  ssh: 22,
  gluster: 24007,
  sheepdog: 7000,
  nbd: 10809,
  iscsi: 3260,
  vxhs: 9999,
};

/** Formats, ports and who deciphers. */
export function qemuDisk(given: Disk): Disk {
  const disk = withPorts(withSource(emptyDrive(given)));
  const { encryption, mirror, backingStore } = disk;
  return {
    ...disk,
    driver: withFormat(disk),
    ...(encryption === undefined ? {} : { encryption: withEngine(encryption) }),
    ...(mirror === undefined ? {} : { mirror: withMirrorFormat(mirror) }),
    ...(backingStore === undefined ? {} : { backingStore: withChain(backingStore) }),
    ...(disk.type === "vhostuser" ? { snapshot: "no" } : {}),
  };
}

function withFormat(disk: Disk): NonNullable<Disk["driver"]> {
  const { driver } = disk;
  const name = driver?.name ?? "qemu";
  // the format of a volume is the pool's to know
  const named = driver?.type === "aio" ? "raw" : driver?.type;
  const format =
    named ?? (disk.type === "volume" ? undefined : disk.type === "dir" ? "fat" : "raw");
  return { ...driver, name, ...(format === undefined ? {} : { type: format }) };
}

/** A drive without a medium has no storage of its own kind. */
function emptyDrive(disk: Disk): Disk {
  const removable = disk.device === "cdrom" || disk.device === "floppy";
  const empty =
    disk.source === undefined || (disk.type === "block" && disk.source.dev === undefined);
  return removable && empty && disk.type !== "file" ? { ...disk, type: "file", source: {} } : disk;
}

const withEngine = (encryption: Encryption): Encryption => ({
  ...encryption,
  engine: encryption.engine ?? "qemu",
});

function withSource<S extends Storage>(storage: S): S {
  const encryption = storage.source?.encryption;
  return encryption === undefined
    ? storage
    : { ...storage, source: { ...storage.source, encryption: withEngine(encryption) } };
}

function withChain(store: BackingStore): BackingStore {
  const { backingStore } = store;
  const ciphered = store.type === "none" ? store : withSource(store);
  return backingStore === undefined
    ? ciphered
    : { ...ciphered, backingStore: withChain(backingStore) };
}

function withPorts(disk: Disk): Disk {
  if (disk.type !== "network" || disk.source === undefined) return disk;
  const port = PORTS[disk.source.protocol];
  if (port === undefined || disk.source.hosts === undefined) return disk;
  const hosts = disk.source.hosts.map((host) =>
    host.port === undefined && (host.transport ?? "tcp") === "tcp"
      ? { ...host, port: String(port) }
      : host,
  );
  return { ...disk, source: { ...disk.source, hosts } };
}

const withMirrorFormat = (mirror: Mirror): Mirror => ({
  ...mirror,
  format: mirror.format ?? { type: "raw" },
});

/** What the kinds of storage pools have and need. */

export const POOL_TYPES = [
  "dir",
  "fs",
  "netfs",
  "logical",
  "disk",
  "iscsi",
  "iscsi-direct",
  "scsi",
  "mpath",
  "rbd",
  "sheepdog",
  "gluster",
  "zfs",
  "vstorage",
] as const;
export type PoolType = (typeof POOL_TYPES)[number];

/** In the order of their bits in virConnectListAllStoragePoolsFlags, from bit 6. */
export const POOL_TYPES_BY_BIT: readonly PoolType[] = [
  ...POOL_TYPES.filter((type) => type !== "iscsi-direct"),
  "iscsi-direct",
];

/** Formats of file volumes, by libvirt's names. */
export const VOLUME_FORMATS = [
  "none",
  "raw",
  "dir",
  "bochs",
  "cloop",
  "dmg",
  "iso",
  "vpc",
  "vdi",
  "fat",
  "vhd",
  "ploop",
  "cow",
  "qcow",
  "qcow2",
  "qed",
  "vmdk",
] as const;

/** Kinds of partitions, as volumes of disk pools name them. */
const PARTITION_FORMATS = [
  "none",
  "linux",
  "fat16",
  "fat32",
  "linux-swap",
  "linux-lvm",
  "linux-raid",
  "extended",
] as const;

const FILE_SYSTEMS = [
  "auto",
  "ext2",
  "ext3",
  "ext4",
  "ufs",
  "iso9660",
  "udf",
  "gfs",
  "gfs2",
  "vfat",
  "hfs+",
  "xfs",
  "ocfs2",
  "vmfs",
] as const;
const NETWORK_FILE_SYSTEMS = ["auto", "nfs", "glusterfs", "cifs"] as const;
const PARTITION_TABLES = [
  "unknown",
  "dos",
  "dvh",
  "gpt",
  "mac",
  "bsd",
  "pc98",
  "sun",
  "lvm2",
] as const;

/** A list of words of which the first holds when none is given. */
interface Formats {
  readonly words: readonly string[];
  readonly assumed: string;
}

/** Parts of `<source>` that a kind cannot do without. */
export type PoolNeed = "device" | "dir" | "host" | "name" | "adapter" | "initiator";

export interface PoolKind {
  /** Formats of the pool itself. */
  readonly formats?: Formats;
  /** Formats of its volumes. */
  readonly volumeFormats?: Formats;
  readonly needs: readonly PoolNeed[];
  /** Volumes appear below a path of the host. */
  readonly target: boolean;
  /** The path, where the pool's name decides it. */
  readonly targetOf?: (sourceName: string) => string;
  /** The pool's name serves as the name in its source. */
  readonly nameless?: true;
  /** Directory in the source when none is given. */
  readonly rootDir?: true;
  /** What its volumes are. */
  readonly volumes: "file" | "block" | "network";
}

const of = (words: readonly string[], assumed = words[0] ?? ""): Formats => ({ words, assumed });
const files = { volumeFormats: of(VOLUME_FORMATS, "raw"), volumes: "file" } as const;

export const POOL_KINDS: Readonly<Record<PoolType, PoolKind>> = {
  dir: { ...files, needs: [], target: true },
  fs: { ...files, needs: ["device"], formats: of(FILE_SYSTEMS), target: true },
  netfs: { ...files, needs: ["host", "dir"], formats: of(NETWORK_FILE_SYSTEMS), target: true },
  logical: {
    needs: [],
    nameless: true,
    formats: of(["unknown", "lvm2"], "lvm2"),
    target: true,
    targetOf: (name) => `/dev/${name}`,
    volumes: "block",
  },
  disk: {
    needs: ["device"],
    formats: of(PARTITION_TABLES),
    volumeFormats: of(PARTITION_FORMATS),
    target: true,
    volumes: "block",
  },
  iscsi: { needs: ["host"], target: true, volumes: "block" },
  "iscsi-direct": {
    needs: ["host", "device", "initiator"],
    target: false,
    volumes: "network",
  },
  scsi: { needs: ["adapter"], target: true, volumes: "block" },
  mpath: { needs: [], target: true, targetOf: () => "/dev/mapper", volumes: "block" },
  rbd: { needs: ["host", "name"], target: false, volumes: "network" },
  sheepdog: { needs: ["host", "name"], target: false, volumes: "network" },
  gluster: {
    volumeFormats: of(VOLUME_FORMATS, "raw"),
    needs: ["host", "name"],
    rootDir: true,
    target: false,
    volumes: "network",
  },
  zfs: {
    needs: ["name"],
    target: true,
    targetOf: (name) => `/dev/zvol/${name}`,
    volumes: "block",
  },
  vstorage: { ...files, needs: ["name"], target: true },
};

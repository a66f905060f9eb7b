/** An image as a stack of block nodes: storage, slice of it, format on top. */
import { virError } from "@vireo/model/error";
import { given, type JsonObject } from "../json.ts";
import { nodeCache } from "./cache-mode.ts";
import { networkProps } from "./network-props.ts";
import type { Slice, SourceObjects, StorageSource } from "./storage-source.ts";

/** QEMU refuses longer node names. */
const NODE_NAME_MAX = 31;

export interface Encryption {
  readonly format: "luks" | "luks2" | "qcow" | "luks-any";
  /** Who decrypts: QEMU's own block layer, or librbd below it. */
  readonly engine: "qemu" | "librbd";
}

/** One image of a backing chain. */
export interface Image {
  readonly source: StorageSource;
  readonly format: string;
  readonly storageNode: string;
  readonly formatNode: string;
  readonly sliceNode?: string;
  readonly readOnly: boolean;
  readonly cache?: string;
  readonly io?: string;
  readonly discard?: string;
  readonly detectZeroes?: string;
  readonly encryption?: Encryption;
  readonly slice?: Slice;
  /** Bytes of qcow2's table cache. */
  readonly metadataCache?: number;
  readonly objects: SourceObjects;
  /** `terminated`: the chain is known to end here; `unknown`: QEMU opens what the header names. */
  readonly backing: Image | "terminated" | "unknown";
}

/** Names of formats in XML that QEMU's driver spells differently. */
const DRIVER_OF_FORMAT: Readonly<Record<string, string>> = {
  fat: "raw",
  ploop: "parallels",
  vhd: "vhdx",
  dir: "raw",
};

/** Formats whose header can name a backing file. */
const CHAINED = new Set(["cow", "qcow", "qcow2", "qed", "vmdk"]);

function checkedNodeName(name: string): string {
  if (name.length > NODE_NAME_MAX)
    throw virError("internalError", `node-name '${name}' too long for qemu`);
  return name;
}

/** What tells QEMU where the bytes are, without any run-time option. */
export function sourceProps(
  source: StorageSource,
  objects: SourceObjects = {},
  runtime: { readonly io?: string; readonly readOnly?: boolean } = {},
): JsonObject {
  switch (source.type) {
    case "file":
    case "block":
      return given({
        driver: hostDriver(source),
        filename: source.fdset === undefined ? source.path : `/dev/fdset/${source.fdset}`,
        aio: runtime.io,
        "pr-manager": objects.reservations,
      });
    case "dir":
      return given({
        driver: "vvfat",
        dir: source.path,
        floppy: source.floppy ?? false,
        rw: runtime.readOnly === undefined ? undefined : !runtime.readOnly,
      });
    case "nvme":
      return { driver: "nvme", device: source.device, namespace: source.namespace };
    case "network":
      return networkProps(source, objects);
  }
}

const hostDriver = (source: { type: "file" | "block"; cdrom?: boolean }): string => {
  if (source.type === "file") return "file";
  return source.cdrom === true ? "host_cdrom" : "host_device";
};

/** librbd decrypts below the block layer, so its key belongs to the storage node. */
const librbdEncrypt = (image: Image): JsonObject | undefined =>
  image.encryption?.engine === "librbd"
    ? { format: image.encryption.format, "key-secret": image.objects.encryptionSecret }
    : undefined;

/** The node that opens the file, device or connection. */
export const storageProps = (image: Image): JsonObject =>
  given({
    ...sourceProps(image.source, image.objects, {
      readOnly: image.readOnly,
      ...(image.io === undefined ? {} : { io: image.io }),
    }),
    encrypt: librbdEncrypt(image),
    "node-name": checkedNodeName(image.storageNode),
    cache: nodeCache(image.cache),
    "auto-read-only": true,
    discard: "unmap",
  });

const needsSliceNode = (image: Image): boolean =>
  image.slice !== undefined && (image.format !== "raw" || image.encryption !== undefined);

/** A raw node that narrows the storage when the format node cannot do it itself. */
const sliceProps = (image: Image): JsonObject =>
  given({
    driver: "raw",
    "node-name": checkedNodeName(image.sliceNode ?? `${image.storageNode}-slice`),
    offset: image.slice?.offset,
    size: image.slice?.size,
    file: image.storageNode,
    "auto-read-only": true,
    discard: "unmap",
    cache: nodeCache(image.cache),
  });

/** qcow2 deciphers itself, raw data goes through a node that does. */
function cipherOf({ encryption, objects }: Image): JsonObject | undefined {
  if (encryption?.engine !== "qemu") return undefined;
  const format = encryption.format === "qcow" ? "aes" : "luks";
  return { format, "key-secret": objects.encryptionSecret };
}

function formatOptions(image: Image): JsonObject {
  const { format, slice, objects } = image;
  const encrypt = cipherOf(image);
  if (format === "luks" || (format === "raw" && encrypt !== undefined))
    return { driver: "luks", "key-secret": objects.encryptionSecret };
  if (format === "raw" || format === "fat")
    return { driver: "raw", offset: slice?.offset, size: slice?.size };
  const driver = DRIVER_OF_FORMAT[format] ?? format;
  return { driver, "cache-size": image.metadataCache, encrypt };
}

function backingReference(image: Image): string | null | undefined {
  if (!CHAINED.has(image.format) || image.backing === "unknown") return undefined;
  return image.backing === "terminated" ? null : image.backing.formatNode;
}

/** `unmap` needs discard; without it QEMU may only detect. */
const detectZeroes = (image: Image): string | undefined =>
  image.detectZeroes === "unmap" && image.discard !== "unmap" ? "on" : image.detectZeroes;

/** The node the guest's device, or the overlay above, is connected to. */
export const formatProps = (image: Image): JsonObject =>
  given({
    "node-name": checkedNodeName(image.formatNode),
    "read-only": image.readOnly,
    discard: image.discard,
    "detect-zeroes": detectZeroes(image),
    cache: nodeCache(image.cache),
    ...formatOptions(image),
    file: needsSliceNode(image) ? (image.sliceNode ?? "") : image.storageNode,
    backing: backingReference(image),
  });

/** Block nodes of one image, the lowest first. */
export const imageNodes = (image: Image): readonly JsonObject[] => [
  storageProps(image),
  ...(needsSliceNode(image) ? [sliceProps(image)] : []),
  formatProps(image),
];

/** The images of a chain, the deepest first: the order in which QEMU must get them. */
export function chainOf(image: Image): readonly Image[] {
  const images: Image[] = [];
  for (let at: Image["backing"] = image; typeof at !== "string"; at = at.backing)
    images.unshift(at);
  return images;
}

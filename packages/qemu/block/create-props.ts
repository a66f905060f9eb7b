/** Options of `blockdev-create`: how a new image is made, first its storage, then the format in it. */
import { given, type JsonObject } from "../json.ts";
import { backingString } from "./backing-string.ts";
import { type Image, sourceProps } from "./image.ts";

/** How a new image is to be encrypted; QEMU's own choices where absent. */
export interface CipherChoice {
  readonly cipher?: {
    readonly name: string;
    /** Bits. */
    readonly size?: number;
    readonly mode?: string;
    readonly hash?: string;
  };
  readonly ivgen?: { readonly name: string; readonly hash?: string };
}

/** Sizes in bytes. */
export interface CreateRequest {
  /** What the guest will see. */
  readonly capacity: number;
  /** What the storage gets at first. */
  readonly physical: number;
  readonly cipher?: CipherChoice;
  /** The image the new one falls back to. */
  readonly backing?: Image;
}

/** Network protocols in which QEMU can make an image. */
const CREATED_REMOTELY = new Set(["gluster", "rbd", "sheepdog", "ssh"]);

/** Options for the storage; undefined when it must be there already. */
export function createStorageProps(image: Image, physical: number): JsonObject | undefined {
  const { source } = image;
  const { driver, ...location } = sourceProps(source);
  if (source.type === "file") return { driver, ...location, size: physical };
  return source.type === "network" && CREATED_REMOTELY.has(source.protocol)
    ? { driver, location, size: physical }
    : undefined;
}

/** Key length is part of the name of an algorithm. */
const cipherName = ({ cipher }: CipherChoice): string | undefined =>
  cipher === undefined ? undefined : [cipher.name, cipher.size ?? 256].join("-");

const luksProps = ({ objects }: Image, choice: CipherChoice = {}): JsonObject => ({
  "key-secret": objects.encryptionSecret,
  "cipher-alg": cipherName(choice),
  "cipher-mode": choice.cipher?.mode,
  "hash-alg": choice.cipher?.hash,
  "ivgen-alg": choice.ivgen?.name,
  "ivgen-hash-alg": choice.ivgen?.hash,
});

/** Formats that keep the name of a backing file. */
const WITH_BACKING = new Set(["qcow", "qcow2", "qed", "vmdk"]);

const backingProps = (image: Image, backing: Image | undefined): JsonObject =>
  backing === undefined || !WITH_BACKING.has(image.format)
    ? {}
    : {
        "backing-file": backingString(backing.source, backing.slice),
        "backing-fmt":
          image.format === "qcow2" || image.format === "qed" ? backing.format : undefined,
      };

/** Options for the format; undefined for raw data, which has none. */
export function createFormatProps(image: Image, request: CreateRequest): JsonObject | undefined {
  const encrypted = image.encryption !== undefined;
  const luks = image.format === "luks" || (image.format === "raw" && encrypted);
  if (image.format === "raw" && !luks) return undefined;
  const common = { file: image.storageNode, size: request.capacity };
  const cipher = given(luksProps(image, request.cipher));
  if (luks) return { ...cipher, driver: "luks", ...common };
  return given({
    driver: image.format,
    ...common,
    ...backingProps(image, request.backing),
    encrypt: encrypted ? { ...cipher, format: "luks" } : undefined,
  });
}

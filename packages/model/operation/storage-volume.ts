/** What one may do with a storage volume. */
import { operation, streaming } from "./operation.ts";
import { poolRef, volumeIdentity, volumeInfo, volumeRef } from "./storage-value.ts";
import { count, doc, nothing, oneOf, optional, text, truth } from "./value.ts";

const volume = volumeRef;
const yes = (about: string) => doc(optional(truth), about);
const xml = doc(text, "The volume as XML.");
const read = { access: ["storage_vol:read"], lane: "read" } as const;

/** Ways to wipe, in the order of libvirt's numbers (the first is 0). */
export const WIPE_ALGORITHMS = [
  "zero",
  "nnsa",
  "dod",
  "bsi",
  "gutmann",
  "schneier",
  "pfitzner7",
  "pfitzner33",
  "random",
  "trim",
] as const;

const making = {
  preallocate: yes("Lay out the image's tables beforehand."),
  reflink: yes("Share blocks with the source, where the file system can."),
};
const part = {
  offset: doc(count, "First byte."),
  length: doc(count, "Number of bytes; 0 for all up to the end."),
  sparse: yes("Holes travel as holes."),
};

export const storageVolumeOperations = {
  lookup: operation("storageVolume.lookup", {
    access: ["storage_vol:getattr"],
    lane: "read",
    doc: "Find a volume by pool and name, key or path.",
    input: { volume },
    output: volumeIdentity,
  }),
  create: operation("storageVolume.create", {
    lane: "long",
    job: "own",
    access: ["storage_vol:create"],
    doc: "Make a volume.",
    input: { pool: poolRef, xml, ...making },
    output: volumeIdentity,
  }),
  createFrom: operation("storageVolume.createFrom", {
    lane: "long",
    job: "own",
    access: ["storage_vol:create"],
    doc: "Make a volume as a copy of another one.",
    input: { pool: poolRef, xml, from: volumeRef, ...making },
    output: volumeIdentity,
  }),
  delete: operation("storageVolume.delete", {
    lane: "modify",
    access: ["storage_vol:delete"],
    doc: "Remove a volume.",
    input: { volume, zeroed: yes("Overwrite it with zeroes first.") },
    output: nothing,
  }),
  wipe: operation("storageVolume.wipe", {
    lane: "long",
    job: "own",
    access: ["storage_vol:format"],
    doc: "Overwrite a volume so that what it held cannot be read.",
    input: { volume, algorithm: oneOf(...WIPE_ALGORITHMS) },
    output: nothing,
  }),
  resize: operation("storageVolume.resize", {
    lane: "modify",
    access: ["storage_vol:resize"],
    doc: "Change the capacity of a volume.",
    input: {
      volume,
      capacity: doc(count, "Bytes."),
      allocate: yes("Take the new room from the pool at once."),
      delta: yes("By so much, not to so much."),
      shrink: yes("Smaller is fine; what lay there is lost."),
    },
    output: nothing,
  }),
  info: operation("storageVolume.info", {
    ...read,
    doc: "Kind and sizes.",
    input: { volume },
    output: volumeInfo,
  }),
  xml: operation("storageVolume.xml", {
    ...read,
    doc: "The volume as XML.",
    input: { volume },
    output: text,
  }),
  path: operation("storageVolume.path", {
    ...read,
    doc: "Where the volume is on the host.",
    input: { volume },
    output: text,
  }),
  upload: streaming("storageVolume.upload", "write", {
    lane: "long",
    access: ["storage_vol:data_write"],
    doc: "Write bytes into a volume.",
    input: { volume, ...part },
    output: nothing,
  }),
  download: streaming("storageVolume.download", "read", {
    lane: "long",
    access: ["storage_vol:data_read"],
    doc: "Read bytes out of a volume.",
    input: { volume, ...part },
    output: nothing,
  }),
} as const;

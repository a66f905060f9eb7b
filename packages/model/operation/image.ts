/** What one may ask of images: which is a layer upon which, who reads them, and what may go. */
import { operation } from "./operation.ts";
import { poolRef } from "./storage-value.ts";
import { count, doc, list, nothing, oneOf, optional, record, text, truth } from "./value.ts";

const path = doc(text, "Path of the image on the host.");

const reader = record({
  kind: oneOf("defined", "running", "snapshot"),
  who: doc(text, "In words."),
  domain: text,
});

const image = record({
  path,
  format: doc(optional(text), "Absent when nobody could look."),
  backing: doc(optional(text), "Path of the image that it is a layer upon."),
  pool: doc(optional(text), "Pool of which it is a volume."),
  volume: optional(text),
  users: doc(list(reader), "Who has it as the image of a disk."),
});

const quarantined = record({
  path: doc(text, "Where the image was."),
  kept: doc(text, "Where it waits."),
  until: doc(count, "When it is removed, in milliseconds since 1970."),
});

export const imageOperations = {
  graph: operation("image.graph", {
    lane: "read",
    access: ["storage_vol:read", "domain:read"],
    doc: "Every image that a pool, a domain or a snapshot knows: what it is a layer upon, and who uses it.",
    input: {},
    output: record({
      images: list(image),
      quarantine: doc(list(quarantined), "Deleted by force, and not yet removed."),
    }),
  }),
  why: operation("image.why", {
    lane: "read",
    access: ["storage_vol:read", "domain:read"],
    doc: "Why an image is there: what it is a layer upon, what is a layer upon it, who reads it.",
    input: { path },
    output: record({
      image,
      below: doc(list(text), "Paths of all images that it needs, nearest first."),
      above: doc(list(text), "Paths of the images right upon it."),
      readers: doc(list(text), "Everybody who would miss it, in words."),
    }),
  }),
  delete: operation("image.delete", {
    lane: "modify",
    access: ["storage_vol:delete"],
    doc: "Remove an image that nobody reads.",
    input: {
      path,
      force: doc(
        optional(truth),
        "Also when it is read: it is put away then, and removed after a while.",
      ),
      keepSeconds: doc(optional(count), "How long it is kept then; a week when absent."),
    },
    output: record({ quarantined: optional(quarantined) }),
  }),
  import: operation("image.import", {
    lane: "long",
    job: "own",
    access: ["storage_vol:create", "storage_vol:data_write"],
    doc: "Bring an image from a file of the host or from a server into a pool; it appears when it is whole.",
    input: {
      pool: poolRef,
      source: doc(text, "Absolute path on the host, or http(s) URL."),
      name: doc(optional(text), "Name of the volume; the source's own when absent."),
      sha256: doc(optional(text), "Refuse it unless this is its SHA-256."),
    },
    output: record({
      pool: text,
      name: text,
      path,
      format: doc(optional(text), "As found in the image."),
      bytes: count,
      sha256: text,
    }),
  }),
  restore: operation("image.restore", {
    lane: "modify",
    access: ["storage_vol:create"],
    doc: "Put an image back whose deletion was forced.",
    input: { path: doc(text, "Where it was.") },
    output: nothing,
  }),
} as const;

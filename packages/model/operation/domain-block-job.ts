/** What one may do to the images of a running domain. */
import { domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { count, doc, either, nothing, oneOf, optional, record, text, truth } from "./value.ts";

const yes = (about: string) => doc(optional(truth), about);
const about = { domain: domainRef, disk: doc(text, "Target of the disk, or path of its image.") };
const bandwidth = doc(optional(count), "Bytes per second; 0 is as fast as it can.");
const image = (what: string) =>
  doc(optional(text), `${what}: its path, or \`vda[2]\` by its number in the live XML.`);
const write = { lane: "long", access: ["domain:blockWrite"] } as const;

/** libvirt's kinds of block jobs, in the order of its numbers. */
export const BLOCK_JOB_TYPES = ["unknown", "pull", "copy", "commit", "activeCommit"] as const;

export const domainBlockJobOperations = {
  blockPull: operation("domain.blockPull", {
    ...write,
    job: "disk",
    doc: "Copy what lies below a disk's image into it, so that it needs the images below no more.",
    input: {
      ...about,
      base: image("Image that stays below; all go without it"),
      bandwidth,
      relative: yes("The image names the one below relative to itself."),
    },
    output: nothing,
  }),
  blockCommit: operation("domain.blockCommit", {
    ...write,
    job: "disk",
    doc: "Merge images of a disk's chain into one below them.",
    input: {
      ...about,
      base: image("Image merged into; the lowest without it"),
      top: image("Uppermost image that is merged; the disk's own without it"),
      bandwidth,
      shallow: yes("Merge into the image just below."),
      active: yes("The disk's own image may be merged; pivot ends that."),
      relative: yes("The image above names the one merged into relative to itself."),
      deletes: yes("Files of merged images are removed, unless somebody else reads them."),
    },
    output: nothing,
  }),
  blockCopy: operation("domain.blockCopy", {
    ...write,
    job: "disk",
    doc: "Copy a disk to another place and keep the copy up to date, until pivot or abort.",
    input: {
      ...about,
      destination: either(
        record({ xml: doc(text, "The destination as `<disk>`.") }),
        record({
          path: doc(text, "Absolute path."),
          block: yes("It is a block device."),
          format: doc(optional(text), "Format; that of the disk without it."),
        }),
      ),
      bandwidth,
      granularity: doc(optional(count), "Bytes that are copied as one."),
      bufferSize: doc(optional(count), "Bytes under way at once."),
      shallow: yes("Copy the disk's own image only."),
      reuse: yes("The destination is there already."),
      transient: yes("Also for a domain with a definition: the job does not survive its end."),
      synchronous: yes("Writes of the guest wait for the copy."),
    },
    output: nothing,
  }),
  blockJobInfo: operation("domain.blockJobInfo", {
    lane: "read",
    access: ["domain:read"],
    doc: "How far the block job of a disk is.",
    input: about,
    output: optional(
      record({
        type: oneOf(...BLOCK_JOB_TYPES),
        bandwidth: doc(count, "Bytes per second."),
        current: doc(count, "Bytes done."),
        end: doc(count, "Bytes to do."),
      }),
    ),
  }),
  blockJobAbort: operation("domain.blockJobAbort", {
    ...write,
    doc: "End the block job of a disk, or let the disk go on with the copy.",
    input: {
      ...about,
      async: yes("Do not wait for its end."),
      pivot: yes("The disk goes on with the copy."),
    },
    output: nothing,
  }),
  blockJobSpeed: operation("domain.blockJobSpeed", {
    ...write,
    doc: "Limit the speed of the block job of a disk.",
    input: { ...about, bandwidth: doc(count, "Bytes per second; 0 is as fast as it can.") },
    output: nothing,
  }),
  blockResize: operation("domain.blockResize", {
    lane: "modify",
    access: ["domain:blockWrite"],
    doc: "Change the size of a disk while the guest runs.",
    input: { ...about, bytes: doc(count, "The new size.") },
    output: nothing,
  }),
} as const;

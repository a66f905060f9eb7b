/** Figures of a running domain beyond `domain.stats`: one device, one counter, one setting of a sampler. */
import { affect, domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import {
  count,
  dictionary,
  doc,
  integer,
  list,
  nothing,
  oneOf,
  optional,
  record,
  text,
} from "./value.ts";

const domain = domainRef;
const read = { access: ["domain:read"], lane: "read" } as const;
const change = {
  access: ["domain:write", { permission: "domain:save", if: "config" }],
  lane: "modify",
} as const;
const disk = doc(text, "Target such as `vda`, or the path of its source.");

/** Bytes of a disk that one answer can hold. */
const PEEK_LIMIT = 2 * 1024 * 1024;

/** How the rate of written pages is found out. */
export const DIRTY_RATE_MODES = ["pageSampling", "dirtyBitmap", "dirtyRing"] as const;

export const domainFiguresOperations = {
  memoryStats: operation("domain.memoryStats", {
    ...read,
    doc: "What the guest's balloon driver tells of its memory, in KiB where it is a size.",
    input: { domain },
    output: dictionary(count),
  }),
  setMemoryStatsPeriod: operation("domain.setMemoryStatsPeriod", {
    ...change,
    doc: "How often the guest's balloon driver is asked.",
    input: { domain, ...affect, seconds: doc(count, "0 stops asking.") },
    output: nothing,
  }),
  blockStats: operation("domain.blockStats", {
    ...read,
    doc: "Counters of one disk, times in nanoseconds.",
    input: { domain, disk: doc(text, "Target or path; empty for the sum of all disks.") },
    output: dictionary(count),
  }),
  interfaceStats: operation("domain.interfaceStats", {
    ...read,
    doc: "Counters of one network card, as the guest sees them.",
    input: { domain, device: doc(text, "Name on the host, or MAC address.") },
    output: dictionary(count),
  }),
  blockInfo: operation("domain.blockInfo", {
    ...read,
    doc: "Sizes of a disk's image in bytes.",
    input: { domain, disk },
    output: record({
      capacity: doc(count, "What the guest sees."),
      allocation: doc(count, "What the image takes of the host, or how far the guest has written."),
      physical: doc(count, "Size of the file or device on the host."),
    }),
  }),
  blockPeek: operation("domain.blockPeek", {
    access: ["domain:blockRead"],
    lane: "read",
    doc: "A piece of a raw disk as the host has it, in base64.",
    input: {
      domain,
      disk,
      offset: doc(count, "Where it begins, in bytes."),
      bytes: doc(integer(0, PEEK_LIMIT), "How much of it."),
    },
    output: text,
  }),
  diskErrors: operation("domain.diskErrors", {
    ...read,
    doc: "Disks that have stopped with an error.",
    input: { domain },
    output: record({
      disks: doc(count, "How many disks the domain has."),
      errors: list(record({ disk: text, error: oneOf("unspecified", "noSpace") })),
    }),
  }),
  setBlockThreshold: operation("domain.setBlockThreshold", {
    access: ["domain:write"],
    lane: "modify",
    doc: "Sends an event once the guest writes beyond a place in an image.",
    input: {
      domain,
      device: doc(text, "Target such as `vda`, or `vda[3]` for an image below."),
      threshold: doc(count, "Bytes."),
    },
    output: nothing,
  }),
  cpuUsage: operation("domain.cpuUsage", {
    ...read,
    doc: "CPU time of the whole domain in nanoseconds, by kind.",
    input: { domain },
    output: dictionary(count),
  }),
  calculateDirtyRate: operation("domain.calculateDirtyRate", {
    access: ["domain:write"],
    lane: "modify",
    doc: "Starts to measure how fast the guest writes to its memory; `domain.stats` has the answer.",
    input: {
      domain,
      seconds: doc(integer(), "How long to measure, 1 to 60."),
      mode: doc(optional(oneOf(...DIRTY_RATE_MODES)), "`pageSampling` when absent."),
    },
    output: nothing,
  }),
} as const;

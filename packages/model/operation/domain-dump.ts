/** What one may take out of a running guest to look at it: its memory, its screen. */
import { doc, nothing, oneOf, count, optional, text, truth } from "./value.ts";
import { domainRef } from "./domain-value.ts";
import { operation, streaming } from "./operation.ts";

const domain = domainRef;

/** Formats of a core dump, in libvirt's order. */
export const DUMP_FORMATS = ["raw", "kdump-zlib", "kdump-lzo", "kdump-snappy", "win-dmp"] as const;

export const domainDumpOperations = {
  coreDump: operation("domain.coreDump", {
    access: ["domain:coreDump"],
    lane: "long",
    job: "domain",
    doc: "Write the guest's memory to a file on the host. Its vCPUs stand still meanwhile.",
    input: {
      domain,
      path: doc(text, "The file; one that is there is overwritten."),
      format: doc(optional(oneOf(...DUMP_FORMATS)), "`raw` when absent; others need `memoryOnly`."),
      memoryOnly: doc(optional(truth), "Memory and registers for a debugger; not the devices."),
      live: doc(optional(truth), "Let the vCPUs run meanwhile."),
      crash: doc(optional(truth), "End the domain afterwards, as crashed."),
      reset: doc(optional(truth), "Reset the domain afterwards."),
      bypassCache: doc(optional(truth), "The file does not stay in the host's page cache."),
    },
    output: nothing,
  }),
  screenshot: streaming("domain.screenshot", "read", {
    access: ["domain:screenshot"],
    lane: "long",
    doc: "What the guest shows, as a PNG picture, or PPM where QEMU knows no better.",
    input: { domain, screen: doc(count, "Screens of all video devices count on; 0 is the first.") },
    output: nothing,
  }),
} as const;

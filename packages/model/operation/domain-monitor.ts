/** What one may see of a domain without changing it. */
import { affect, DOMAIN_STATES, domainIdentity, domainRef, domainState } from "./domain-value.ts";
import { operation } from "./operation.ts";
import {
  count,
  decimal,
  dictionary,
  doc,
  either,
  integer,
  list,
  oneOf,
  optional,
  record,
  text,
  truth,
} from "./value.ts";

const domain = domainRef;
const read = { access: ["domain:read"], lane: "read" } as const;

/** What a list entry tells, so that filtering needs no second question. */
export const domainSummary = record({
  name: text,
  uuid: text,
  id: doc(optional(integer(0)), "Only while active."),
  state: oneOf(...DOMAIN_STATES),
  reason: doc(count, "libvirt's number of why it is in that state."),
  title: optional(text),
  tags: doc(list(text), "Words by which people find it, from its metadata."),
  persistent: truth,
  autostart: truth,
  managedSave: truth,
  snapshots: doc(count, "How many snapshots the domain has."),
  checkpoints: doc(count, "How many checkpoints the domain has."),
});

/** One statistic: a whole number, a decimal, a truth or a text. */
export const statistic = either(
  record({ type: oneOf("int", "uint", "llong", "ullong"), value: integer() }),
  record({ type: oneOf("double"), value: decimal }),
  record({ type: oneOf("boolean"), value: truth }),
  record({ type: oneOf("string"), value: text }),
);

export const STATS_GROUPS = [
  "state",
  "cpuTotal",
  "balloon",
  "vcpu",
  "interface",
  "block",
  "perf",
  "iothread",
  "memory",
  "dirtyrate",
  "vm",
] as const;

export const domainMonitorOperations = {
  list: operation("domain.list", {
    access: ["connect:searchDomains"],
    lane: "read",
    doc: "All domains that the caller may see.",
    input: {},
    output: list(domainSummary),
  }),
  info: operation("domain.info", {
    ...read,
    doc: "State, memory, vCPUs and CPU time.",
    input: { domain },
    output: record({
      state: oneOf(...DOMAIN_STATES),
      maxMemoryKiB: count,
      memoryKiB: count,
      vcpus: count,
      cpuTimeNs: doc(count, "CPU time that the guest has used, in nanoseconds."),
    }),
  }),
  state: operation("domain.state", {
    ...read,
    doc: "State with its reason.",
    input: { domain },
    output: domainState,
  }),
  controlInfo: operation("domain.controlInfo", {
    ...read,
    doc: "Whether the monitor can be used right now.",
    input: { domain },
    output: record({
      state: oneOf("ok", "job", "occupied", "error"),
      details: count,
      sinceMs: doc(count, "How long it has been so, in milliseconds."),
    }),
  }),
  isActive: operation("domain.isActive", {
    ...read,
    doc: "Whether the domain runs.",
    input: { domain },
    output: truth,
  }),
  isPersistent: operation("domain.isPersistent", {
    ...read,
    doc: "Whether the domain has a persistent definition.",
    input: { domain },
    output: truth,
  }),
  isUpdated: operation("domain.isUpdated", {
    ...read,
    doc: "Whether the definition changed since the domain was started.",
    input: { domain },
    output: truth,
  }),
  osType: operation("domain.osType", {
    ...read,
    doc: "The kind of virtualization: `hvm`.",
    input: { domain },
    output: text,
  }),
  maxMemory: operation("domain.maxMemory", {
    ...read,
    doc: "Most memory the domain can have, in KiB.",
    input: { domain },
    output: count,
  }),
  vcpuCount: operation("domain.vcpuCount", {
    ...read,
    doc: "Number of vCPUs, current or maximum.",
    input: { domain, ...affect, maximum: doc(optional(truth), "The maximum.") },
    output: count,
  }),
  vcpus: operation("domain.vcpus", {
    ...read,
    doc: "What each vCPU does and where it may run.",
    input: { domain },
    output: list(
      record({
        number: count,
        state: oneOf("offline", "running", "blocked"),
        cpuTimeNs: count,
        cpu: doc(integer(-1), "Host processor, -1 when not running."),
        affinity: doc(list(truth), "By host processor."),
      }),
    ),
  }),
  messages: operation("domain.messages", {
    ...read,
    doc: "Why the domain is tainted or uses something deprecated.",
    input: {
      domain,
      deprecation: doc(optional(truth), "Only deprecations."),
      tainting: doc(optional(truth), "Only taints."),
    },
    output: list(text),
  }),
  stats: operation("domain.stats", {
    access: ["connect:searchDomains"],
    lane: "read",
    doc: "Statistics of many domains at once, from the last samples.",
    input: {
      domains: doc(optional(list(domainRef)), "These domains; all when absent."),
      groups: doc(list(oneOf(...STATS_GROUPS)), "Groups of statistics; all when empty."),
      backing: doc(optional(truth), "Also the images below each disk's own."),
      nowait: doc(optional(truth), "Rather older figures than waiting for a busy guest."),
    },
    output: list(record({ domain: domainIdentity, stats: dictionary(statistic) })),
  }),
} as const;

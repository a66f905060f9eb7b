/** What share of the host's resources a domain gets. Values that are not given stay as they are. */
import { PERF_EVENTS } from "../domain/perf.ts";
import { affect, domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import {
  count,
  doc,
  integer,
  list,
  nothing,
  oneOf,
  optional,
  record,
  text,
  truth,
} from "./value.ts";

const domain = domainRef;
const read = { access: ["domain:read"], lane: "read" } as const;
const modify = {
  lane: "modify",
  access: ["domain:write", { permission: "domain:save", if: "config" }],
} as const;

const period = doc(optional(count), "Enforcement interval in microseconds.");
const quota = doc(optional(integer()), "Time per interval in microseconds; negative: no limit.");
const scheduler = {
  cpuShares: doc(optional(count), "Weight against other domains."),
  vcpuPeriod: period,
  vcpuQuota: quota,
  emulatorPeriod: period,
  emulatorQuota: quota,
  globalPeriod: period,
  globalQuota: quota,
  iothreadPeriod: period,
  iothreadQuota: quota,
};

const memory = {
  hardLimitKiB: doc(optional(count), "Never more than this; 9007199254740991 is no limit."),
  softLimitKiB: doc(optional(count), "Enforced when the host is short of memory."),
  swapHardLimitKiB: doc(optional(count), "Memory and swap together."),
};

const blkio = {
  weight: doc(optional(count), "Weight against other domains."),
  devices: doc(
    optional(
      list(
        record({
          path: doc(text, "Device node of the host."),
          weight: optional(count),
          readIopsSec: optional(count),
          writeIopsSec: optional(count),
          readBytesSec: optional(count),
          writeBytesSec: optional(count),
        }),
        1024,
      ),
    ),
    "Shares of single host devices; 0 takes a limit away.",
  ),
};

const limit = doc(optional(count), "Per second; 0: no limit.");
const burst = doc(optional(count), "Per second in a burst.");
const seconds = doc(optional(count), "Seconds that a burst may last.");
const blockIo = {
  totalBytesSec: limit,
  readBytesSec: limit,
  writeBytesSec: limit,
  totalIopsSec: limit,
  readIopsSec: limit,
  writeIopsSec: limit,
  totalBytesSecMax: burst,
  readBytesSecMax: burst,
  writeBytesSecMax: burst,
  totalIopsSecMax: burst,
  readIopsSecMax: burst,
  writeIopsSecMax: burst,
  sizeIopsSec: doc(optional(count), "Bytes that count as one operation."),
  groupName: doc(optional(text), "Disks of one group share the limits."),
  totalBytesSecMaxLength: seconds,
  readBytesSecMaxLength: seconds,
  writeBytesSecMaxLength: seconds,
  totalIopsSecMaxLength: seconds,
  readIopsSecMaxLength: seconds,
  writeIopsSecMaxLength: seconds,
};

const rate = {
  average: doc(optional(count), "KiB per second."),
  peak: doc(optional(count), "KiB per second in a burst."),
  burst: doc(optional(count), "KiB at peak rate."),
};
/** Throughput of a network card, by direction. */
export const interfaceRates = {
  inbound: doc(
    optional(record({ ...rate, floor: doc(optional(count), "KiB per second guaranteed.") })),
    "Towards the guest; an average of 0 takes the limit away.",
  ),
  outbound: doc(optional(record(rate)), "From the guest."),
};

/** libvirt's numbered modes, in order. */
export const NUMA_MODES = ["strict", "preferred", "interleave", "restrictive"] as const;
const numa = {
  mode: doc(optional(oneOf(...NUMA_MODES)), "How the host takes memory from its nodes."),
  nodes: doc(optional(list(count)), "Nodes of the host."),
};

const device = doc(text, "Target or path of the disk.");
const net = doc(text, "MAC address or host name of the interface.");

export const domainTuneOperations = {
  scheduler: operation("domain.scheduler", {
    ...read,
    doc: "The domain's share of CPU time.",
    input: { domain, ...affect },
    output: record(scheduler),
  }),
  setScheduler: operation("domain.setScheduler", {
    ...modify,
    doc: "Change the domain's share of CPU time.",
    input: { domain, ...scheduler, ...affect },
    output: nothing,
  }),
  memoryTune: operation("domain.memoryTune", {
    ...read,
    doc: "Limits of the host on the domain's memory.",
    input: { domain, ...affect },
    output: record(memory),
  }),
  setMemoryTune: operation("domain.setMemoryTune", {
    ...modify,
    doc: "Limit the memory that the host gives to the domain.",
    input: { domain, ...memory, ...affect },
    output: nothing,
  }),
  blkioTune: operation("domain.blkioTune", {
    ...read,
    doc: "The domain's share of the host's block I/O.",
    input: { domain, ...affect },
    output: record(blkio),
  }),
  setBlkioTune: operation("domain.setBlkioTune", {
    ...modify,
    doc: "Change the domain's share of the host's block I/O.",
    input: { domain, ...blkio, ...affect },
    output: nothing,
  }),
  blockIoTune: operation("domain.blockIoTune", {
    ...read,
    doc: "Limits on the throughput of a disk.",
    input: { domain, device, ...affect },
    output: record(blockIo),
  }),
  setBlockIoTune: operation("domain.setBlockIoTune", {
    ...modify,
    doc: "Limit the throughput of a disk.",
    input: { domain, device, ...blockIo, ...affect },
    output: nothing,
  }),
  interfaceTune: operation("domain.interfaceTune", {
    ...read,
    doc: "Limits on the throughput of a network interface.",
    input: { domain, device: net, ...affect },
    output: record(interfaceRates),
  }),
  setInterfaceTune: operation("domain.setInterfaceTune", {
    ...modify,
    doc: "Limit the throughput of a network interface.",
    input: { domain, device: net, ...interfaceRates, ...affect },
    output: nothing,
  }),
  numaTune: operation("domain.numaTune", {
    ...read,
    doc: "From which nodes of the host the domain's memory comes.",
    input: { domain, ...affect },
    output: record(numa),
  }),
  setNumaTune: operation("domain.setNumaTune", {
    ...modify,
    doc: "Choose the nodes of the host that the domain's memory comes from.",
    input: { domain, ...numa, ...affect },
    output: nothing,
  }),
  perfEvents: operation("domain.perfEvents", {
    ...read,
    doc: "Counters of the host that are measured for the guest.",
    input: { domain, ...affect },
    output: doc(list(oneOf(...PERF_EVENTS)), "Those that are on."),
  }),
  setPerfEvents: operation("domain.setPerfEvents", {
    ...modify,
    doc: "Choose the counters of the host that are measured for the guest.",
    input: {
      domain,
      events: doc(list(record({ name: oneOf(...PERF_EVENTS), enabled: truth }), 64), "Changes."),
      ...affect,
    },
    output: nothing,
  }),
} as const;

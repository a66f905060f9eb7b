/** What one may ask about the host and the connection. */
import { connectCpuOperations, flavour } from "./connect-cpu.ts";
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
  truth,
} from "./value.ts";

const seen = { access: ["connect:getattr"], lane: "read" } as const;
const read = { access: ["connect:read"], lane: "read" } as const;
export const connectOperations = {
  ...connectCpuOperations,
  type: operation("connect.type", {
    ...seen,
    doc: "Kind of hypervisor: QEMU or TEST.",
    input: {},
    output: text,
  }),
  version: operation("connect.version", {
    ...seen,
    doc: "Version of the hypervisor: major x 1000000 + minor x 1000 + micro.",
    input: {},
    output: count,
  }),
  libVersion: operation("connect.libVersion", {
    ...seen,
    doc: "Version of libvirt whose behaviour the daemon follows, encoded like the hypervisor's.",
    input: {},
    output: count,
  }),
  hostname: operation("connect.hostname", {
    ...seen,
    doc: "Name of the host.",
    input: {},
    output: text,
  }),
  uri: operation("connect.uri", {
    ...seen,
    doc: "URI of this connection as the daemon knows it.",
    input: {},
    output: text,
  }),
  capabilities: operation("connect.capabilities", {
    ...read,
    doc: "What the host and its emulators can do, as XML.",
    input: {},
    output: text,
  }),
  domainCapabilities: operation("connect.domainCapabilities", {
    access: ["connect:write"],
    lane: "read",
    doc: "What a domain of one kind can have, as XML.",
    input: flavour,
    output: text,
  }),
  nodeInfo: operation("connect.nodeInfo", {
    ...read,
    doc: "The host's processors and memory.",
    input: {},
    output: record({
      model: text,
      memoryKiB: count,
      cpus: count,
      mhz: count,
      nodes: count,
      sockets: doc(count, "Per NUMA node."),
      cores: doc(count, "Per socket."),
      threads: doc(count, "Per core."),
    }),
  }),
  cpuMap: operation("connect.cpuMap", {
    ...read,
    doc: "Which of the host's processors are online.",
    input: {},
    output: record({ present: count, online: list(truth) }),
  }),
  cpuStats: operation("connect.cpuStats", {
    ...read,
    doc: "Nanoseconds that the host's processors spent by kind.",
    input: { cpu: doc(optional(count), "One processor; all when absent.") },
    output: dictionary(count),
  }),
  memoryStats: operation("connect.memoryStats", {
    ...read,
    doc: "The host's memory in KiB by kind.",
    input: { cell: doc(optional(count), "One NUMA cell; all when absent.") },
    output: dictionary(count),
  }),
  freeMemory: operation("connect.freeMemory", {
    ...read,
    doc: "Free memory of the host in bytes.",
    input: {},
    output: count,
  }),
  cellsFreeMemory: operation("connect.cellsFreeMemory", {
    ...read,
    doc: "Free memory of each NUMA cell in bytes.",
    input: { start: count, max: count },
    output: list(count),
  }),
  freePages: operation("connect.freePages", {
    ...read,
    doc: "Free pages of each of the sizes, one NUMA cell after the other.",
    input: { sizesKiB: list(count, 64), start: doc(integer(), "First cell."), cells: count },
    output: list(count),
  }),
  allocatePages: operation("connect.allocatePages", {
    access: ["connect:write"],
    lane: "modify",
    doc: "Sets the number of huge pages of the host or of some NUMA cells; tells how many pools changed.",
    input: {
      pools: list(record({ sizeKiB: count, count }), 64),
      start: doc(integer(-1), "First cell, -1 for the whole host."),
      cells: count,
      add: doc(optional(truth), "To those that are there."),
    },
    output: count,
  }),
  sevInfo: operation("connect.sevInfo", {
    ...read,
    doc: "What the host's AMD SEV offers.",
    input: {},
    output: dictionary(count),
  }),
  memoryParameters: operation("connect.memoryParameters", {
    ...read,
    doc: "How the kernel merges equal pages, and how many it has merged.",
    input: {},
    output: dictionary(count),
  }),
  setMemoryParameters: operation("connect.setMemoryParameters", {
    access: ["connect:write"],
    lane: "modify",
    doc: "Changes how the kernel merges equal pages.",
    input: {
      shm_pages_to_scan: doc(optional(count), "Pages before it sleeps."),
      shm_sleep_millisecs: doc(optional(count), "How long it sleeps, in milliseconds."),
      shm_merge_across_nodes: doc(optional(integer(0, 1)), "Also pages of different NUMA cells."),
    },
    output: nothing,
  }),
  suspend: operation("connect.suspend", {
    access: ["connect:pm_control"],
    lane: "modify",
    doc: "Puts the host to sleep for a while.",
    input: {
      target: oneOf("mem", "disk", "hybrid"),
      seconds: doc(count, "When to wake up, at least 60 seconds from now."),
    },
    output: nothing,
  }),
  maxVcpus: operation("connect.maxVcpus", {
    ...seen,
    doc: "Most vCPUs a domain of the given type may have.",
    input: { virtType: doc(optional(text), "Either `kvm` or `qemu`.") },
    output: count,
  }),
  isSecure: operation("connect.isSecure", {
    ...seen,
    doc: "Whether nobody on the way can read the connection.",
    input: {},
    output: truth,
  }),
  isEncrypted: operation("connect.isEncrypted", {
    ...seen,
    doc: "Whether the connection is encrypted.",
    input: {},
    output: truth,
  }),
  sysinfo: operation("connect.sysinfo", {
    ...read,
    doc: "The host's SMBIOS data as XML.",
    input: {},
    output: text,
  }),
  securityModel: operation("connect.securityModel", {
    ...read,
    doc: "The model that confines guests, `none` without one.",
    input: {},
    output: record({ model: text, doi: text }),
  }),
  supportsFeature: operation("connect.supportsFeature", {
    ...seen,
    doc: "Whether the driver has one of libvirt's numbered features.",
    input: { feature: integer() },
    output: truth,
  }),
} as const;

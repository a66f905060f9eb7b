/** What one may do with a domain's virtual CPUs, its emulator and its I/O threads while it runs. */
import { affect, domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { count, doc, integer, list, nothing, optional, record, truth } from "./value.ts";

const domain = domainRef;
const read = { access: ["domain:read"], lane: "read" } as const;
const modify = {
  lane: "modify",
  access: ["domain:write", { permission: "domain:save", if: "config" }],
} as const;

const cpus = doc(list(count), "Numbers of host processors.");
const vcpu = doc(count, "Number of the virtual CPU, from 0.");
const iothread = doc(integer(1), "Number of the I/O thread.");

export const domainCpuOperations = {
  setVcpus: operation("domain.setVcpus", {
    ...modify,
    doc: "Change how many virtual CPUs the domain has, or can have at most.",
    input: {
      domain,
      count: doc(integer(1), "How many."),
      maximum: doc(optional(truth), "The most there can be, in the definition only."),
      hotpluggable: doc(optional(truth), "Those that are added can be taken out again."),
      ...affect,
    },
    output: nothing,
  }),
  setVcpu: operation("domain.setVcpu", {
    ...modify,
    doc: "Switch single virtual CPUs on or off.",
    input: {
      domain,
      vcpus: doc(list(count), "Numbers of the virtual CPUs."),
      enabled: doc(truth, "On."),
      ...affect,
    },
    output: nothing,
  }),
  vcpuPins: operation("domain.vcpuPins", {
    ...read,
    doc: "Where each virtual CPU may run, by its number.",
    input: { domain, ...affect },
    output: list(cpus),
  }),
  pinVcpu: operation("domain.pinVcpu", {
    ...modify,
    doc: "Say on which host processors a virtual CPU may run.",
    input: { domain, vcpu, cpus, ...affect },
    output: nothing,
  }),
  emulatorPin: operation("domain.emulatorPin", {
    ...read,
    doc: "Where QEMU's own threads may run.",
    input: { domain, ...affect },
    output: cpus,
  }),
  pinEmulator: operation("domain.pinEmulator", {
    ...modify,
    doc: "Say on which host processors QEMU's own threads may run.",
    input: { domain, cpus, ...affect },
    output: nothing,
  }),
  iothreads: operation("domain.iothreads", {
    ...read,
    doc: "The I/O threads and where each may run.",
    input: { domain, ...affect },
    output: list(record({ id: iothread, cpus })),
  }),
  addIothread: operation("domain.addIothread", {
    ...modify,
    doc: "Add an I/O thread.",
    input: { domain, id: iothread, ...affect },
    output: nothing,
  }),
  removeIothread: operation("domain.removeIothread", {
    ...modify,
    doc: "Take an I/O thread away that no device uses.",
    input: { domain, id: iothread, ...affect },
    output: nothing,
  }),
  pinIothread: operation("domain.pinIothread", {
    ...modify,
    doc: "Say on which host processors an I/O thread may run.",
    input: { domain, id: iothread, cpus, ...affect },
    output: nothing,
  }),
  setIothread: operation("domain.setIothread", {
    ...modify,
    doc: "Change how an I/O thread polls, and how many workers it has.",
    input: {
      domain,
      id: iothread,
      pollMaxNs: doc(optional(count), "Longest time of polling, in nanoseconds; 0: none."),
      pollGrow: doc(optional(count), "Factor by which polling grows."),
      pollShrink: doc(optional(count), "Divisor by which it shrinks."),
      threadPoolMin: doc(optional(integer(-1)), "Fewest workers."),
      threadPoolMax: doc(optional(integer(-1)), "Most workers."),
      ...affect,
    },
    output: nothing,
  }),
} as const;

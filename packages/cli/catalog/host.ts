/** Commands of the group "Host and Hypervisor". */
import { type Commands, count, data, flag, number, text } from "./option.ts";
import { pretty, validate } from "./shared.ts";

export const hostCommands = {
  allocpages: {
    summary: "Reserve huge pages",
    options: {
      pagesize: count("size", "page size in KiB, or with a unit", { scale: 1024 }),
      pagecount: count("long", "how many pages"),
      cellno: number("int", "NUMA cell"),
      add: flag("add to the pages there are"),
      all: flag("on every NUMA cell"),
    },
  },
  capabilities: {
    summary: "Print what the host can do, as XML",
    options: {},
  },
  "cpu-baseline": {
    summary: "Find the CPU that several hosts share",
    options: {
      file: data("file with CPU descriptions"),
      features: flag("name every feature"),
      migratable: flag("leave out features that block migration"),
    },
  },
  "cpu-compare": {
    summary: "Compare a CPU with the one of the host",
    options: {
      file: data("file with the CPU description"),
      error: flag("say what is missing"),
      validate,
    },
  },
  "cpu-models": {
    summary: "List CPU models of an architecture",
    options: {
      arch: data("architecture"),
    },
  },
  domcapabilities: {
    summary: "Print what domains on this host may have, as XML",
    options: {
      virttype: text("virtualisation type, as 'kvm'"),
      emulatorbin: text("path of the emulator"),
      arch: text("architecture"),
      machine: text("machine type"),
    },
  },
  freecell: {
    summary: "Show free memory, by NUMA cell",
    options: {
      cellno: number("int", "NUMA cell"),
      all: flag("every NUMA cell"),
    },
  },
  freepages: {
    summary: "Show free pages, by NUMA cell and size",
    options: {
      cellno: number("int", "NUMA cell"),
      pagesize: number("size", "page size in KiB, or with a unit", { scale: 1024 }),
      all: flag("every NUMA cell"),
    },
  },
  hostname: {
    summary: "Print the name of the host",
    options: {},
  },
  "hypervisor-cpu-baseline": {
    summary: "Find the CPU that several hosts share and the hypervisor can give",
    options: {
      file: text("file with CPU descriptions"),
      virttype: text("virtualisation type, as 'kvm'"),
      emulator: text("path of the emulator"),
      arch: text("architecture"),
      machine: text("machine type"),
      features: flag("name every feature"),
      migratable: flag("leave out features that block migration"),
      model: text("CPU model to expand"),
    },
  },
  "hypervisor-cpu-compare": {
    summary: "Compare a CPU with what the hypervisor can give",
    options: {
      file: data("file with the CPU description"),
      virttype: text("virtualisation type, as 'kvm'"),
      emulator: text("path of the emulator"),
      arch: text("architecture"),
      machine: text("machine type"),
      error: flag("say what is missing"),
      validate,
    },
  },
  maxvcpus: {
    summary: "Print how many CPUs a domain may have",
    options: {
      type: text("domain type to ask about"),
    },
  },
  "node-memory-tune": {
    summary: "Show or set how the host merges pages",
    options: {
      "shm-pages-to-scan": number("int", "pages to scan in one go"),
      "shm-sleep-millisecs": number("int", "milliseconds between scans"),
      "shm-merge-across-nodes": number("int", "merge pages of different NUMA nodes"),
    },
  },
  nodecpumap: {
    summary: "Show which CPUs the host has",
    options: {
      pretty,
    },
  },
  nodecpustats: {
    summary: "Show how busy the host's CPUs are",
    options: {
      cpu: number("int", "number of the CPU"),
      percent: flag("share over one second"),
    },
  },
  nodeinfo: {
    summary: "Show the basic facts about the host",
    options: {},
  },
  nodememstats: {
    summary: "Show how the host's memory is used",
    options: {
      cell: number("int", "NUMA cell"),
    },
  },
  nodesevinfo: {
    summary: "Show what the host offers for AMD SEV",
    options: {},
  },
  nodesuspend: {
    summary: "Put the host to sleep for a while",
    options: {
      target: data("'mem' (to RAM), 'disk' or 'hybrid'"),
      duration: count("long", "seconds"),
    },
  },
  sysinfo: {
    summary: "Print the host's SMBIOS facts, as XML",
    options: {},
  },
  uri: {
    summary: "Print the address of the connection",
    options: {},
  },
  version: {
    summary: "Show versions",
    options: {
      daemon: flag("also the version of the daemon"),
    },
  },
} as const satisfies Commands;

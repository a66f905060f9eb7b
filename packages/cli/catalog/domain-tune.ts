/** Commands of the group "Domain Management": tune. */
import { type Commands, alias, count, data, flag, number, text, words } from "./option.ts";
import { config, current, domain, live, pretty } from "./shared.ts";

export const domainTuneCommands = {
  blkiotune: {
    summary: "Show or set a domain's share of disk I/O",
    options: {
      domain,
      weight: number("int", "share of the disk time"),
      "device-weights": text("share per device: /dev/x,weight,..."),
      "device-read-iops-sec": text("reads per second per device: /dev/x,number,..."),
      "device-write-iops-sec": text("writes per second per device: /dev/x,number,..."),
      "device-read-bytes-sec": text("bytes read per second per device: /dev/x,number,..."),
      "device-write-bytes-sec": text("bytes written per second per device: /dev/x,number,..."),
      config,
      live,
      current,
    },
  },
  memtune: {
    summary: "Show or set the memory limits of a domain",
    options: {
      domain,
      "hard-limit": number("size", "most memory, in KiB", { scale: 1024 }),
      "soft-limit": number("size", "most memory when memory is short, in KiB", { scale: 1024 }),
      "swap-hard-limit": number("size", "most memory and swap, in KiB", { scale: 1024 }),
      "min-guarantee": number("size", "least memory, in KiB", { scale: 1024 }),
      config,
      live,
      current,
    },
  },
  numatune: {
    summary: "Show or set the NUMA placement of a domain",
    options: {
      domain,
      mode: text("strict, preferred, interleave or restrictive"),
      nodeset: text("NUMA nodes, as 0-1"),
      config,
      live,
      current,
    },
  },
  schedinfo: {
    summary: "Show or set the scheduling of a domain",
    options: {
      domain,
      weight: number("int", "weight (Xen)", { named: true }),
      cap: number("int", "upper limit (Xen)", { named: true }),
      current,
      config,
      live,
      set: words("parameter=value"),
    },
  },
  perf: {
    summary: "Show or choose the performance events to count",
    options: {
      domain,
      enable: text("events to count, separated by commas"),
      disable: text("events to stop counting, separated by commas"),
      config,
      live,
      current,
    },
  },
  "cpu-stats": {
    summary: "Show the CPU time a domain has used",
    options: {
      domain,
      total: flag("only the sum of all CPUs"),
      start: number("int", "first CPU to show"),
      count: number("int", "how many CPUs to show"),
    },
  },
  setmem: {
    summary: "Change the memory a domain has",
    options: {
      domain,
      kilobytes: alias("size"),
      size: count("size", "memory in KiB, or with a unit", { scale: 1024 }),
      config,
      live,
      current,
    },
  },
  setmaxmem: {
    summary: "Change the most memory a domain may have",
    options: {
      domain,
      kilobytes: alias("size"),
      size: count("size", "memory in KiB, or with a unit", { scale: 1024 }),
      config,
      live,
      current,
    },
  },
  setvcpus: {
    summary: "Change the number of CPUs of a domain",
    options: {
      domain,
      count: count("uint", "how many CPUs"),
      maximum: flag("the most there may be"),
      config,
      live,
      current,
      guest: flag("as the guest sees it (by agent)"),
      hotpluggable: flag("let the CPUs be taken away again"),
    },
  },
  setvcpu: {
    summary: "Add or take away certain CPUs of a domain",
    options: {
      domain,
      vcpulist: data("CPUs of the guest, as 0-3,^2"),
      enable: flag("add the CPUs"),
      disable: flag("take the CPUs away"),
      config,
      live,
      current,
    },
  },
  guestvcpus: {
    summary: "Show or change CPUs from inside the guest",
    options: {
      domain,
      cpulist: text("CPUs of the guest, as 0-3,^2"),
      enable: flag("bring the CPUs online"),
      disable: flag("take the CPUs offline"),
    },
  },
  vcpucount: {
    summary: "Count the CPUs of a domain",
    detail:
      "Prints the most and the current number of CPUs, in the definition and in the running domain; with options just one number.",
    options: {
      domain,
      maximum: flag("the most there may be"),
      active: flag("CPUs in use"),
      live: flag("of the running domain"),
      config: flag("of the definition"),
      current: flag("of the domain as it is now"),
      guest: flag("as the guest sees it (by agent)"),
    },
  },
  vcpuinfo: {
    summary: "Show each CPU of a domain",
    options: {
      domain,
      pretty,
    },
  },
  vcpupin: {
    summary: "Show or bind a CPU to host CPUs",
    options: {
      domain,
      vcpu: number("uint", "number of the CPU"),
      cpulist: text("host CPUs, as 0-3,^2", { emptyOk: true }),
      config,
      live,
      current,
    },
  },
  emulatorpin: {
    summary: "Show or bind the emulator to host CPUs",
    options: {
      domain,
      cpulist: text("host CPUs, as 0-3,^2", { emptyOk: true }),
      config,
      live,
      current,
    },
  },
  iothreadinfo: {
    summary: "List the I/O threads of a domain",
    options: {
      domain,
      config: flag("of the definition"),
      live: flag("of the running domain"),
      current: flag("of the domain as it is now"),
    },
  },
  iothreadpin: {
    summary: "Bind an I/O thread to host CPUs",
    options: {
      domain,
      iothread: count("uint", "number of the I/O thread"),
      cpulist: data("host CPUs, as 0-3,^2"),
      config,
      live,
      current,
    },
  },
  iothreadadd: {
    summary: "Add an I/O thread to a domain",
    options: {
      domain,
      id: count("uint", "number of the I/O thread"),
      config,
      live,
      current,
    },
  },
  iothreadset: {
    summary: "Change an I/O thread of a domain",
    options: {
      domain,
      id: count("uint", "number of the I/O thread"),
      "poll-max-ns": number("long", "longest time to poll, in nanoseconds"),
      "poll-grow": number("int", "factor by which polling grows"),
      "poll-shrink": number("int", "factor by which polling shrinks"),
      "thread-pool-min": number("int", "fewest worker threads"),
      "thread-pool-max": number("int", "most worker threads"),
      config,
      live,
      current,
    },
  },
  iothreaddel: {
    summary: "Remove an I/O thread from a domain",
    options: {
      domain,
      id: count("uint", "number of the I/O thread"),
      config,
      live,
      current,
    },
  },
  "domdirtyrate-calc": {
    summary: "Measure how fast a guest changes its memory",
    options: {
      domain,
      seconds: number("int", "seconds to measure"),
      mode: text("page-sampling, dirty-bitmap or dirty-ring"),
    },
  },
} as const satisfies Commands;

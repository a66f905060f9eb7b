/** RPC procedures about figures of one domain or of one of its devices. */
import { badArgument, virError } from "@vireo/model/error";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import { DIRTY_RATE_MODES } from "@vireo/model/operation/domain-figures";
import type { RemoteRet } from "@vireo/rpc/program/remote";
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { AFFECT, readFlags, STRINGS } from "./flags.ts";
import { fitting, wireParams } from "./typed-params.ts";
import { domainOf } from "./wire.ts";

type Counters = RemoteRet<"domainInterfaceStats">;

/** What libvirt's clients read as "not known". */
const UNKNOWN = -1n;

/** As the wire has them. */
export function interfaceCounters(stats: Readonly<Record<string, number>>): Counters {
  const counter = (name: string): bigint => {
    const value = stats[name];
    return value === undefined ? UNKNOWN : BigInt(value);
  };
  return {
    rx_bytes: counter("rx.bytes"),
    rx_packets: counter("rx.pkts"),
    rx_errs: counter("rx.errs"),
    rx_drop: counter("rx.drop"),
    tx_bytes: counter("tx.bytes"),
    tx_packets: counter("tx.pkts"),
    tx_errs: counter("tx.errs"),
    tx_drop: counter("tx.drop"),
  };
}

const interfaceHandlers: DoorHandlers = {
  domainInterfaceStats: async ({ dom, device }, call) => {
    const stats = await ask(call, ["domain", "interfaceStats"], { domain: domainOf(dom), device });
    return interfaceCounters(stats);
  },
};

/** The strings of typed parameters are understood by every client of ours. */

/** In the order of libvirt's numbers. */
const MEMORY_TAGS = [
  "swap_in",
  "swap_out",
  "major_fault",
  "minor_fault",
  "unused",
  "available",
  "actual",
  "rss",
  "usable",
  "last_update",
  "disk_caches",
  "hugetlb_pgalloc",
  "hugetlb_pgfail",
];

const memoryHandlers: DoorHandlers = {
  domainMemoryStats: async ({ dom, maxStats, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainMemoryStats"));
    const stats = await ask(call, ["domain", "memoryStats"], { domain: domainOf(dom) });
    const tagged = Object.entries(stats).map(([name, value]) => ({
      tag: MEMORY_TAGS.indexOf(name),
      val: BigInt(value),
    }));
    return { stats: tagged.filter(({ tag }) => tag >= 0).slice(0, maxStats) };
  },
  domainSetMemoryStatsPeriod: ({ dom, period, flags }, call) => {
    const name = driverFunction(call, "DomainSetMemoryStatsPeriod");
    const ways = readFlags(flags, AFFECT, name);
    if (period < 0)
      throw badArgument(`period in ${name} must be zero or greater`, {
        function: name,
        argument: "period",
      });
    const input = { domain: domainOf(dom), seconds: period, ...ways };
    return ask(call, ["domain", "setMemoryStatsPeriod"], input);
  },
};

const ERROR_NUMBERS = { unspecified: 1, noSpace: 2 } as const;

const blockHandlers: DoorHandlers = {
  domainBlockStats: async ({ dom, path }, call) => {
    const stats = await ask(call, ["domain", "blockStats"], { domain: domainOf(dom), disk: path });
    const counter = (name: string): bigint => BigInt(stats[name] ?? UNKNOWN);
    return {
      rd_req: counter("rd_operations"),
      rd_bytes: counter("rd_bytes"),
      wr_req: counter("wr_operations"),
      wr_bytes: counter("wr_bytes"),
      errs: UNKNOWN,
    };
  },
  domainBlockStatsFlags: async ({ dom, path, nparams, flags }, call) => {
    readFlags(flags, STRINGS, driverFunction(call, "DomainBlockStatsFlags"));
    const stats = await ask(call, ["domain", "blockStats"], { domain: domainOf(dom), disk: path });
    return fitting(wireParams(stats, "llong"), nparams);
  },
  domainGetBlockInfo: async ({ dom, path, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainGetBlockInfo"));
    const info = await ask(call, ["domain", "blockInfo"], { domain: domainOf(dom), disk: path });
    return {
      allocation: BigInt(info.allocation),
      capacity: BigInt(info.capacity),
      physical: BigInt(info.physical),
    };
  },
  domainBlockPeek: async ({ dom, path: disk, offset, size: bytes, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainBlockPeek"));
    const input = { domain: domainOf(dom), disk, offset: Number(offset), bytes };
    return { buffer: Buffer.from(await ask(call, ["domain", "blockPeek"], input), "base64") };
  },
  domainGetDiskErrors: async ({ dom, maxerrors, flags }, call) => {
    readFlags(flags, STRINGS, driverFunction(call, "DomainGetDiskErrors"));
    const { disks, errors } = await ask(call, ["domain", "diskErrors"], { domain: domainOf(dom) });
    if (maxerrors === 0) return { errors: [], nerrors: disks };
    const told = errors
      .slice(0, maxerrors)
      .map(({ disk, error }) => ({ disk, error: ERROR_NUMBERS[error] }));
    return { errors: told, nerrors: told.length };
  },
  domainSetBlockThreshold: ({ dom, dev, threshold, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainSetBlockThreshold"));
    const input = { domain: domainOf(dom), device: dev, threshold: Number(threshold) };
    return ask(call, ["domain", "setBlockThreshold"], input);
  },
};

/** What "all processors together" is called in the call for CPU time. */
const TOTAL = -1;
/** How many figures there are of one processor where they can be had at all. */
const PER_CPU = 2;

const measureHandlers: DoorHandlers = {
  domainGetCpuStats: async ({ dom, nparams, start_cpu, ncpus, flags }, call) => {
    readFlags(flags, STRINGS, driverFunction(call, "DomainGetCPUStats"));
    const usage = await ask(call, ["domain", "cpuUsage"], { domain: domainOf(dom) });
    if (start_cpu === TOTAL) {
      const params = wireParams(usage, "ullong");
      return { params: params.slice(0, nparams), nparams: params.length };
    }
    if (ncpus === 0) {
      const { present } = await ask(call, ["connect", "cpuMap"], {});
      return { params: [], nparams: present };
    }
    if (nparams === 0) return { params: [], nparams: PER_CPU };
    throw virError(
      "operationUnsupported",
      "operation 'getCpuacctPercpuUsage' not supported for backend 'cgroup V2'",
      { from: ErrorDomain.cgroup },
    );
  },
  domainStartDirtyRateCalc: ({ dom, seconds, flags }, call) => {
    const bits = { pageSampling: 0, dirtyBitmap: 1, dirtyRing: 2 };
    const ways = readFlags(flags, bits, driverFunction(call, "DomainStartDirtyRateCalc"));
    const modes = DIRTY_RATE_MODES.filter((mode) => mode in ways);
    if (modes.length > 1)
      throw virError(
        "invalidArg",
        "dirty-bitmap and dirty-ring calculation modes exclude each other",
      );
    const [mode] = modes;
    return ask(call, ["domain", "calculateDirtyRate"], {
      domain: domainOf(dom),
      seconds,
      ...(mode === undefined ? {} : { mode }),
    });
  },
};
export const domainCounterHandlers: DoorHandlers = {
  ...interfaceHandlers,
  ...memoryHandlers,
  ...blockHandlers,
  ...measureHandlers,
};

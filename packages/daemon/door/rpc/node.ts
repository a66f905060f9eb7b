/** RPC procedures about the host's processors and memory. */
import { virError } from "@vireo/model/error";
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { readFlags, STRINGS } from "./flags.ts";
import { fitting, wireParam, type WireParam } from "./typed-params.ts";
import { cpuMap } from "./wire.ts";

/** "All cells" and "all processors" in the statistics calls. */
const ALL = -1;
/** The CPU model travels in a field of 32 bytes that ends with a zero. */
const MODEL_LENGTH = 31;

/** A security string counts its final NUL. */
const nulEnded = (text: string): Buffer => Buffer.from(`${text}\0`);

const wireStats = (stats: Readonly<Record<string, number>>, room: number) => {
  const params = Object.entries(stats).map(([field, value]) => ({ field, value: BigInt(value) }));
  return room === 0
    ? { params: [], nparams: params.length }
    : { params: params.slice(0, room), nparams: 0 };
};

const SLEEPS = ["mem", "disk", "hybrid"] as const;

/** Of merging equal pages; the other parameters are counts. */
const SETTINGS: ReadonlySet<string> = new Set([
  "shm_pages_to_scan",
  "shm_sleep_millisecs",
  "shm_merge_across_nodes",
]);

/** @throws VireoError `argumentUnsupported`, `invalidArg` */
function settingsIn(params: readonly WireParam[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    params.map(({ field, value }) => {
      if (!SETTINGS.has(field))
        throw virError("argumentUnsupported", `parameter '${field}' not supported`);
      if (typeof value.value !== "number")
        throw virError("invalidArg", `parameter '${field}' is not an unsigned int`);
      return [field, value.value] as const;
    }),
  );
}

export const nodeHandlers: DoorHandlers = {
  nodeGetInfo: async (_args, call) => {
    const { model, memoryKiB, ...rest } = await ask(call, ["connect", "nodeInfo"], {});
    return { model: model.slice(0, MODEL_LENGTH), memory: BigInt(memoryKiB), ...rest };
  },
  nodeGetCpuMap: async ({ need_map, need_online, flags }, call) => {
    readFlags(flags, {}, "nodeGetCPUMap");
    const { present, online } = await ask(call, ["connect", "cpuMap"], {});
    return {
      cpumap: need_map === 0 ? Buffer.alloc(0) : cpuMap(online),
      online: need_online === 0 ? 0 : online.filter(Boolean).length,
      ret: present,
    };
  },
  nodeGetCpuStats: async ({ cpuNum, nparams, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "NodeGetCPUStats"));
    const whole = cpuNum === ALL || nparams === 0; // how many figures there are is the same for each
    const stats = await ask(call, ["connect", "cpuStats"], whole ? {} : { cpu: cpuNum });
    return wireStats(stats, nparams);
  },
  nodeGetMemoryStats: async ({ cellNum, nparams, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "NodeGetMemoryStats"));
    const input = cellNum === ALL ? {} : { cell: cellNum };
    return wireStats(await ask(call, ["connect", "memoryStats"], input), nparams);
  },
  nodeGetFreeMemory: async (_args, call) => ({
    freeMem: BigInt(await ask(call, ["connect", "freeMemory"], {})),
  }),
  nodeGetCellsFreeMemory: async ({ startCell, maxcells }, call) => {
    const cells = await ask(call, ["connect", "cellsFreeMemory"], {
      start: startCell,
      max: maxcells,
    });
    return { cells: cells.map(BigInt) };
  },
  nodeGetFreePages: async ({ pages, startCell, cellCount, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "NodeGetFreePages"));
    const counts = await ask(call, ["connect", "freePages"], {
      sizesKiB: pages,
      start: startCell,
      cells: cellCount,
    });
    return { counts: counts.map(BigInt) };
  },
  nodeAllocPages: async ({ pageSizes, pageCounts, startCell, cellCount, flags }, call) => {
    const ways = readFlags(flags, { set: 1 }, driverFunction(call, "NodeAllocPages"));
    const ret = await ask(call, ["connect", "allocatePages"], {
      pools: pageSizes.map((sizeKiB, i) => ({ sizeKiB, count: Number(pageCounts[i] ?? 0n) })),
      start: startCell,
      cells: cellCount,
      add: ways.set !== true,
    });
    return { ret };
  },
  nodeGetSevInfo: async ({ nparams, flags }, call) => {
    readFlags(flags, STRINGS, driverFunction(call, "NodeGetSEVInfo"));
    const facts = await ask(call, ["connect", "sevInfo"], {});
    const params = Object.entries(facts).map(([field, value]) =>
      wireParam(field, { type: "uint", value }),
    );
    return fitting(params, nparams);
  },
  nodeGetMemoryParameters: async ({ nparams, flags }, call) => {
    readFlags(flags, STRINGS, driverFunction(call, "NodeGetMemoryParameters"));
    const values = await ask(call, ["connect", "memoryParameters"], {});
    const params = Object.entries(values).map(([field, value]) =>
      wireParam(field, { type: SETTINGS.has(field) ? "uint" : "ullong", value }),
    );
    return fitting(params, nparams);
  },
  nodeSetMemoryParameters: ({ params, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "NodeSetMemoryParameters"));
    return ask(call, ["connect", "setMemoryParameters"], settingsIn(params));
  },
  nodeSuspendForDuration: ({ target, duration, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "NodeSuspendForDuration"));
    const where = SLEEPS[target];
    if (where === undefined) throw virError("invalidArg", `unknown suspend target ${target}`);
    return ask(call, ["connect", "suspend"], { target: where, seconds: Number(duration) });
  },
  nodeGetSecurityModel: async (_args, call) => {
    const { model, doi } = await ask(call, ["connect", "securityModel"], {});
    return { model: nulEnded(model), doi: nulEnded(doi) };
  },
};

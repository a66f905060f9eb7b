/** RPC procedures about the host's processors and memory. */
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
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
    const stats = await ask(call, ["connect", "cpuStats"], cpuNum === ALL ? {} : { cpu: cpuNum });
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
  nodeGetSecurityModel: async (_args, call) => {
    const { model, doi } = await ask(call, ["connect", "securityModel"], {});
    return { model: nulEnded(model), doi: nulEnded(doi) };
  },
};

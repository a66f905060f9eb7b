/** RPC procedures about a domain's share of the host's resources. */
import { virError } from "@vireo/model/error";
import { PERF_EVENTS } from "@vireo/model/domain/perf";
import { NUMA_MODES } from "@vireo/model/operation/domain-tune";
import { formatCpuSet, parseCpuSet } from "@vireo/model/schema/cpu-set";
import { param, valueOfParam, type TypedParam } from "@vireo/rpc/typed-param";
import { devicesIn, paramsOfDevices, BLKIO } from "./blkio-devices.ts";
import { ask, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { ratesIn, ratesParams } from "./interface-rates.ts";
import { domainOf } from "./wire.ts";
import {
  affectOf,
  answer,
  numbersIn,
  oneAffectOf,
  paramsOf,
  textsIn,
  type FieldTable,
} from "./typed-fields.ts";

const SCHEDULER: FieldTable = {
  cpuShares: ["cpu_shares", "ullong"],
  vcpuPeriod: ["vcpu_period", "ullong"],
  vcpuQuota: ["vcpu_quota", "llong"],
  emulatorPeriod: ["emulator_period", "ullong"],
  emulatorQuota: ["emulator_quota", "llong"],
  globalPeriod: ["global_period", "ullong"],
  globalQuota: ["global_quota", "llong"],
  iothreadPeriod: ["iothread_period", "ullong"],
  iothreadQuota: ["iothread_quota", "llong"],
};
const SCHEDULER_FIELDS = Object.keys(SCHEDULER).length;

const MEMORY: FieldTable = {
  hardLimitKiB: ["hard_limit", "ullong"],
  softLimitKiB: ["soft_limit", "ullong"],
  swapHardLimitKiB: ["swap_hard_limit", "ullong"],
};

const BLOCK_IO: FieldTable = {
  totalBytesSec: ["total_bytes_sec", "ullong"],
  readBytesSec: ["read_bytes_sec", "ullong"],
  writeBytesSec: ["write_bytes_sec", "ullong"],
  totalIopsSec: ["total_iops_sec", "ullong"],
  readIopsSec: ["read_iops_sec", "ullong"],
  writeIopsSec: ["write_iops_sec", "ullong"],
  totalBytesSecMax: ["total_bytes_sec_max", "ullong"],
  readBytesSecMax: ["read_bytes_sec_max", "ullong"],
  writeBytesSecMax: ["write_bytes_sec_max", "ullong"],
  totalIopsSecMax: ["total_iops_sec_max", "ullong"],
  readIopsSecMax: ["read_iops_sec_max", "ullong"],
  writeIopsSecMax: ["write_iops_sec_max", "ullong"],
  sizeIopsSec: ["size_iops_sec", "ullong"],
  groupName: ["group_name", "string"],
  totalBytesSecMaxLength: ["total_bytes_sec_max_length", "ullong"],
  readBytesSecMaxLength: ["read_bytes_sec_max_length", "ullong"],
  writeBytesSecMaxLength: ["write_bytes_sec_max_length", "ullong"],
  totalIopsSecMaxLength: ["total_iops_sec_max_length", "ullong"],
  readIopsSecMaxLength: ["read_iops_sec_max_length", "ullong"],
  writeIopsSecMaxLength: ["write_iops_sec_max_length", "ullong"],
};
const BLOCK_IO_FIELDS = Object.keys(BLOCK_IO).length;

const NUMA: FieldTable = { mode: ["numa_mode", "int"], nodes: ["numa_nodeset", "string"] };

const PERF: FieldTable = Object.fromEntries(PERF_EVENTS.map((name) => [name, [name, "boolean"]]));

type Dom = Parameters<typeof domainOf>[0];

const setScheduler = (
  { dom, params }: { dom: Dom; params: readonly TypedParam[] },
  ways: ReturnType<typeof affectOf>,
  call: DoorCall,
): Promise<void> =>
  ask(call, ["domain", "setScheduler"], {
    domain: domainOf(dom),
    ...numbersIn(params, SCHEDULER),
    ...ways,
  });

const schedulerHandlers: DoorHandlers = {
  domainGetSchedulerType: async ({ dom }, call) => {
    await ask(call, ["domain", "isActive"], { domain: domainOf(dom) });
    return { type: "posix", nparams: SCHEDULER_FIELDS };
  },
  domainGetSchedulerParameters: async ({ dom, nparams }, call) => {
    const values = await ask(call, ["domain", "scheduler"], { domain: domainOf(dom) });
    return { params: answer(paramsOf(values, SCHEDULER), nparams).params };
  },
  domainGetSchedulerParametersFlags: async ({ dom, nparams, flags }, call) => {
    const ways = oneAffectOf(flags, call, "DomainGetSchedulerParametersFlags");
    const values = await ask(call, ["domain", "scheduler"], { domain: domainOf(dom), ...ways });
    return { params: answer(paramsOf(values, SCHEDULER), nparams).params };
  },
  domainSetSchedulerParameters: (args, call) => setScheduler(args, {}, call),
  domainSetSchedulerParametersFlags: (args, call) =>
    setScheduler(args, affectOf(args.flags, call, "DomainSetSchedulerParametersFlags"), call),
};

const memoryHandlers: DoorHandlers = {
  domainGetMemoryParameters: async ({ dom, nparams, flags }, call) => {
    const ways = oneAffectOf(flags, call, "DomainGetMemoryParameters");
    const values = await ask(call, ["domain", "memoryTune"], { domain: domainOf(dom), ...ways });
    return answer(paramsOf(values, MEMORY), nparams);
  },
  domainSetMemoryParameters: ({ dom, params, flags }, call) => {
    const ways = affectOf(flags, call, "DomainSetMemoryParameters");
    const input = { domain: domainOf(dom), ...numbersIn(params, MEMORY), ...ways };
    return ask(call, ["domain", "setMemoryTune"], input);
  },
  domainGetNumaParameters: async ({ dom, nparams, flags }, call) => {
    const ways = oneAffectOf(flags, call, "DomainGetNumaParameters");
    const { mode, nodes } = await ask(call, ["domain", "numaTune"], {
      domain: domainOf(dom),
      ...ways,
    });
    const values = { mode: NUMA_MODES.indexOf(mode ?? "strict"), nodes: formatCpuSet(nodes ?? []) };
    return answer(paramsOf(values, NUMA), nparams);
  },
  domainSetNumaParameters: ({ dom, params, flags }, call) => {
    const ways = affectOf(flags, call, "DomainSetNumaParameters");
    const { mode: number } = numbersIn(params, NUMA);
    const mode = number === undefined ? undefined : NUMA_MODES[number];
    if (number !== undefined && mode === undefined)
      throw virError("invalidArg", `unsupported numatune mode: '${number}'`);
    const { nodes: text } = textsIn(params, NUMA);
    const nodes = text === undefined ? undefined : parseCpuSet(text);
    if (text !== undefined && nodes === undefined)
      throw virError("invalidArg", `Failed to parse bitmap '${text}'`);
    if (text !== undefined && nodes?.length === 0)
      throw virError("operationInvalid", `Invalid nodeset of 'numatune': ${text}`);
    const input = { domain: domainOf(dom), mode, nodes, ...ways };
    return ask(call, ["domain", "setNumaTune"], input);
  },
};

const blockHandlers: DoorHandlers = {
  domainGetBlockIoTune: async ({ dom, disk, nparams, flags }, call) => {
    const ways = oneAffectOf(flags, call, "DomainGetBlockIoTune");
    const domain = domainOf(dom);
    if (nparams === 0 || disk === null) {
      await ask(call, ["domain", "vcpuCount"], { domain, ...ways }); // refuses what is not there
      return { params: [], nparams: BLOCK_IO_FIELDS };
    }
    const values = await ask(call, ["domain", "blockIoTune"], { domain, device: disk, ...ways });
    return answer(paramsOf(values, BLOCK_IO), nparams);
  },
  domainSetBlockIoTune: ({ dom, disk, params, flags }, call) => {
    const ways = affectOf(flags, call, "DomainSetBlockIoTune");
    const { groupName } = textsIn(params, BLOCK_IO);
    const input = {
      domain: domainOf(dom),
      device: disk,
      ...numbersIn(params, BLOCK_IO),
      groupName,
      ...ways,
    };
    return ask(call, ["domain", "setBlockIoTune"], input);
  },
  domainGetBlkioParameters: async ({ dom, nparams, flags }, call) => {
    const ways = oneAffectOf(flags, call, "DomainGetBlkioParameters");
    const { weight, devices } = await ask(call, ["domain", "blkioTune"], {
      domain: domainOf(dom),
      ...ways,
    });
    return answer([param.uint("weight", weight ?? 0), ...paramsOfDevices(devices ?? [])], nparams);
  },
  domainSetBlkioParameters: ({ dom, params, flags }, call) => {
    const ways = affectOf(flags, call, "DomainSetBlkioParameters");
    const { weight } = numbersIn(params, BLKIO);
    const devices = devicesIn(textsIn(params, BLKIO));
    const input = { domain: domainOf(dom), weight, devices, ...ways };
    return ask(call, ["domain", "setBlkioTune"], input);
  },
};

const interfaceHandlers: DoorHandlers = {
  domainGetInterfaceParameters: async ({ dom, device, nparams, flags }, call) => {
    const ways = oneAffectOf(flags, call, "DomainGetInterfaceParameters");
    if (nparams === 0) return answer(ratesParams({}), nparams);
    const rates = await ask(call, ["domain", "interfaceTune"], {
      domain: domainOf(dom),
      device,
      ...ways,
    });
    return answer(ratesParams(rates), nparams);
  },
  domainSetInterfaceParameters: ({ dom, device, params, flags }, call) => {
    const ways = affectOf(flags, call, "DomainSetInterfaceParameters");
    const input = { domain: domainOf(dom), device, ...ratesIn(params), ...ways };
    return ask(call, ["domain", "setInterfaceTune"], input);
  },
};

const perfHandlers: DoorHandlers = {
  domainGetPerfEvents: async ({ dom, flags }, call) => {
    const ways = oneAffectOf(flags, call, "DomainGetPerfEvents");
    const on = new Set(
      await ask(call, ["domain", "perfEvents"], { domain: domainOf(dom), ...ways }),
    );
    return { params: PERF_EVENTS.map((name) => param.boolean(name, on.has(name))) };
  },
  domainSetPerfEvents: ({ dom, params, flags }, call) => {
    const ways = affectOf(flags, call, "DomainSetPerfEvents");
    numbersIn(params, PERF); // refuses what is no event
    const events = PERF_EVENTS.flatMap((name) => {
      const found = params.find(({ field }) => field === name);
      return found === undefined ? [] : [{ name, enabled: valueOfParam(found) === true }];
    });
    return ask(call, ["domain", "setPerfEvents"], { domain: domainOf(dom), events, ...ways });
  },
};

export const domainTuneHandlers: DoorHandlers = {
  ...schedulerHandlers,
  ...memoryHandlers,
  ...blockHandlers,
  ...interfaceHandlers,
  ...perfHandlers,
};

/** RPC procedures about virtual CPUs, the emulator and I/O threads. */
import { badArgument, virError } from "@vireo/model/error";
import { parseCpuSet } from "@vireo/model/schema/cpu-set";
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { affectOf, numbersIn, oneAffectOf, type FieldTable } from "./typed-fields.ts";
import { cpuMap, domainOf } from "./wire.ts";

const SET_VCPUS = { live: 1, config: 2, maximum: 4, guest: 8, hotpluggable: 16 } as const;

const IOTHREAD: FieldTable = {
  pollMaxNs: ["poll_max_ns", "ullong"],
  pollGrow: ["poll_grow", "uint"],
  pollShrink: ["poll_shrink", "uint"],
  threadPoolMin: ["thread_pool_min", "int"],
  threadPoolMax: ["thread_pool_max", "int"],
};

/** Numbers of the processors in a map of the wire. */
const cpusIn = (map: Uint8Array): readonly number[] =>
  [...map].flatMap((byte, at) =>
    Array.from({ length: 8 }, (_, bit) => bit).flatMap((bit) =>
      (byte & (1 << bit)) === 0 ? [] : [at * 8 + bit],
    ),
  );

function mapOf(cpus: readonly number[], bytes?: number): Buffer {
  const bits = new Set(cpus);
  const width = Math.max(-1, ...cpus) + 1;
  return cpuMap(
    Array.from({ length: width }, (_, cpu) => bits.has(cpu)),
    bytes,
  );
}

const vcpuHandlers: DoorHandlers = {
  // the call without flags is about the running domain (libvirt behaviour)
  domainSetVcpus: ({ dom, nvcpus }, call) =>
    ask(call, ["domain", "setVcpus"], { domain: domainOf(dom), count: nvcpus, live: true }),
  domainSetVcpusFlags: ({ dom, nvcpus, flags }, call) => {
    const name = driverFunction(call, "DomainSetVcpusFlags");
    const { guest, ...ways } = readFlags(flags, SET_VCPUS, name);
    const input = { domain: domainOf(dom), count: nvcpus };
    if (guest === true) return ask(call, ["domain", "setGuestVcpuCount"], input);
    return ask(call, ["domain", "setVcpus"], { ...input, ...ways });
  },
  domainSetVcpu: ({ dom, cpumap, state, flags }, call) => {
    const ways = affectOf(flags, call, "DomainSetVcpu");
    const vcpus = parseCpuSet(cpumap);
    if (vcpus === undefined || vcpus.length === 0)
      throw virError("invalidArg", `Failed to parse bitmap '${cpumap}'`);
    if (state !== 0 && state !== 1)
      throw badArgument("unsupported state value", {
        function: driverFunction(call, "DomainSetVcpu"),
        argument: "state",
      });
    const input = { domain: domainOf(dom), vcpus, enabled: state === 1, ...ways };
    return ask(call, ["domain", "setVcpu"], input);
  },
};

const pinHandlers: DoorHandlers = {
  domainPinVcpu: ({ dom, vcpu, cpumap }, call) =>
    ask(call, ["domain", "pinVcpu"], {
      domain: domainOf(dom),
      vcpu,
      cpus: cpusIn(cpumap),
      live: true,
    }),
  domainPinVcpuFlags: ({ dom, vcpu, cpumap, flags }, call) => {
    const ways = affectOf(flags, call, "DomainPinVcpuFlags");
    const input = { domain: domainOf(dom), vcpu, cpus: cpusIn(cpumap), ...ways };
    return ask(call, ["domain", "pinVcpu"], input);
  },
  domainGetVcpuPinInfo: async ({ dom, ncpumaps, maplen, flags }, call) => {
    const ways = oneAffectOf(flags, call, "DomainGetVcpuPinInfo");
    const all = await ask(call, ["domain", "vcpuPins"], { domain: domainOf(dom), ...ways });
    const pins = all.slice(0, Math.max(0, ncpumaps));
    return { cpumaps: Buffer.concat(pins.map((cpus) => mapOf(cpus, maplen))), num: pins.length };
  },
  domainPinEmulator: ({ dom, cpumap, flags }, call) => {
    const ways = affectOf(flags, call, "DomainPinEmulator");
    const input = { domain: domainOf(dom), cpus: cpusIn(cpumap), ...ways };
    return ask(call, ["domain", "pinEmulator"], input);
  },
  domainGetEmulatorPinInfo: async ({ dom, maplen, flags }, call) => {
    const ways = oneAffectOf(flags, call, "DomainGetEmulatorPinInfo");
    const cpus = await ask(call, ["domain", "emulatorPin"], { domain: domainOf(dom), ...ways });
    return { cpumaps: mapOf(cpus, maplen), ret: 1 };
  },
};

const iothreadHandlers: DoorHandlers = {
  domainGetIothreadInfo: async ({ dom, flags }, call) => {
    const ways = oneAffectOf(flags, call, "DomainGetIOThreadInfo");
    const all = await ask(call, ["domain", "iothreads"], { domain: domainOf(dom), ...ways });
    const info = all.map(({ id, cpus }) => ({ iothread_id: id, cpumap: mapOf(cpus) }));
    return { info, ret: info.length };
  },
  domainAddIothread: ({ dom, iothread_id: id, flags }, call) => {
    const ways = affectOf(flags, call, "DomainAddIOThread");
    return ask(call, ["domain", "addIothread"], { domain: domainOf(dom), id, ...ways });
  },
  domainDelIothread: ({ dom, iothread_id: id, flags }, call) => {
    const ways = affectOf(flags, call, "DomainDelIOThread");
    return ask(call, ["domain", "removeIothread"], { domain: domainOf(dom), id, ...ways });
  },
  domainPinIothread: ({ dom, iothreads_id: id, cpumap, flags }, call) => {
    const ways = affectOf(flags, call, "DomainPinIOThread");
    const input = { domain: domainOf(dom), id, cpus: cpusIn(cpumap), ...ways };
    return ask(call, ["domain", "pinIothread"], input);
  },
  domainSetIothreadParams: ({ dom, iothread_id: id, params, flags }, call) => {
    const ways = affectOf(flags, call, "DomainSetIOThreadParams");
    const input = { domain: domainOf(dom), id, ...numbersIn(params, IOTHREAD), ...ways };
    return ask(call, ["domain", "setIothread"], input);
  },
};

export const domainCpuHandlers: DoorHandlers = {
  ...vcpuHandlers,
  ...pinHandlers,
  ...iothreadHandlers,
};

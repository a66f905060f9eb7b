/** CPU time, cache and memory bandwidth: what the domain's own numbers must agree on. */
import type { Domain } from "../domain.ts";
import type { CpuTune } from "../vcpu.ts";
import { internal, unsupported, wrongArgument, wrongDetail, wrongXml } from "./refuse.ts";

interface ForVcpus {
  readonly vcpus: readonly number[];
}

/** @throws {VireoError} when two groups name the same member. */
function noOverlap(
  groups: readonly (readonly number[])[],
  refusal: (member: number) => never,
): void {
  const seen = new Set<number>();
  for (const one of groups.flat()) {
    if (seen.has(one)) refusal(one);
    seen.add(one);
  }
}

const overlap =
  (element: string, attribute: string): (() => never) =>
  () =>
    wrongDetail(`'${element}' attributes '${attribute}' must not overlap`);

/** Pins, schedulers, shares of cache and memory bandwidth. */
export function checkCpuTune({ cputune }: Domain): void {
  if (cputune === undefined) return;
  checkPins(cputune);
  const { cachetunes = [], memorytunes = [] } = cputune;
  for (const tune of cachetunes) checkCacheTune(tune);
  for (const { nodes = [] } of memorytunes)
    noOverlap([nodes.map(({ id }) => id)], (id) =>
      wrongXml(`Memory Bandwidth already defined for node ${id}`),
    );
  checkGroups(cachetunes, memorytunes);
}

function checkPins({ vcpupins, iothreadpins, ...scheds }: CpuTune): void {
  const { vcpuscheds = [], iothreadscheds = [], emulatorsched } = scheds;
  const vcpus = vcpuscheds.map((sched) => sched.vcpus);
  const iothreads = iothreadscheds.map((sched) => sched.iothreads);
  noOverlap(vcpus, overlap("vcpusched", "vcpus"));
  noOverlap(iothreads, overlap("iothreadsched", "iothreads"));
  noOverlap([vcpupins?.map(({ vcpu }) => vcpu) ?? []], (vcpu) =>
    internal(`duplicate vcpupin for vcpu '${vcpu}'`),
  );
  noOverlap([iothreadpins?.map(({ iothread }) => iothread) ?? []], (iothread) =>
    internal(`duplicate iothreadpin for same iothread '${iothread}'`),
  );
  checkPriorities("vcpusched", vcpuscheds);
  checkPriorities("iothreadsched", iothreadscheds);
  checkPriorities("emulatorsched", emulatorsched === undefined ? [] : [emulatorsched]);
}

interface Sched {
  readonly scheduler: string;
  readonly priority?: number;
}
/** Real-time schedulers have a priority. */
function checkPriorities(element: string, scheds: readonly Sched[]): void {
  for (const { scheduler, priority } of scheds)
    if ((scheduler === "fifo" || scheduler === "rr") && priority === undefined)
      wrongXml(`Missing required attribute 'priority' in element '${element}'`);
}

/** Allocations of one cache must not be given twice; monitors watch virtual CPUs of their group. */
function checkCacheTune({
  vcpus,
  caches = [],
  monitors = [],
}: NonNullable<CpuTune["cachetunes"]>[number]): void {
  const seen = new Set<string>();
  for (const { id, level, type } of caches) {
    const clash = type === "both" ? ["both", "code", "data"] : ["both", type];
    if (clash.some((other) => seen.has(`${id} ${level} ${other}`)))
      wrongXml(`Colliding cache allocations for cache level '${level}' id '${id}', type '${type}'`);
    seen.add(`${id} ${level} ${type}`);
  }
  for (const monitor of monitors)
    if (monitor.vcpus.some((vcpu) => !vcpus.includes(vcpu)))
      wrongArgument("Monitor vcpus conflicts with allocation");
}

const key = ({ vcpus }: ForVcpus): string => vcpus.join();

/** Groups of virtual CPUs are equal or have nothing in common; each kind of tuning names one once. */
function checkGroups(cachetunes: readonly ForVcpus[], memorytunes: readonly ForVcpus[]): void {
  const clash = (): never => wrongXml("Overlapping vcpus in resctrls");
  noOverlap(
    cachetunes.map(({ vcpus }) => vcpus),
    clash,
  );
  noOverlap(
    memorytunes.map(({ vcpus }) => vcpus),
    clash,
  );
  for (const cache of cachetunes)
    for (const memory of memorytunes)
      if (key(cache) !== key(memory) && cache.vcpus.some((vcpu) => memory.vcpus.includes(vcpu)))
        clash();
}

/** Pins and schedulers of I/O threads that exist. */
export function checkIoThreads(domain: Domain): void {
  const known = ioThreadsOf(domain);
  const { iothreadpins = [], iothreadscheds = [] } = domain.cputune ?? {};
  const scheduled = iothreadscheds.flatMap((sched) => sched.iothreads);
  for (const id of [...iothreadpins.map(({ iothread }) => iothread), ...scheduled])
    if (!known.has(id)) unsupported(`Cannot find 'iothread' : ${id}`);
}

/** Numbers of the I/O threads: those listed, or counted from 1. */
const ioThreadsOf = ({ iothreads, iothreadids }: Domain): ReadonlySet<number> =>
  new Set(
    iothreadids?.iothreads?.map(({ id }) => id) ??
      Array.from({ length: iothreads ?? 0 }, (_, at) => at + 1),
  );

/** No number twice. */
export function checkIoThreadIds({ iothreadids }: Domain): void {
  noOverlap([iothreadids?.iothreads?.map(({ id }) => id) ?? []], (id) =>
    wrongXml(`duplicate iothread id '${id}' found`),
  );
}

const PERIODS = {
  period: "period",
  globalPeriod: "global_period",
  emulatorPeriod: "emulator_period",
  iothreadPeriod: "iothread_period",
} as const;
const QUOTAS = {
  quota: "quota",
  globalQuota: "global_quota",
  emulatorQuota: "emulator_quota",
  iothreadQuota: "iothread_quota",
} as const;

/** What the kernel takes: periods in microseconds, and time per period; negative quotas are none. */
export function checkBandwidth({ cputune }: Domain): void {
  for (const key of ["period", "globalPeriod", "emulatorPeriod", "iothreadPeriod"] as const)
    checkRange(PERIODS[key], cputune?.[key], 1_000_000);
  for (const key of ["quota", "globalQuota", "emulatorQuota", "iothreadQuota"] as const)
    checkRange(QUOTAS[key], Math.max(cputune?.[key] ?? 0, 0), 17_592_186_044_415);
}

function checkRange(name: string, value = 0, most: number): void {
  if (value !== 0 && (value < 1000 || value > most))
    unsupported(`Value of cputune '${name}' must be in range [1000, ${most}]`);
}

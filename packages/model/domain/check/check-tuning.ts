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

function checkPins({ vcpupins, vcpuscheds, iothreadscheds, iothreadpins }: CpuTune): void {
  noOverlap(vcpuscheds?.map(({ vcpus }) => vcpus) ?? [], overlap("vcpusched", "vcpus"));
  noOverlap(
    iothreadscheds?.map(({ iothreads }) => iothreads) ?? [],
    overlap("iothreadsched", "iothreads"),
  );
  noOverlap([vcpupins?.map(({ vcpu }) => vcpu) ?? []], () =>
    internal("duplicate vcpupin for vcpu"),
  );
  noOverlap([iothreadpins?.map(({ iothread }) => iothread) ?? []], () =>
    internal("duplicate iothreadpin for same iothread"),
  );
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

/** Schedulers of I/O threads that exist. */
export function checkIoThreads({ iothreads = 0, iothreadids, cputune }: Domain): void {
  const ids = iothreadids?.iothreads?.map(({ id }) => id) ?? [];
  const known = new Set(
    ids.length > 0 ? ids : Array.from({ length: iothreads }, (_, at) => at + 1),
  );
  for (const { iothreads: named } of cputune?.iothreadscheds ?? [])
    for (const id of named) if (!known.has(id)) unsupported(`Cannot find 'iothread' : ${id}`);
}

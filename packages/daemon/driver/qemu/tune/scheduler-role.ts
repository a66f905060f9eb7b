/** The driver's operations on a domain's share of CPU time. */
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import type { Cgroup, ThreadGroup } from "../../../host/cgroup.ts";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import type { LiveDomain } from "../domain-view.ts";
import type { QemuEnvironment } from "../environment.ts";
import type { Undo } from "../undo.ts";
import { changeDomain, targetsOf, type DomainChange } from "./change-domain.ts";
import { known, type Known } from "./known.ts";
import { emulatorGroup, iothreadGroup, onlineVcpus, vcpuGroup } from "./placement.ts";
import {
  cgroupOf,
  readBandwidth,
  readShares,
  setBandwidth,
  setShares,
  type Bandwidth,
} from "./resources.ts";

type Scheduler = OperationOutput<"domain", "scheduler">;
type Change = OperationInput<"domain", "setScheduler">;
type CpuTune = NonNullable<ResolvedDomain["cputune"]>;

const PERIODS = ["vcpuPeriod", "emulatorPeriod", "globalPeriod", "iothreadPeriod"] as const;
const QUOTAS = ["vcpuQuota", "emulatorQuota", "globalQuota", "iothreadQuota"] as const;
const LEAST = 1000;
const LONGEST_PERIOD = 1_000_000;
const LARGEST_QUOTA = 17_592_186_044_415;

const wireName = (key: string): string => key.replace(/[A-Z]/, (c) => `_${c.toLowerCase()}`);

function refuseOutside(change: Change): void {
  const check = (key: keyof Change, most: number, value = 0): void => {
    if (value !== 0 && (value < LEAST || value > most))
      throw virError(
        "invalidArg",
        `value of '${wireName(key)}' is out of range [${LEAST}, ${most}]`,
      );
  };
  for (const key of PERIODS) check(key, LONGEST_PERIOD, change[key]);
  for (const key of QUOTAS) check(key, LARGEST_QUOTA, Math.max(change[key] ?? 0, 0));
}

/** As the definition calls them. */
const inTune = (change: Scheduler): CpuTune => {
  const { cpuShares, vcpuPeriod, vcpuQuota, emulatorPeriod, emulatorQuota } = change;
  const { globalPeriod, globalQuota, iothreadPeriod, iothreadQuota } = change;
  const named = {
    shares: cpuShares,
    period: vcpuPeriod,
    quota: vcpuQuota,
    emulatorPeriod,
    emulatorQuota,
    globalPeriod,
    globalQuota,
    iothreadPeriod,
    iothreadQuota,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
};

/** 0 takes a period or a quota out of the definition: the kernel's own holds then. */
function withTune(config: ResolvedDomain, change: Scheduler): ResolvedDomain {
  const merged = { ...config.cputune, ...inTune(change) };
  const cputune = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== 0));
  return { ...config, cputune };
}

const ofDefinition = ({ cputune = {} }: ResolvedDomain): Required<Scheduler> => ({
  cpuShares: cputune.shares ?? 0,
  vcpuPeriod: cputune.period ?? 0,
  vcpuQuota: cputune.quota ?? 0,
  emulatorPeriod: cputune.emulatorPeriod ?? 0,
  emulatorQuota: cputune.emulatorQuota ?? 0,
  globalPeriod: cputune.globalPeriod ?? 0,
  globalQuota: cputune.globalQuota ?? 0,
  iothreadPeriod: cputune.iothreadPeriod ?? 0,
  iothreadQuota: cputune.iothreadQuota ?? 0,
});

/** What the kernel says; groups of several threads are alike. */
async function ofKernel(group: Cgroup, live: LiveDomain): Promise<Required<Scheduler>> {
  const [vcpu, emulator, global, iothread] = [
    await readBandwidth(group, `vcpu${onlineVcpus(live)[0] ?? 0}`),
    await readBandwidth(group, "emulator"),
    await readBandwidth(group),
    await readBandwidth(group, `iothread${live.ioThreads[0]?.id ?? 0}`),
  ];
  return {
    cpuShares: await readShares(group),
    vcpuPeriod: vcpu.period,
    vcpuQuota: vcpu.quota,
    emulatorPeriod: emulator.period,
    emulatorQuota: emulator.quota,
    globalPeriod: global.period,
    globalQuota: global.quota,
    iothreadPeriod: iothread.period,
    iothreadQuota: iothread.quota,
  };
}

type Limited = readonly [limit: Bandwidth, groups: readonly (ThreadGroup | undefined)[]];

async function limitsOf(change: Change, live: LiveDomain): Promise<readonly Limited[]> {
  const { vcpuPeriod, vcpuQuota, emulatorPeriod, emulatorQuota } = change;
  const { globalPeriod, globalQuota, iothreadPeriod, iothreadQuota } = change;
  return [
    [{ period: vcpuPeriod, quota: vcpuQuota }, onlineVcpus(live).map((id) => vcpuGroup(live, id))],
    [{ period: emulatorPeriod, quota: emulatorQuota }, [await emulatorGroup(live)]],
    [{ period: globalPeriod, quota: globalQuota }, [undefined]],
    [
      { period: iothreadPeriod, quota: iothreadQuota },
      live.ioThreads.map(({ id }) => iothreadGroup(live, id)),
    ],
  ];
}

async function setLive(
  env: QemuEnvironment,
  { live, change }: { live: LiveDomain; change: Change },
  undo: Undo,
): Promise<Known> {
  const group = cgroupOf(env, live);
  const { cpuShares } = change;
  if (cpuShares !== undefined) {
    const before = await readShares(group);
    undo.add("cpu shares", () => setShares(group, before));
    await setShares(group, cpuShares);
  }
  for (const [limit, threads] of await limitsOf(change, live))
    for (const one of limit.period || limit.quota ? threads : []) {
      const before = await readBandwidth(group, one?.name);
      undo.add(`bandwidth ${one?.name ?? ""}`, () => setBandwidth(group, before, one));
      await setBandwidth(group, limit, one);
    }
  return known((config) => withTune(config, change));
}

export const schedulerRole = (definitions: Definitions): Role<"domain"> => {
  const { env, list } = definitions;
  return {
    scheduler: async (input) => {
      const { live, definition } = targetsOf(list.find(input.domain), input);
      if (live === undefined)
        return ofDefinition(definition ?? list.find(input.domain).view.definition);
      return ofKernel(cgroupOf(env, live), live);
    },
    setScheduler: (input) =>
      changeDomain(definitions, ["setScheduler", input], ({ live, definition }): DomainChange => {
        if (live !== undefined) cgroupOf(env, live).mount("cpu");
        refuseOutside(input);
        return {
          ...(definition && { definition: withTune(definition, input) }),
          ...(live && { live: (undo: Undo) => setLive(env, { live, change: input }, undo) }),
        };
      }),
  };
};

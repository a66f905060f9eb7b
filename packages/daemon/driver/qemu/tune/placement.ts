/** Puts QEMU's threads where the domain wants them: processors, schedulers, control groups. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { listDirectory } from "../../../host/file.ts";
import { cpuMap } from "../../../host/node-info.ts";
import { setAffinity, setScheduler } from "../../../host/scheduling.ts";
import type { Cgroup, ThreadGroup } from "../../../host/cgroup.ts";
import type { LiveDomain } from "../domain-view.ts";
import type { QemuEnvironment } from "../environment.ts";
import {
  cgroupOf,
  MEMORY_LIMITS,
  setBandwidth,
  setDeviceLimit,
  setMemoryLimit,
  setShares,
  setWeight,
  type Bandwidth,
} from "./resources.ts";

/** The host's processors that are on. */
export async function hostCpus(): Promise<readonly number[]> {
  const { online } = await cpuMap();
  return online;
}

type Cpus = readonly number[];

/** Its own pin, or that of all; `undefined` leaves the thread where it is. */
export const vcpuCpus = ({ cputune, vcpu }: ResolvedDomain, id: number): Cpus | undefined =>
  cputune?.vcpupins?.find((pin) => pin.vcpu === id)?.cpuset ?? vcpu.cpuset;
export const emulatorCpus = ({ cputune, vcpu }: ResolvedDomain): Cpus | undefined =>
  cputune?.emulatorpin?.cpuset ?? vcpu.cpuset;
export const iothreadCpus = ({ cputune, vcpu }: ResolvedDomain, id: number): Cpus | undefined =>
  cputune?.iothreadpins?.find((pin) => pin.iothread === id)?.cpuset ?? vcpu.cpuset;

const isTuned = ({ cputune, vcpu }: ResolvedDomain): boolean =>
  cputune !== undefined || vcpu.cpuset !== undefined;

export const vcpuGroup = ({ vcpuThreads }: LiveDomain, id: number): ThreadGroup => ({
  name: `vcpu${id}`,
  tids: vcpuThreads[id] === undefined ? [] : [vcpuThreads[id]],
});
export const iothreadGroup = ({ ioThreads }: LiveDomain, id: number): ThreadGroup => ({
  name: `iothread${id}`,
  tids: ioThreads.filter((one) => one.id === id).map(({ thread }) => thread),
});

/** Every thread that is neither a virtual CPU's nor an I/O thread. */
export async function emulatorThreads({
  process: { pid },
  vcpuThreads,
  ioThreads,
}: LiveDomain): Promise<readonly number[]> {
  const known = new Set([...vcpuThreads, ...ioThreads.map(({ thread }) => thread)]);
  const all = await listDirectory(`/proc/${pid}/task`).catch(() => []);
  return all.map(Number).filter((tid) => !known.has(tid));
}
export const emulatorGroup = async (live: LiveDomain): Promise<ThreadGroup> => ({
  name: "emulator",
  tids: await emulatorThreads(live),
});

/** Ids of the virtual CPUs that are on. */
export const onlineVcpus = ({ vcpuThreads }: LiveDomain): readonly number[] =>
  vcpuThreads.flatMap((_thread, id) => [id]);

type Limits = NonNullable<ResolvedDomain["cputune"]>;
const isLimited = ({ period, quota }: Bandwidth): boolean =>
  period !== undefined || quota !== undefined;

/** Threads that a definition speaks of as one kind. */
export const bandwidthOf = {
  vcpu: ({ period, quota }: Limits): Bandwidth => ({ period, quota }),
  emulator: ({ emulatorPeriod, emulatorQuota }: Limits): Bandwidth => ({
    period: emulatorPeriod,
    quota: emulatorQuota,
  }),
  global: ({ globalPeriod, globalQuota }: Limits): Bandwidth => ({
    period: globalPeriod,
    quota: globalQuota,
  }),
  iothread: ({ iothreadPeriod, iothreadQuota }: Limits): Bandwidth => ({
    period: iothreadPeriod,
    quota: iothreadQuota,
  }),
} as const;

/** Before QEMU makes its threads: they inherit the place. */
export async function placeProcess(env: QemuEnvironment, live: LiveDomain): Promise<void> {
  const { config, process } = live;
  const cpus = emulatorCpus(config);
  if (cpus !== undefined) setAffinity(process.pid, cpus);
  const group = cgroupOf(env, live);
  if (config.resource?.partition !== undefined) await enterAll(env, group);
  for (const limit of MEMORY_LIMITS) {
    const kib = config.memtune?.[limit];
    if (kib !== undefined) await setMemoryLimit(group, limit, kib);
  }
  await placeBlkio(env, group, config);
  const { cputune } = config;
  if (cputune?.shares !== undefined) await setShares(group, cputune.shares);
  if (cputune !== undefined && isLimited(bandwidthOf.global(cputune)))
    await setBandwidth(group, bandwidthOf.global(cputune));
}

async function enterAll({ cgroups }: QemuEnvironment, group: Cgroup): Promise<void> {
  for (const controller of ["cpu", "memory", "blkio"] as const)
    if (cgroups.mounts[controller] !== undefined) await group.enter(controller);
}

async function placeBlkio(
  { cgroups: { root } }: QemuEnvironment,
  group: Cgroup,
  { blkiotune }: ResolvedDomain,
): Promise<void> {
  if (blkiotune?.weight) await setWeight(group, blkiotune.weight);
  for (const { path, weight: _weight, ...limits } of blkiotune?.devices ?? [])
    for (const limit of ["readIopsSec", "writeIopsSec", "readBytesSec", "writeBytesSec"] as const) {
      const value = limits[limit];
      if (value) await setDeviceLimit(group, { path, limit, value, root });
    }
}

/** When QEMU has told its threads, before the guest runs. */
export async function placeThreads(env: QemuEnvironment, live: LiveDomain): Promise<void> {
  const { config } = live;
  if (!isTuned(config)) return;
  const { cputune = {} } = config;
  if (isLimited(bandwidthOf.emulator(cputune)))
    await setBandwidth(
      cgroupOf(env, live),
      bandwidthOf.emulator(cputune),
      await emulatorGroup(live),
    );
  if (cputune.emulatorsched !== undefined)
    for (const tid of await emulatorThreads(live)) setScheduler(tid, cputune.emulatorsched);
  await placeVcpus(env, live);
  for (const { id } of live.ioThreads) await placeIothread(env, live, id);
}

export async function placeVcpus(env: QemuEnvironment, live: LiveDomain): Promise<void> {
  const { config } = live;
  const { cputune = {} } = config;
  if (!isTuned(config)) return;
  const all = await hostCpus();
  for (const id of onlineVcpus(live)) {
    const group = vcpuGroup(live, id);
    const sched = cputune.vcpuscheds?.find(({ vcpus }) => vcpus.includes(id));
    for (const tid of group.tids) {
      setAffinity(tid, vcpuCpus(config, id) ?? all);
      if (sched !== undefined) setScheduler(tid, sched);
    }
    if (isLimited(bandwidthOf.vcpu(cputune)))
      await setBandwidth(cgroupOf(env, live), bandwidthOf.vcpu(cputune), group);
  }
}

export async function placeIothread(
  env: QemuEnvironment,
  live: LiveDomain,
  id: number,
): Promise<void> {
  const { config } = live;
  const { cputune = {} } = config;
  if (!isTuned(config)) return;
  const group = iothreadGroup(live, id);
  const sched = cputune.iothreadscheds?.find(({ iothreads }) => iothreads.includes(id));
  const cpus = iothreadCpus(config, id) ?? (await hostCpus());
  for (const tid of group.tids) {
    setAffinity(tid, cpus);
    if (sched !== undefined) setScheduler(tid, sched);
  }
  if (isLimited(bandwidthOf.iothread(cputune)))
    await setBandwidth(cgroupOf(env, live), bandwidthOf.iothread(cputune), group);
}

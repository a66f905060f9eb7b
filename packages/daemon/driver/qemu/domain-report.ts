/** What the driver tells of a domain: from the published view and from /proc, never from QEMU. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { DOMAIN_STATES } from "@vireo/model/operation/domain-value";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { readTextIfThere } from "../../host/file.ts";
import { cpuMap } from "../../host/node-info.ts";
import {
  allowedCpus,
  processInfo,
  runDelayNs,
  threadInfo,
  type ProcessInfo,
} from "../../host/process.ts";
import type { DomainActor } from "./domain-actor.ts";
import { identityOf, type DomainView } from "./domain-view.ts";

/** What is asked of when nothing else is said: the running configuration, if there is one. */
export const currentConfig = ({ live, definition }: DomainView): ResolvedDomain =>
  live?.config ?? definition;

export function vcpuCounts(config: ResolvedDomain): { readonly max: number; readonly now: number } {
  const { count: max, current } = config.vcpu;
  return { max, now: current ?? max };
}

const processOf = async ({ live }: DomainView): Promise<ProcessInfo | undefined> =>
  live && processInfo(live.process.pid);

export async function infoOf(view: DomainView): Promise<OperationOutput<"domain", "info">> {
  const config = currentConfig(view);
  const process = await processOf(view);
  return {
    state: view.state.state,
    maxMemoryKiB: config.memory.sizeKiB,
    memoryKiB: config.currentMemoryKiB,
    vcpus: vcpuCounts(config).now,
    cpuTimeNs: process?.cpuTimeNs ?? 0,
  };
}

export const summaryOf = (view: DomainView): OperationOutput<"domain", "list">[number] => ({
  ...identityOf(view),
  state: view.state.state,
  persistent: view.persistent,
  autostart: view.autostart,
  managedSave: false,
  snapshots: 0,
  checkpoints: 0,
});

export async function vcpusOf({ live }: DomainView): Promise<OperationOutput<"domain", "vcpus">> {
  if (live === undefined) return [];
  const { present } = await cpuMap();
  const width = Math.max(0, ...present) + 1;
  return Promise.all(
    live.vcpuThreads.map(async (thread, number) => {
      const [info, allowed] = await Promise.all([
        threadInfo(live.process.pid, thread),
        allowedCpus(live.process.pid, thread),
      ]);
      return {
        number,
        state: "running" as const,
        cpuTimeNs: info?.cpuTimeNs ?? 0,
        cpu: info?.cpu ?? -1,
        affinity: Array.from({ length: width }, (_, cpu) => allowed.includes(cpu)),
      };
    }),
  );
}

type Stats = OperationOutput<"domain", "stats">[number]["stats"];
type Group = (view: DomainView) => Stats | Promise<Stats>;
const int = (value: number) => ({ type: "int", value }) as const;
const uint = (value: number) => ({ type: "uint", value }) as const;
const ullong = (value: number) => ({ type: "ullong", value }) as const;
const string = (value: string) => ({ type: "string", value }) as const;

const stateStats: Group = ({ state }) => ({
  "state.state": int(DOMAIN_STATES.indexOf(state.state)),
  "state.reason": int(state.reason),
});

const cpuStats: Group = async (view) => {
  const info = await processOf(view);
  if (info === undefined) return {};
  return {
    "cpu.time": ullong(info.cpuTimeNs),
    "cpu.user": ullong(info.userTimeNs),
    "cpu.system": ullong(info.systemTimeNs),
  };
};

const balloonStats: Group = async (view) => {
  const { memory, currentMemoryKiB } = currentConfig(view);
  const info = await processOf(view);
  return {
    "balloon.current": ullong(currentMemoryKiB),
    "balloon.maximum": ullong(memory.sizeKiB),
    ...(info === undefined ? {} : { "balloon.rss": ullong(info.residentKiB) }),
  };
};

const merged = (parts: readonly Stats[]): Stats =>
  Object.fromEntries(parts.flatMap((part) => Object.entries(part)));

const VCPU_RUNNING = 1;

const vcpuStats: Group = async (view) => {
  const { max, now } = vcpuCounts(currentConfig(view));
  const { live } = view;
  const each = (await vcpusOf(view)).map(async ({ number, cpuTimeNs }) => ({
    [`vcpu.${number}.state`]: int(VCPU_RUNNING),
    [`vcpu.${number}.time`]: ullong(cpuTimeNs),
    [`vcpu.${number}.delay`]: ullong(
      live === undefined ? 0 : await runDelayNs(live.process.pid, live.vcpuThreads[number] ?? 0),
    ),
  }));
  const counts = { "vcpu.current": uint(now), "vcpu.maximum": uint(max) };
  return merged([counts, ...(await Promise.all(each))]);
};

/** The device's counters as the host sees them; received by the host is sent by the guest. */
const COUNTERS = [
  ["rx.bytes", "tx_bytes"],
  ["rx.pkts", "tx_packets"],
  ["rx.errs", "tx_errors"],
  ["rx.drop", "tx_dropped"],
  ["tx.bytes", "rx_bytes"],
  ["tx.pkts", "rx_packets"],
  ["tx.errs", "rx_errors"],
  ["tx.drop", "rx_dropped"],
] as const;

async function countersOf(device: string, prefix: string): Promise<Stats> {
  const at = `/sys/class/net/${device}/statistics`;
  const read = COUNTERS.map(async ([name, file]) => {
    const text = await readTextIfThere(`${at}/${file}`).catch(() => undefined);
    return text === undefined ? [] : [[`${prefix}.${name}`, ullong(Number(text))] as const];
  });
  return Object.fromEntries((await Promise.all(read)).flat());
}

const interfaceStats: Group = async ({ live }) => {
  if (live === undefined) return {};
  const nets = live.config.devices.interfaces ?? [];
  const each = nets.map(
    async ({ target }, i): Promise<Stats> =>
      target?.dev === undefined
        ? {}
        : {
            [`net.${i}.name`]: string(target.dev),
            ...(await countersOf(target.dev, `net.${i}`)),
          },
  );
  return merged([{ "net.count": uint(nets.length) }, ...(await Promise.all(each))]);
};

const blockStats: Group = (view) => {
  const disks = currentConfig(view).devices.disks ?? [];
  const about = disks.flatMap((disk, i) => {
    const path = disk.type === "file" ? disk.source?.file : undefined;
    return [
      [`block.${i}.name`, string(disk.target?.dev ?? "")] as const,
      ...(path === undefined ? [] : [[`block.${i}.path`, string(path)] as const]),
    ];
  });
  return { "block.count": uint(disks.length), ...Object.fromEntries(about) };
};

const GROUPS: Readonly<Record<string, Group>> = {
  state: stateStats,
  cpuTotal: cpuStats,
  balloon: balloonStats,
  vcpu: vcpuStats,
  interface: interfaceStats,
  block: blockStats,
};

/** Statistics of one domain in the groups asked for, all when none is named. */
export async function statsOf(
  { view }: DomainActor,
  groups: readonly string[],
): Promise<OperationOutput<"domain", "stats">[number]> {
  const wanted = groups.length === 0 ? Object.keys(GROUPS) : groups;
  const parts = await Promise.all(wanted.map(async (group) => GROUPS[group]?.(view) ?? {}));
  return { domain: identityOf(view), stats: merged(parts) };
}

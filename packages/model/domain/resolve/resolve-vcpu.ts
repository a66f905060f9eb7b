/** Virtual CPUs, their placement, and the NUMA policy that follows from it. */
import { virError } from "../../error.ts";
import type { Domain } from "../domain.ts";
import type { NumaTune } from "../memory.ts";

/** Of virtual CPUs and of I/O threads: more than any machine takes, and little enough to be listed one by one. */
const MOST = 65_535;

function mustBeCountable(what: string, count: number): void {
  if (count > MOST)
    throw virError("xmlError", `there can be at most ${MOST} ${what}, not ${count}`);
}

/**
 * One virtual CPU, placed by hand, unless the domain says otherwise.
 * @throws {VireoError} `xmlError` when there are too many
 */
export function resolveVcpu(domain: Domain): Domain {
  const { placement, cpuset, current, count = 1 } = domain.vcpu ?? {};
  mustBeCountable("virtual CPUs", count);
  const auto = placement === "auto" || followsNumaTune(domain);
  return {
    ...domain,
    vcpu: {
      placement: auto ? "auto" : "static",
      ...(cpuset === undefined || auto ? {} : { cpuset }),
      ...(current === undefined || current === count ? {} : { current }),
      count,
    },
  };
}

/** Single virtual CPUs: those that are off can be plugged, and the number of those that are on is the current one. */
export function settleVcpus(domain: Domain): Domain {
  const listed = domain.vcpus?.vcpus;
  if (listed === undefined || domain.vcpu === undefined) return domain;
  const vcpus = listed
    .map((one) => ({ ...one, hotpluggable: one.hotpluggable ?? !one.enabled }))
    .sort((a, b) => a.id - b.id);
  const online = vcpus.filter(({ enabled }) => enabled).length;
  const { current: _current, ...vcpu } = domain.vcpu;
  return {
    ...domain,
    vcpus: { vcpus },
    vcpu: online === vcpu.count ? vcpu : { ...vcpu, current: online },
  };
}

/** A memory policy left to numad takes the virtual CPUs along, unless they are bound somewhere. */
function followsNumaTune({ numatune, vcpu, cputune }: Domain): boolean {
  if (numatune?.memory?.placement !== "auto" || vcpu?.cpuset !== undefined) return false;
  return (cputune?.vcpupins ?? []).length === 0 && cputune?.emulatorpin === undefined;
}

/** The policy's mode and placement, spelled out. */
export function resolveNumaTune(domain: Domain): Domain {
  const memory = numaMemory(domain);
  if (memory === undefined) return domain;
  const memnodes = domain.numatune?.memnodes?.map((node) => ({
    ...node,
    mode: node.mode ?? ("strict" as const),
  }));
  return {
    ...domain,
    numatune: { memory, ...(memnodes === undefined ? {} : { memnodes }) },
  };
}

function numaMemory({ numatune, vcpu }: Domain): NumaTune["memory"] {
  const given = numatune?.memory;
  const auto = vcpu?.placement === "auto";
  if (given === undefined) return auto ? { mode: "strict", placement: "auto" } : undefined;
  const mode = given.mode ?? "strict";
  const placement = given.placement ?? (given.nodeset !== undefined || !auto ? "static" : "auto");
  if (placement === "auto") return { mode, placement };
  return given.nodeset === undefined ? { mode, placement } : { mode, nodeset: given.nodeset };
}

/**
 * A number of I/O threads, and their ids where the domain named some.
 * @throws {VireoError} `xmlError` when there are too many
 */
export function resolveIoThreads(domain: Domain): Domain {
  const ids = domain.iothreadids?.iothreads ?? [];
  const count = Math.max(domain.iothreads ?? 0, ids.length);
  mustBeCountable("I/O threads", count);
  if (count === 0) return domain;
  if (ids.length === 0) return { ...domain, iothreads: count };
  const known = new Set(ids.map(({ id }) => id));
  const iothreads = [...ids];
  for (let id = 1; iothreads.length < count; id += 1) if (!known.has(id)) iothreads.push({ id });
  return { ...domain, iothreads: count, iothreadids: { iothreads } };
}

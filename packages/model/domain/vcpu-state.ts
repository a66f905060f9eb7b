/** Which virtual CPUs are on, and what follows when they are switched on or off. Pure. */
import { virError } from "../error.ts";
import type { ResolvedDomain } from "./resolve/resolved-domain.ts";
import type { Vcpus } from "./vcpu.ts";

export type VcpuState = NonNullable<Vcpus["vcpus"]>[number] & { readonly hotpluggable: boolean };

/** Every virtual CPU there can be, by its number. */
export function vcpuStates({ vcpu, vcpus }: ResolvedDomain): readonly VcpuState[] {
  const listed = new Map((vcpus?.vcpus ?? []).map((one) => [one.id, one]));
  const online = vcpu.current ?? vcpu.count;
  return Array.from({ length: vcpu.count }, (_, id) => {
    const known = listed.get(id);
    const enabled = known?.enabled ?? id < online;
    return { ...known, id, enabled, hotpluggable: known?.hotpluggable ?? !enabled };
  });
}

/** The domain with these virtual CPUs; they are written one by one when `single`, or were before. */
export function withVcpuStates(
  domain: ResolvedDomain,
  states: readonly VcpuState[],
  single: boolean,
): ResolvedDomain {
  const { current: _current, ...vcpu } = domain.vcpu;
  const { vcpus: listed, ...rest } = domain;
  const online = states.filter(({ enabled }) => enabled).length;
  const count = states.length;
  return {
    ...rest,
    vcpu: { ...vcpu, ...(online === count ? {} : { current: online }), count },
    ...(single || listed !== undefined ? { vcpus: { vcpus: states } } : {}),
  };
}

const off = ({ order: _order, ...state }: VcpuState): VcpuState => ({
  ...state,
  enabled: false,
  hotpluggable: true,
});

/** The definition with `wanted` virtual CPUs on: the lowest come first, the highest go first. */
export function withVcpuCount(
  domain: ResolvedDomain,
  wanted: number,
  hotpluggable: boolean,
): ResolvedDomain {
  const states = [...vcpuStates(domain)];
  let online = states.filter(({ enabled }) => enabled).length;
  for (const state of states) {
    if (online >= wanted) break;
    if (state.enabled) continue;
    states[state.id] = { ...state, enabled: true, hotpluggable };
    online += 1;
  }
  for (const state of states.toReversed()) {
    if (online <= wanted) break;
    if (!state.enabled) continue;
    states[state.id] = off(state);
    online -= 1;
  }
  return withVcpuStates(domain, withoutGaps(states), hotpluggable);
}

/** An order is told of all that are on, or of none (libvirt's rule). */
const withoutGaps = (states: readonly VcpuState[]): readonly VcpuState[] =>
  states.some(({ enabled, order }) => enabled && order === undefined)
    ? states.map(({ order: _order, ...state }) => state)
    : states;

/** @throws VireoError `invalidArg` when the sockets, cores and threads make another number */
export function withMaximumVcpus(domain: ResolvedDomain, most: number): ResolvedDomain {
  const topology = domain.cpu?.topology;
  if (topology !== undefined) {
    const { sockets, dies = 1, cores, threads } = topology;
    if (sockets * dies * cores * threads !== most)
      throw virError("invalidArg", "CPU topology doesn't match the desired vcpu count");
  }
  const known = vcpuStates(domain).slice(0, most);
  const more = Array.from({ length: most - known.length }, (_, i) => ({
    id: known.length + i,
    enabled: false,
    hotpluggable: true,
  }));
  return withVcpuStates(domain, [...known, ...more], false);
}

/**
 * The definition with these virtual CPUs on or off.
 * @throws VireoError `invalidArg` when there is no such virtual CPU, or it cannot be changed
 */
export function withVcpusSwitched(
  domain: ResolvedDomain,
  ids: readonly number[],
  enabled: boolean,
): ResolvedDomain {
  const states = [...vcpuStates(domain)];
  for (const id of ids) {
    const state = states[id];
    if (state === undefined)
      throw virError("invalidArg", `vcpu ${id} is not present in persistent config`);
    if (id === 0) throw virError("invalidArg", "vCPU '0' can't be modified");
    states[id] = enabled ? { ...state, enabled, hotpluggable: true } : off(state);
  }
  return withVcpuStates(domain, withoutGaps(states), true);
}

/** The running domain after this virtual CPU came, as the last one. */
export function withVcpuPlugged(domain: ResolvedDomain, id: number): ResolvedDomain {
  const states = ordered(vcpuStates(domain));
  const last = Math.max(0, ...states.map(({ order = 0 }) => order));
  const next = states.map((state) =>
    state.id === id ? { ...state, enabled: true, hotpluggable: true, order: last + 1 } : state,
  );
  return withVcpuStates(domain, next, true);
}

/** The running domain after this virtual CPU went; those that came later move up. */
export function withVcpuUnplugged(domain: ResolvedDomain, id: number): ResolvedDomain {
  const states = ordered(vcpuStates(domain));
  const gone = states[id]?.order ?? Infinity;
  const next = states.map((state) => {
    if (state.id === id) return off(state);
    const { order } = state;
    return order !== undefined && order > gone ? { ...state, order: order - 1 } : state;
  });
  return withVcpuStates(domain, next, true);
}

/** A running domain whose virtual CPUs are told one by one says in which order they came. */
export const withVcpuOrder = (domain: ResolvedDomain): ResolvedDomain =>
  domain.vcpus === undefined ? domain : withVcpuStates(domain, ordered(vcpuStates(domain)), true);

/** Those that were on at the start came in the order of their numbers. */
function ordered(states: readonly VcpuState[]): readonly VcpuState[] {
  if (states.some(({ order }) => order !== undefined)) return states;
  let order = 0;
  return states.map((state) => (state.enabled ? { ...state, order: ++order } : state));
}

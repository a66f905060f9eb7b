/** The driver's operations on the number and the place of virtual CPUs and of the emulator. */
import { virError } from "@vireo/model/error";
import {
  vcpuStates,
  withMaximumVcpus,
  withVcpuCount,
  withVcpusSwitched,
} from "@vireo/model/domain/vcpu-state";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput } from "@vireo/model/operation/operations";
import { setAffinity } from "../../../host/scheduling.ts";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import type { LiveDomain } from "../domain-view.ts";
import type { Undo } from "../undo.ts";
import { changeDomain, configOf, type DomainChange } from "./change-domain.ts";
import { known, type Known } from "./known.ts";
import { emulatorCpus, emulatorThreads, hostCpus, vcpuCpus } from "./placement.ts";
import { switchOff, switchOn } from "./vcpu-plug.ts";

type SetVcpus = OperationInput<"domain", "setVcpus">;

function refuseTooMany(config: ResolvedDomain, wanted: number, which: string): void {
  const { count } = config.vcpu;
  if (wanted > count)
    throw virError(
      "invalidArg",
      `requested vcpus is greater than max allowable vcpus for the ${which} domain: ${wanted} > ${count}`,
    );
}

/** Which to plug, or to unplug, so that `wanted` are on. */
function reaching(
  config: ResolvedDomain,
  wanted: number,
): { readonly ids: readonly number[]; readonly on: boolean } {
  const states = vcpuStates(config);
  const missing = wanted - states.filter(({ enabled }) => enabled).length;
  const on = missing > 0;
  const able = on
    ? states.filter(({ enabled }) => !enabled)
    : states.filter(({ enabled, hotpluggable }) => enabled && hotpluggable).toReversed();
  const ids = able.slice(0, Math.abs(missing)).map(({ id }) => id);
  if (ids.length < Math.abs(missing))
    throw virError(
      "operationInvalid",
      "failed to find appropriate hotpluggable vcpus to reach the desired target vcpu count",
    );
  return { ids, on };
}

/** Switches as many on or off as lead to this number. @throws VireoError `operationInvalid` */
export function vcpusTo(
  { env, actor, live }: Pick<Definitions, "env"> & { actor: DomainActor; live: LiveDomain },
  count: number,
  undo: Undo,
): Promise<Known> {
  const { ids, on } = reaching(live.config, count);
  return (on ? switchOn : switchOff)({ env, actor, ids }, undo);
}

const setVcpus = (definitions: Definitions, input: SetVcpus): Promise<void> =>
  changeDomain(definitions, ["setVcpus", input], ({ actor, live, definition }): DomainChange => {
    const { count, maximum, hotpluggable } = input;
    if (maximum === true) {
      if (live !== undefined || definition === undefined)
        throw virError(
          "operationUnsupported",
          "maximum vcpu count of a live domain can't be modified",
        );
      return { definition: withMaximumVcpus(definition, count) };
    }
    if (live !== undefined) refuseTooMany(live.config, count, "live");
    if (definition !== undefined) refuseTooMany(definition, count, "persistent");
    const { env } = definitions;
    return {
      ...(definition && {
        definition: withVcpuCount(definition, count, hotpluggable === true),
      }),
      ...(live && {
        live: (undo: Undo): Promise<Known> => vcpusTo({ env, actor, live }, count, undo),
      }),
    };
  });

/** @throws VireoError when QEMU cannot switch it alone */
function refuseFixed(config: ResolvedDomain, ids: readonly number[], enabled: boolean): void {
  const states = vcpuStates(config);
  for (const id of ids) {
    const state = states[id];
    if (state === undefined)
      throw virError("invalidArg", `vcpu ${id} is not present in live config`);
    if (state.enabled === enabled)
      throw virError("invalidArg", `vcpu '${id}' is already in requested state`);
    if (!enabled && !state.hotpluggable)
      throw virError("operationUnsupported", `vcpu '${id}' can't be unplugged`);
  }
  if (ids.length > 1) throw virError("invalidArg", "only one hotpluggable entity can be selected");
}

const setVcpu = (
  definitions: Definitions,
  input: OperationInput<"domain", "setVcpu">,
): Promise<void> =>
  changeDomain(definitions, ["setVcpu", input], ({ actor, live, definition }): DomainChange => {
    const { vcpus: ids, enabled } = input;
    if (live !== undefined) refuseFixed(live.config, ids, enabled);
    const work = { env: definitions.env, actor, ids };
    return {
      ...(definition && { definition: withVcpusSwitched(definition, ids, enabled) }),
      ...(live && {
        live: (undo: Undo): Promise<Known> => (enabled ? switchOn : switchOff)(work, undo),
      }),
    };
  });

const withVcpuPin = (config: ResolvedDomain, vcpu: number, cpus: readonly number[]) => ({
  ...config,
  cputune: {
    ...config.cputune,
    vcpupins: [
      ...(config.cputune?.vcpupins ?? []).filter((pin) => pin.vcpu !== vcpu),
      { vcpu, cpuset: cpus },
    ].toSorted((a, b) => a.vcpu - b.vcpu),
  },
});

/** Moves threads; when that must be taken back they go where they were allowed before. */
export function moveThreads(
  undo: Undo,
  tids: readonly number[],
  { to, from }: { readonly to: readonly number[]; readonly from: readonly number[] },
): void {
  undo.add("affinity", () => {
    for (const tid of tids) setAffinity(tid, from);
  });
  for (const tid of tids) setAffinity(tid, to);
}

/** @throws VireoError `invalidArg` */
export function refuseEmpty(cpus: readonly number[], what: string): void {
  if (cpus.length === 0) throw virError("invalidArg", `Empty cpu list for ${what}`);
}

function refuseUnknownVcpu(
  vcpu: number,
  { live, definition }: { live?: LiveDomain; definition?: ResolvedDomain },
): void {
  const beyond = (which: string, config: ResolvedDomain): never => {
    const { current, count } = config.vcpu;
    throw virError(
      "invalidArg",
      `vcpu ${vcpu} is out of range of ${which} cpu count ${current ?? count}`,
    );
  };
  if (live !== undefined && live.vcpuThreads[vcpu] === undefined) beyond("live", live.config);
  if (definition !== undefined && vcpu >= definition.vcpu.count) beyond("persistent", definition);
}

const pinVcpu = (
  definitions: Definitions,
  input: OperationInput<"domain", "pinVcpu">,
): Promise<void> =>
  changeDomain(definitions, ["pinVcpu", input], async (targets): Promise<DomainChange> => {
    const { live, definition } = targets;
    const { vcpu, cpus } = input;
    refuseUnknownVcpu(vcpu, targets);
    refuseEmpty(cpus, "vcpu pinning");
    const all = await hostCpus();
    return {
      ...(definition && { definition: withVcpuPin(definition, vcpu, cpus) }),
      ...(live && {
        live: (undo: Undo): Known => {
          const thread = live.vcpuThreads[vcpu];
          const from = vcpuCpus(live.config, vcpu) ?? all;
          moveThreads(undo, thread === undefined ? [] : [thread], { to: cpus, from });
          return known((config) => withVcpuPin(config, vcpu, cpus));
        },
      }),
    };
  });

const withEmulatorPin = (config: ResolvedDomain, cpus: readonly number[]): ResolvedDomain => ({
  ...config,
  cputune: { ...config.cputune, emulatorpin: { cpuset: cpus } },
});

const pinEmulator = (
  definitions: Definitions,
  input: OperationInput<"domain", "pinEmulator">,
): Promise<void> =>
  changeDomain(
    definitions,
    ["pinEmulator", input],
    async ({ live, definition }): Promise<DomainChange> => {
      const { cpus } = input;
      refuseEmpty(cpus, "emulator pinning");
      const all = await hostCpus();
      return {
        ...(definition && { definition: withEmulatorPin(definition, cpus) }),
        ...(live && {
          live: async (undo: Undo): Promise<Known> => {
            const from = emulatorCpus(live.config) ?? all;
            moveThreads(undo, await emulatorThreads(live), { to: cpus, from });
            return known((config) => withEmulatorPin(config, cpus));
          },
        }),
      };
    },
  );

export const vcpuRole = (definitions: Definitions): Role<"domain"> => {
  const { list } = definitions;
  return {
    setVcpus: (input) => setVcpus(definitions, input),
    setVcpu: (input) => setVcpu(definitions, input),
    pinVcpu: (input) => pinVcpu(definitions, input),
    pinEmulator: (input) => pinEmulator(definitions, input),
    vcpuPins: async (input) => {
      const config = configOf(list.find(input.domain), input);
      const all = await hostCpus();
      return Array.from({ length: config.vcpu.count }, (_, id) => vcpuCpus(config, id) ?? all);
    },
    emulatorPin: async (input) => {
      const config = configOf(list.find(input.domain), input);
      return emulatorCpus(config) ?? hostCpus();
    },
  };
};

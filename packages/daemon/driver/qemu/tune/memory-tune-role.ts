/** The driver's operations on what the host gives to a domain's memory. */
import { virError } from "@vireo/model/error";
import { UNLIMITED } from "@vireo/model/domain/memory";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import { formatCpuSet } from "@vireo/model/schema/cpu-set";
import { numaCells } from "../../../host/node-info.ts";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import type { LiveDomain } from "../domain-view.ts";
import type { QemuEnvironment } from "../environment.ts";
import type { Undo } from "../undo.ts";
import { changeDomain, configOf, targetsOf, type DomainChange } from "./change-domain.ts";
import { known, type Known } from "./known.ts";
import {
  cgroupOf,
  MEMORY_LIMITS,
  readMemoryLimit,
  setMemoryLimit,
  type MemoryLimit,
} from "./resources.ts";

type Limits = OperationOutput<"domain", "memoryTune">;
type AllLimits = Readonly<Record<MemoryLimit, number>>;
type MemoryChange = OperationInput<"domain", "setMemoryTune">;

const ofDefinition = ({ memtune = {} }: ResolvedDomain): AllLimits => ({
  hardLimitKiB: memtune.hardLimitKiB ?? UNLIMITED,
  softLimitKiB: memtune.softLimitKiB ?? UNLIMITED,
  swapHardLimitKiB: memtune.swapHardLimitKiB ?? UNLIMITED,
});

async function ofKernel(env: QemuEnvironment, live: LiveDomain): Promise<AllLimits> {
  const group = cgroupOf(env, live);
  const [hardLimitKiB, softLimitKiB, swapHardLimitKiB] = [
    await readMemoryLimit(group, "hardLimitKiB"),
    await readMemoryLimit(group, "softLimitKiB"),
    await readMemoryLimit(group, "swapHardLimitKiB"),
  ];
  return { hardLimitKiB, softLimitKiB, swapHardLimitKiB };
}

const changesOf = (input: MemoryChange): Limits =>
  Object.fromEntries(
    MEMORY_LIMITS.flatMap((key) => (input[key] === undefined ? [] : [[key, input[key]]])),
  );

/** Memory and swap together cannot be less than memory alone. */
function refuseWrongOrder(config: ResolvedDomain, change: Limits): void {
  const before = ofDefinition(config);
  const hardLimitKiB = change.hardLimitKiB ?? before.hardLimitKiB;
  const swapHardLimitKiB = change.swapHardLimitKiB ?? before.swapHardLimitKiB;
  const asked = change.hardLimitKiB !== undefined || change.swapHardLimitKiB !== undefined;
  if (asked && swapHardLimitKiB !== UNLIMITED && hardLimitKiB > swapHardLimitKiB)
    throw virError(
      "invalidArg",
      "memory hard_limit tunable value must be lower than or equal to swap_hard_limit",
    );
}

const withLimits = (config: ResolvedDomain, change: Limits): ResolvedDomain => {
  const merged = { ...config.memtune, ...change };
  const memtune = Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== UNLIMITED),
  );
  const { memtune: _old, ...rest } = config;
  return Object.keys(memtune).length === 0 ? rest : { ...rest, memtune };
};

async function setLiveLimits(
  env: QemuEnvironment,
  { live, change }: { live: LiveDomain; change: Limits },
  undo: Undo,
): Promise<Known> {
  const group = cgroupOf(env, live);
  const before = await ofKernel(env, live);
  // the kernel wants the two in order at every moment: what grows comes first from outside
  const grows = (change.swapHardLimitKiB ?? 0) > before.swapHardLimitKiB;
  const order = grows ? MEMORY_LIMITS.toReversed() : MEMORY_LIMITS;
  for (const limit of order) {
    const kib = change[limit];
    if (kib === undefined) continue;
    undo.add(limit, () => setMemoryLimit(group, limit, before[limit]));
    await setMemoryLimit(group, limit, kib);
  }
  return known((config) => withLimits(config, change));
}

const setMemoryTune = (definitions: Definitions, input: MemoryChange): Promise<void> =>
  changeDomain(definitions, ["setMemoryTune", input], ({ live, definition }): DomainChange => {
    const { env } = definitions;
    const change = changesOf(input);
    if (live !== undefined) cgroupOf(env, live).mount("memory");
    for (const config of [live?.config, definition])
      if (config !== undefined) refuseWrongOrder(config, change);
    return {
      ...(definition && { definition: withLimits(definition, change) }),
      ...(live && { live: (undo: Undo) => setLiveLimits(env, { live, change }, undo) }),
    };
  });

type NumaChange = OperationInput<"domain", "setNumaTune">;

function withNuma(config: ResolvedDomain, { mode, nodes }: NumaChange): ResolvedDomain {
  const { nodeset, placement: _placement, ...memory } = config.numatune?.memory ?? {};
  const next = {
    ...memory,
    ...(mode === undefined ? {} : { mode }),
    ...(nodes === undefined || nodes.length === 0
      ? nodeset === undefined
        ? {}
        : { nodeset }
      : { nodeset: nodes }),
  };
  return {
    ...config,
    numatune: { ...config.numatune, memory: { mode: "strict", ...next } },
  };
}

/** Whether these are other nodes than the memory comes from now. */
async function moves({ numatune }: ResolvedDomain, nodes?: readonly number[]): Promise<boolean> {
  const before = numatune?.memory?.nodeset ?? (await numaCells()).map(({ id }) => id);
  return nodes !== undefined && formatCpuSet(nodes) !== formatCpuSet(before);
}

/** @throws VireoError `configUnsupported` when a policy would be about no nodes */
function refuseNoNodes({ numatune }: ResolvedDomain, nodes?: readonly number[]): void {
  if (nodes === undefined && numatune?.memory?.nodeset === undefined)
    throw virError(
      "configUnsupported",
      "nodeset for NUMA memory tuning must be set if 'placement' is 'static'",
    );
}

/** @throws VireoError when the host's memory cannot be moved while the guest runs */
async function refuseLiveNuma({ config }: LiveDomain, { mode, nodes }: NumaChange): Promise<void> {
  const present = config.numatune?.memory?.mode ?? "strict";
  if (mode !== undefined && mode !== present && config.numatune?.memory !== undefined)
    throw virError("operationInvalid", "can't change numatune mode for running domain");
  refuseNoNodes(config, nodes);
  if (mode === "strict")
    throw virError("operationInvalid", "can't change nodeset for strict mode for running domain");
  if (present !== "restrictive" && (await moves(config, nodes)))
    throw virError(
      "operationInvalid",
      "change of nodeset for running domain requires restrictive numa mode",
    );
}

const setNumaTune = (definitions: Definitions, input: NumaChange): Promise<void> =>
  changeDomain(
    definitions,
    ["setNumaTune", input],
    async ({ live, definition }): Promise<DomainChange> => {
      const { env } = definitions;
      if (live !== undefined) {
        cgroupOf(env, live).mount("cpuset");
        await refuseLiveNuma(live, input);
      }
      const { nodes = [] } = input;
      return {
        ...(definition && { definition: withNuma(definition, input) }),
        ...(live && {
          live: async (undo: Undo): Promise<Known> => {
            if (live.config.numatune?.memory?.mode !== "restrictive")
              return known((config) => withNuma(config, input)); // the memory is there already
            const group = cgroupOf(env, live);
            const before = await group.read("cpuset", "cpuset.mems");
            if (before !== undefined)
              undo.add("nodes", () => group.set("cpuset", "cpuset.mems", before.trim()));
            if (nodes.length > 0) {
              if (group.version("cpuset") === 1)
                await group.set("cpuset", "cpuset.memory_migrate", "1");
              await group.set("cpuset", "cpuset.mems", formatCpuSet(nodes));
            }
            return known((config) => withNuma(config, input));
          },
        }),
      };
    },
  );

export const memoryTuneRole = (definitions: Definitions): Role<"domain"> => {
  const { env, list } = definitions;
  return {
    memoryTune: async (input) => {
      const actor = list.find(input.domain);
      const { live } = targetsOf(actor, input);
      return live === undefined ? ofDefinition(configOf(actor, input)) : ofKernel(env, live);
    },
    setMemoryTune: (input) => setMemoryTune(definitions, input),
    numaTune: (input) => {
      const { mode, nodeset } = configOf(list.find(input.domain), input).numatune?.memory ?? {};
      return { mode: mode ?? "strict", nodes: nodeset ?? [] };
    },
    setNumaTune: (input) => setNumaTune(definitions, input),
  };
};

/** The driver's operations on the guest's memory statistics. */
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { Role } from "../../contract.ts";
import { affectedBy } from "../affected.ts";
import { saveChanged, type Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import { memoryFigures } from "./memory-figures.ts";
import { setMemoryPeriod } from "./memory-period.ts";
import { sourceOf, type StatsSight } from "./stats-sight.ts";

const NO_BALLOON = "Memory balloon model must be virtio to set the collection period";

/** @throws VireoError `operationInvalid` */
function withPeriod(config: ResolvedDomain, seconds: number): ResolvedDomain {
  const { devices } = config;
  const { memballoon } = devices;
  if (memballoon === undefined || memballoon.model === "none")
    throw virError("operationInvalid", NO_BALLOON);
  return {
    ...config,
    devices: { ...devices, memballoon: { ...memballoon, stats: { period: seconds } } },
  };
}

async function setPeriod(
  definitions: Definitions,
  actor: DomainActor,
  input: OperationInput<"domain", "setMemoryStatsPeriod">,
): Promise<void> {
  const { live, config } = affectedBy(actor, input);
  const { seconds } = input;
  if (live !== undefined) {
    const changed = withPeriod(live.config, seconds);
    await setMemoryPeriod(live.config, seconds, { execute: (...what) => actor.ask(...what) });
    actor.update({ live: { ...live, config: changed } });
  }
  if (config) await saveChanged(definitions, actor, withPeriod(actor.view.definition, seconds));
}

export const memoryStatsRole = (definitions: Definitions, sight: StatsSight): Role<"domain"> => ({
  memoryStats: ({ domain }) => {
    const actor = definitions.list.find(domain);
    actor.allow("control");
    return memoryFigures(sourceOf(sight, actor));
  },
  setMemoryStatsPeriod: (input) => {
    const actor = definitions.list.find(input.domain);
    return actor.change("setMemoryStatsPeriod", () => setPeriod(definitions, actor, input));
  },
});

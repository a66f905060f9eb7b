/** Places of the board for virtual CPUs, and what is put into them. */
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { vcpuStates } from "@vireo/model/domain/vcpu-state";
import { parseSlots, type CpuSlot } from "@vireo/qemu/command/cpu-slot";
import type { JsonObject } from "@vireo/qemu/json";

/** Somebody who takes QEMU's commands. */
export interface Asking {
  readonly ask: (command: string, args?: JsonObject) => Promise<unknown>;
}

async function slotsOf(actor: Asking): Promise<readonly CpuSlot[]> {
  return parseSlots(await actor.ask("query-hotpluggable-cpus"));
}

const slotOf = (slots: readonly CpuSlot[], id: number): CpuSlot => {
  const slot = slots.find(({ first }) => first === id);
  if (slot?.count !== 1)
    throw virError(
      "operationUnsupported",
      "target vm vcpu granularity does not allow the desired vcpu count",
    );
  return slot;
};

export const aliasOf = (id: number): string => `vcpu${id}`;

/** Adds those that are to be on in QEMU, in this order. */
export async function plugVcpus(actor: Asking, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const slots = await slotsOf(actor);
  for (const id of ids) {
    const { driver, properties, taken } = slotOf(slots, id);
    if (taken) continue; // by a daemon that died before it could write that down
    await actor.ask("device_add", { driver, id: aliasOf(id), ...properties });
  }
}

/** Virtual CPUs that are on at the start but can be taken out again, in their order. */
export function laterVcpus(config: ResolvedDomain): readonly number[] {
  if (config.vcpus === undefined) return [];
  return vcpuStates(config)
    .filter(({ id, enabled, hotpluggable }) => id > 0 && enabled && hotpluggable)
    .toSorted((a, b) => (a.order ?? a.id) - (b.order ?? b.id))
    .map(({ id }) => id);
}

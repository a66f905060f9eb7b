/** Brings back what an earlier daemon knew: definitions from disk, running guests by their status. */
import { explainError } from "@vireo/model/error";
import { nameDevices } from "@vireo/model/domain/resolve/name-devices";
import type { DomainStatus } from "../../state/domain-status.ts";
import type { Damage, StoredDefinition } from "../../state/domain-store.ts";
import {
  inactiveView,
  newActor,
  saveChanged,
  storedDefinition,
  type Definitions,
} from "./definition.ts";
import type { DomainView } from "./domain-view.ts";
import { withoutChains } from "./live-disk.ts";
import { liveOf } from "./live-status.ts";
import { endProcess } from "./end-process.ts";
import { clearLostGuest, findLostGuests, hasNeverRun, type LostGuest } from "./lost-guests.ts";

/**
 * Fills the list. `seenId` hears the id of each running domain.
 * One domain that cannot be read harms no other; running ones are taken over side by side.
 */
export async function loadDomains(
  definitions: Definitions,
  seenId: (id: number) => void,
): Promise<void> {
  const { env } = definitions;
  const { definitions: stored, statuses, damages } = await env.store.load();
  for (const damage of damages) reportDamage(definitions, damage);
  await Promise.all(stored.map((one) => loadDefinition(definitions, one)));
  for (const { id } of statuses) seenId(id);
  const lost = await findLostGuests(env.paths, new Set(statuses.map((one) => one.process.pid)));
  for (const { id } of lost) seenId(id);
  await Promise.all([
    ...statuses.map((status) => adopt(definitions, status)),
    ...lost.map((guest) => adoptLost(definitions, guest)),
  ]);
}

/**
 * A QEMU whose vCPUs never ran was being started when the daemon died: nobody misses it.
 * @returns whether it was one
 */
async function undoneStart(env: Definitions["env"], guest: LostGuest): Promise<boolean> {
  const { name, process } = guest;
  if (!(await hasNeverRun(guest).catch(() => false))) return false;
  await endProcess(process);
  await clearLostGuest(env.paths, guest);
  env.log.warn({ domain: name, pid: process.pid }, "Interrupted start undone");
  return true;
}

/**
 * A guest runs, but its status is lost: a damaged file, or a daemon that died right after it made
 * the process. What it runs with follows from its definition.
 */
async function adoptLost({ env, list }: Definitions, guest: LostGuest): Promise<void> {
  const actor = list.lookUp({ name: guest.name });
  const { pid } = guest.process;
  if (actor === undefined || actor.view.live !== undefined) {
    if (await undoneStart(env, guest)) return;
    env.log.error(
      { domain: guest.name, pid },
      "A QEMU of an unknown domain runs; it is left alone",
    );
    return;
  }
  env.log.warn({ domain: guest.name, pid }, "Found a running domain without status");
  const { process, id, monitorPath } = guest;
  const config = { ...nameDevices(actor.view.definition), id };
  const about = { taints: [], companions: [], vcpuThreads: [], ioThreads: [] };
  await actor.adopt({ id, config, process, monitorPath, ...about }, true);
}

function reportDamage({ env }: Definitions, { path, recovered, fault }: Damage): void {
  const rest = recovered ? "the revision before it is used" : "it is left as it is and not used";
  env.log.error({ path }, `Damaged file: ${explainError(fault)}; ${rest}`);
}

async function loadDefinition(
  definitions: Definitions,
  { name, xml, autostart }: StoredDefinition,
): Promise<void> {
  const { env, list } = definitions;
  try {
    const definition = await storedDefinition(env, xml);
    list.same(definition);
    list.add(newActor(definitions, inactiveView(definition, { persistent: true, autostart })));
  } catch (error) {
    env.log.error({ domain: name }, `Cannot load domain: ${explainError(error)}`);
  }
}

async function adopt(definitions: Definitions, status: DomainStatus): Promise<void> {
  const { env, list } = definitions;
  const { name, uuid, state, persistent, bootId } = status;
  try {
    const live = liveOf(status);
    const known = list.lookUp({ uuid });
    // a definition that was lost is taken from the running guest
    const view: DomainView =
      known?.view ?? inactiveView(withoutChains(live.config), { persistent });
    if (known !== undefined) list.remove(known);
    const actor = newActor(definitions, { ...view, state, persistent });
    list.add(actor);
    if (known === undefined && persistent) await saveChanged(definitions, actor, view.definition);
    await actor.adopt(live, bootId === env.bootId);
  } catch (error) {
    env.log.error({ domain: name }, `Cannot take over running domain: ${explainError(error)}`);
  }
}

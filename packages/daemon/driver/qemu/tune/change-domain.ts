/**
 * A change of the running domain, of its definition, or of both: everything is checked first, then
 * the running domain is changed, then the definition is saved. What fails takes back what was done.
 */
import { explainError } from "@vireo/model/error";
import { checkDomain } from "@vireo/model/domain/check/check";
import { resolveDomain } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DomainRef } from "@vireo/model/operation/domain-value";
import { affectedBy } from "../affected.ts";
import { saveChanged, type Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import type { LiveDomain } from "../domain-view.ts";
import type { Known } from "./known.ts";
import { Undo } from "../undo.ts";

/** In the journal. */
export const CHANGE = "change";

export interface Affecting {
  readonly domain: DomainRef;
  readonly live?: boolean | undefined;
  readonly config?: boolean | undefined;
}

/** What a change is about: one of the two at least. */
export interface Targets {
  readonly actor: DomainActor;
  readonly live?: LiveDomain;
  readonly definition?: ResolvedDomain;
}

export interface DomainChange {
  readonly definition?: ResolvedDomain;
  /** Does it, and tells how what is known of the running domain changes by that. */
  readonly live?: (undo: Undo) => Known | Promise<Known>;
}

/**
 * Which configurations a call is about.
 * @throws VireoError `operationInvalid` when one is not there
 */
export function targetsOf(actor: DomainActor, about: Affecting): Targets {
  const { live, config } = affectedBy(actor, about);
  const { definition } = actor.view;
  return { actor, ...(live && { live }), ...(config && { definition }) };
}

/** The configuration that a question is about. */
export function configOf(actor: DomainActor, about: Affecting): ResolvedDomain {
  const { live, definition } = targetsOf(actor, about);
  return live?.config ?? definition ?? actor.view.definition;
}

async function complete({ env }: Definitions, changed: ResolvedDomain): Promise<ResolvedDomain> {
  const { facts } = await env.emulatorFor(changed);
  const resolved = resolveDomain(changed, facts);
  checkDomain(resolved, facts);
  return resolved;
}

/** Performs a change that `plan` makes up from what is there when its turn has come. */
export function changeDomain(
  definitions: Definitions,
  [what, about]: readonly [what: string, about: Affecting],
  plan: (targets: Targets) => DomainChange | Promise<DomainChange>,
): Promise<void> {
  const { env } = definitions;
  const actor = definitions.list.find(about.domain);
  return actor.change(what, async () => {
    const planned = await plan(targetsOf(actor, about));
    const saved = planned.definition && (await complete(definitions, planned.definition));
    const undo = new Undo();
    const perform = async (): Promise<void> => {
      const change = await planned.live?.(undo);
      if (saved !== undefined) await saveChanged(definitions, actor, saved);
      const { live } = actor.view; // as QEMU's events have left it
      if (change !== undefined && live !== undefined) actor.update({ live: change(live) });
      await actor.kept();
    };
    const parts = { live: planned.live !== undefined, config: saved !== undefined };
    const note = { what, about: { ...about, ...parts } };
    try {
      // a definition alone is changed in one step
      await (parts.live
        ? env.journal.during({ uuid: actor.view.uuid, operation: CHANGE, note }, perform)
        : perform());
    } catch (error) {
      await undo.run((step, fault) =>
        env.log.warn({ domain: actor.view.name, step }, explainError(fault)),
      );
      throw error;
    }
  });
}

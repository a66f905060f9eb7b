/** Which of a domain's two configurations a change is about. */
import type { DomainActor } from "./domain-actor.ts";
import type { LiveDomain } from "./domain-view.ts";

export interface Affected {
  /** The running domain, when it is to be changed. */
  readonly live?: LiveDomain;
  /** Whether its definition is to be changed. */
  readonly config: boolean;
}

/**
 * Neither means the running domain, or the definition of one that is off.
 * @throws VireoError `operationInvalid` when what is named is not there
 */
export function affectedBy(
  actor: DomainActor,
  { live, config }: { readonly live?: boolean | undefined; readonly config?: boolean | undefined },
): Affected {
  if (live === true) actor.allow("changeLive");
  if (config === true) actor.allow("changeConfig");
  const running = actor.view.live;
  const wantsLive = live === true || (config !== true && running !== undefined);
  return {
    config: config === true || !wantsLive,
    ...(wantsLive && running !== undefined ? { live: running } : {}),
  };
}

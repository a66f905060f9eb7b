/** A domain of the test driver: a value that is replaced as a whole when something happens to it. */
import type { Domain } from "@vireo/model/domain/domain";
import type { DomainIdentity, DomainState } from "@vireo/model/operation/domain-value";
import { domainState } from "@vireo/model/state-reason";
import type { DomainStanding } from "../decide.ts";

export interface TestDomain {
  readonly uuid: string;
  readonly name: string;
  /** The configuration of the next start. */
  readonly definition: Domain;
  readonly persistent: boolean;
  readonly autostart: boolean;
  readonly updated: boolean;
  readonly state: DomainState;
  /** Only while active. */
  readonly live?: { readonly id: number; readonly config: Domain; readonly startedMs: number };
}

export const identityOf = ({ name, uuid, live }: TestDomain): DomainIdentity =>
  live === undefined ? { name, uuid } : { name, uuid, id: live.id };

export const standingOf = ({ state, live, persistent }: TestDomain): DomainStanding => ({
  state,
  persistent,
  active: live !== undefined,
});

/** What is asked of when nothing else is said: the running configuration, if there is one. */
export const currentConfig = ({ live, definition }: TestDomain): Domain =>
  live?.config ?? definition;

export const stopped = (
  { live: _gone, ...domain }: TestDomain,
  reason: "shutdown" | "destroyed",
): TestDomain => ({ ...domain, updated: false, state: domainState("shutoff", reason) });

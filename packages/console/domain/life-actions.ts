/** What one may ask of a domain in a state. */
import type { DomainStateName } from "@vireo/model/operation/domain-value";

export type LifeVerb =
  | "start"
  | "shutdown"
  | "reboot"
  | "suspend"
  | "resume"
  | "reset"
  | "managedSave"
  | "destroy"
  | "undefine";

const ON: readonly LifeVerb[] = [
  "shutdown",
  "reboot",
  "suspend",
  "reset",
  "managedSave",
  "destroy",
  "undefine",
];

const POSSIBLE: Readonly<Record<DomainStateName, readonly LifeVerb[]>> = {
  nostate: [],
  running: ON,
  blocked: ON,
  paused: ["resume", "reset", "managedSave", "destroy", "undefine"],
  shutdown: ["destroy"],
  shutoff: ["start", "undefine"],
  crashed: ["destroy", "undefine"],
  pmsuspended: ["destroy"],
};

export const possibleVerbs = (state: DomainStateName): readonly LifeVerb[] => POSSIBLE[state];

/** What loses something is asked about first. */
export const isDestructive = (verb: LifeVerb): boolean =>
  verb === "destroy" || verb === "undefine" || verb === "reset";

/** What the daemon is asked with; deleting takes away what only this domain uses. */
export const inputOf = (verb: LifeVerb, uuid: string): Readonly<Record<string, unknown>> =>
  verb === "undefine"
    ? {
        domain: { uuid },
        managedSave: true,
        nvram: true,
        snapshotsMetadata: true,
        checkpointsMetadata: true,
      }
    : { domain: { uuid } };

/**
 * What QEMU's events mean for a domain's life. Pure: event and facts in, new state, news and what
 * must be done next out.
 *
 *                        RESUME                    SHUTDOWN           end of the process
 *     paused/startingUp --------> running --------> shutdown --------> shutoff
 *                        <--------  | |  SUSPEND           \
 *                          STOP     | +---------> pmsuspended \ restart: reset and go on
 *                                   | GUEST_PANICKED           +--------> running
 *                                   +--------> crashed
 */
import type { DomainEventBody, LifecycleChange, LifecycleDetail } from "@vireo/model/event";
import type { DomainState } from "@vireo/model/operation/domain-value";
import { domainState, type StateReason } from "@vireo/model/state-reason";
import type { GuestEvent } from "./guest-event.ts";

export type LifeAction = "destroy" | "restart" | "preserve";

/** What the definition says is to happen. */
export interface LifeActions {
  readonly onPoweroff: LifeAction;
  readonly onReboot: LifeAction;
  readonly onCrash: LifeAction;
}

/** What the daemon is about to do, so that QEMU's events about it are understood. */
export interface LifeIntent {
  /** The guest was asked to power off so that it can be started again in the same process. */
  rebooting: boolean;
  /** Why the vCPUs stop when they stop next. */
  pauseReason: StateReason<"paused">;
  /** Why they run when they run next. */
  runReason: StateReason<"running">;
}

export interface LifeFacts extends Readonly<LifeIntent> {
  readonly state: DomainState;
  readonly actions: LifeActions;
}

/** How the process is to end, or `restart`: reset the machine and let it run. */
export type Sequel =
  | { readonly do: "restart" }
  | { readonly do: "end"; readonly reason: EndReason };

/** Why a domain stopped, in the words of `shutoff`. */
export type EndReason = Extract<
  StateReason<"shutoff">,
  "shutdown" | "destroyed" | "crashed" | "failed" | "daemon" | "saved" | "fromSnapshot"
>;

/** How the end of a process is told: one that nobody announced is a crash to some and a failure to others. */
export function tellEnd(
  { state }: DomainState,
  announced: EndReason | undefined,
): { readonly reason: EndReason; readonly detail: LifecycleDetail<"stopped"> } {
  const reason = announced ?? (state === "shutdown" ? "shutdown" : "crashed");
  const expected = announced !== undefined || state === "shutdown";
  return { reason, detail: expected && reason !== "daemon" ? reason : "failed" };
}

interface Starting {
  readonly paused: boolean;
  readonly saved: { readonly managed: boolean } | undefined;
  readonly fromSnapshot: boolean | undefined;
}

/**
 * How a start is told, and why the vCPUs run: a boot when it is done, what comes back before it runs
 * again. Who brings back a snapshot tells itself that it stands still.
 */
export function startNews({ paused, saved, fromSnapshot = false }: Starting): {
  readonly how: "booted" | "restored" | "fromSnapshot";
  readonly before: readonly DomainEventBody[];
  readonly after: readonly DomainEventBody[];
} {
  const restored = saved === undefined ? "booted" : "restored";
  const how = fromSnapshot ? "fromSnapshot" : restored;
  const started = [life({ event: "started", detail: how })];
  const detail = saved === undefined || saved.managed ? "paused" : "restored";
  const suspended = paused && !fromSnapshot ? [life({ event: "suspended", detail })] : [];
  return how === "booted"
    ? { how, before: [], after: [...started, ...suspended] }
    : { how, before: started, after: suspended };
}

export interface Reaction {
  readonly state?: DomainState;
  readonly news: readonly DomainEventBody[];
  readonly sequel?: Sequel;
  /** Overrides `pauseReason` until the vCPUs have stopped. */
  readonly nextPause?: StateReason<"paused">;
}

const NOTHING: Reaction = { news: [] };
const life = (change: LifecycleChange): DomainEventBody => ({ kind: "lifecycle", ...change });
const end = (reason: EndReason): Sequel => ({ do: "end", reason });

type React = (event: GuestEvent, facts: LifeFacts) => Reaction;

/** How a stop of the vCPUs is told, by its reason. */
const SUSPENDED: Partial<Record<StateReason<"paused">, LifecycleChange & { event: "suspended" }>> =
  {
    ioError: { event: "suspended", detail: "ioError" },
    watchdog: { event: "suspended", detail: "watchdog" },
    fromSnapshot: { event: "suspended", detail: "fromSnapshot" },
    migration: { event: "suspended", detail: "migrated" },
    postcopy: { event: "suspended", detail: "postcopy" },
  };

const stopped: React = (_event, { state, pauseReason }) => {
  if (state.state !== "running") return NOTHING;
  const change = SUSPENDED[pauseReason] ?? { event: "suspended", detail: "paused" };
  return { state: domainState("paused", pauseReason), news: [life(change)] };
};

/** How it is told that the vCPUs run again, by the reason. */
const RESUMED: Partial<Record<StateReason<"running">, LifecycleDetail<"resumed">>> = {
  restored: "fromSnapshot",
  fromSnapshot: "fromSnapshot",
  migrated: "migrated",
  migrationCanceled: "migrated",
};

const resumed: React = (_event, { state, runReason }) => {
  if (state.state === "running" || state.state === "pmsuspended") return NOTHING;
  return {
    state: domainState("running", runReason),
    news: [life({ event: "resumed", detail: RESUMED[runReason] ?? "unpaused" })],
  };
};

/** With `guest` absent (QEMU before 4.0) nobody knows who ended it. */
const shutdownDetail = ({ data }: GuestEvent): "finished" | "guest" | "host" =>
  data["guest"] === undefined ? "finished" : data["guest"] === true ? "guest" : "host";

const shutDown: React = (event, facts) => {
  // after a panic QEMU powers off too; what is to be done is already decided
  if (facts.state.state === "shutdown" || facts.state.state === "crashed") return NOTHING;
  const told: Reaction = {
    state: domainState("shutdown", "unknown"),
    news: [life({ event: "shutdown", detail: shutdownDetail(event) })],
  };
  const sequel = shutdownSequel(event, facts);
  return sequel === undefined ? told : { ...told, sequel };
};

function shutdownSequel({ data }: GuestEvent, facts: LifeFacts): Sequel | undefined {
  const { actions, rebooting } = facts;
  if (data["guest"] === false && !rebooting) return end("shutdown"); // a signal, or `quit`
  // QEMU was told to make a power-off of each reset
  if (data["reason"] === "guest-reset") return end("shutdown");
  if (rebooting || actions.onPoweroff === "restart") return { do: "restart" };
  return actions.onPoweroff === "preserve" ? undefined : end("shutdown");
}

const reset: React = (event, { actions }) => {
  const told: Reaction = { news: [{ kind: "reboot" }] };
  const guestAsked = event.data["guest"] === true;
  return guestAsked && actions.onReboot === "destroy"
    ? { ...told, sequel: end("destroyed") }
    : told;
};

const panicked: React = (_event, { state, actions }) => {
  if (state.state === "crashed") return NOTHING;
  const told: Reaction = {
    state: domainState("crashed", "panicked"),
    news: [life({ event: "crashed", detail: "panicked" })],
    nextPause: "crashed",
  };
  switch (actions.onCrash) {
    case "destroy":
      return { ...told, sequel: end("crashed") };
    case "restart":
      return { ...told, sequel: { do: "restart" } };
    case "preserve":
      return told;
  }
};

const ioError: React = ({ data }) =>
  data["action"] === "stop" ? { news: [], nextPause: "ioError" } : NOTHING;

const watchdog: React = ({ data }) =>
  data["action"] === "pause" ? { news: [], nextPause: "watchdog" } : NOTHING;

const pmSuspended =
  (detail: "memory" | "disk"): React =>
  (_event, { state }) =>
    state.state === "running"
      ? {
          state: domainState("pmsuspended", "unknown"),
          news: [life({ event: "pmsuspended", detail })],
        }
      : NOTHING;

const wokenUp: React = (_event, { state }) =>
  state.state === "pmsuspended"
    ? {
        state: domainState("running", "wakeup"),
        news: [life({ event: "started", detail: "wakeup" })],
      }
    : NOTHING;

const REACTIONS: Readonly<Record<string, React>> = {
  STOP: stopped,
  RESUME: resumed,
  SHUTDOWN: shutDown,
  RESET: reset,
  GUEST_PANICKED: panicked,
  BLOCK_IO_ERROR: ioError,
  WATCHDOG: watchdog,
  SUSPEND: pmSuspended("memory"),
  SUSPEND_DISK: pmSuspended("disk"),
  WAKEUP: wokenUp,
};

export const reactToLifeEvent: React = (event, facts) =>
  REACTIONS[event.name]?.(event, facts) ?? NOTHING;

/** RPC procedures for QEMU's own events: of one domain or all, by name or pattern. */
import { explainError, virError } from "@vireo/model/error";
import type { MonitorEvent } from "@vireo/model/event";
import { qemu } from "@vireo/rpc/program/qemu";
import type { HandlersOf } from "@vireo/rpc/server-contract";
import type { EventBus } from "../../event/event-bus.ts";
import { connectionOf, driverFunction, type DoorSession, type DoorState } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { wireDomain } from "./wire.ts";

const FILTER = { regex: 1, nocase: 2 } as const;
/** Names of events are short, and a pattern is tried on each event. */
const PATTERN_LIMIT = 256;
const SUBSCRIPTIONS_LIMIT = 1000;

type Wants = (event: MonitorEvent) => boolean;

/** @throws VireoError `invalidArg` for a pattern that cannot be one */
function named(name: string, { regex, nocase }: { regex?: true; nocase?: true }): Wants {
  if (regex === true) {
    const pattern = compiled(name, nocase === true ? "i" : "");
    return (event) => pattern.test(event.name);
  }
  if (nocase === true) return (event) => event.name.toLowerCase() === name.toLowerCase();
  return (event) => event.name === name;
}

function compiled(pattern: string, flags: string): RegExp {
  const refused = (why: string) =>
    virError("invalidArg", `failed to compile regex '${pattern}': ${why}`);
  if (pattern.length > PATTERN_LIMIT) throw refused(`more than ${PATTERN_LIMIT} characters`);
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    throw refused(explainError(error));
  }
}

/** What one client asked for. */
class MonitorSubscriptions {
  readonly #session: DoorSession;
  readonly #unsubscribe: () => void;
  readonly #list = new Map<number, Wants>();
  #next = 0;

  constructor(session: DoorSession, bus: EventBus<MonitorEvent>) {
    this.#session = session;
    this.#unsubscribe = bus.subscribe((event) => this.#deliver(event));
    session.onClose(() => this.close());
  }

  add(wants: Wants): number {
    if (this.#list.size >= SUBSCRIPTIONS_LIMIT)
      throw virError("internalError", `more than ${SUBSCRIPTIONS_LIMIT} monitor event callbacks`);
    const callbackID = this.#next++;
    this.#list.set(callbackID, wants);
    return callbackID;
  }

  remove(callbackID: number): void {
    if (!this.#list.delete(callbackID))
      throw virError("internalError", `qemu monitor event callback ${callbackID} not registered`, {
        from: 7,
      });
  }

  #deliver(event: MonitorEvent): void {
    const { domain, name, timestampUs, details } = event;
    for (const [callbackID, wants] of this.#list)
      if (wants(event))
        this.#session.sendEvent(qemu, "domainMonitorEvent", {
          callbackID,
          dom: wireDomain(domain),
          event: name,
          seconds: BigInt(Math.floor(timestampUs / 1e6)),
          micros: timestampUs % 1e6,
          details: details ?? null,
        });
  }

  close(): void {
    this.#unsubscribe();
    this.#list.clear();
  }
}

const known = new WeakMap<DoorSession, MonitorSubscriptions>();

function subscriptions(session: DoorSession): MonitorSubscriptions {
  const before = known.get(session);
  if (before !== undefined) return before;
  const bus = connectionOf(session).events("monitor");
  if (bus === undefined) throw virError("noSupport", "virConnectDomainQemuMonitorEventRegister");
  const made = new MonitorSubscriptions(session, bus);
  known.set(session, made);
  return made;
}

export const qemuEventHandlers: Pick<
  HandlersOf<typeof qemu, DoorState>,
  "connectDomainMonitorEventRegister" | "connectDomainMonitorEventDeregister"
> = {
  connectDomainMonitorEventRegister: ({ dom, event, flags }, call) => {
    const name = driverFunction(call, "ConnectDomainQemuMonitorEventRegister");
    const how = readFlags(flags, FILTER, name);
    const isNamed: Wants = event === null ? () => true : named(event, how);
    const uuid = dom?.uuid;
    const callbackID = subscriptions(call.session).add(
      (one) => (uuid === undefined || one.domain.uuid === uuid) && isNamed(one),
    );
    return { callbackID };
  },
  connectDomainMonitorEventDeregister: ({ callbackID }, { session }) => {
    subscriptions(session).remove(callbackID);
  },
};

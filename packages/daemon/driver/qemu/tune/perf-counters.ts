/** The performance counters of the guests that run. They end with the daemon, and begin again at 0. */
import type { Perf } from "@vireo/model/domain/perf";
import { virError } from "@vireo/model/error";
import { isCountable, openCounter, type PerfCounter } from "../../../host/perf-counter.ts";
import type { ProcessIdentity } from "../../../host/process.ts";

type Event = NonNullable<Perf["events"]>[number];
const namesOf = (events: readonly Event[] = [], enabled = true): readonly string[] =>
  events.filter((one) => one.enabled === enabled).map(({ name }) => name);

export class PerfCounters {
  readonly #open = new Map<number, Map<string, PerfCounter>>();

  /** Begins what is enabled, ends what is not. @throws VireoError; then nothing new has begun */
  async set({ pid }: ProcessIdentity, events: readonly Event[] = []): Promise<void> {
    const own = this.#open.get(pid) ?? new Map<string, PerfCounter>();
    const begun = new Map<string, PerfCounter>();
    try {
      for (const name of namesOf(events)) {
        if (!isCountable(name))
          throw virError("argumentUnsupported", `unable to enable host cpu perf event for ${name}`);
        if (!own.has(name)) begun.set(name, await openCounter(pid, name));
      }
    } catch (error) {
      for (const counter of begun.values()) counter.close();
      throw error;
    }
    for (const name of namesOf(events, false)) {
      own.get(name)?.close();
      own.delete(name);
    }
    for (const [name, counter] of begun) own.set(name, counter);
    if (own.size > 0) this.#open.set(pid, own);
  }

  /** By the counters' names, in libvirt's order. */
  async read(
    process: ProcessIdentity,
    events: readonly Event[] = [],
  ): Promise<Readonly<Record<string, number>>> {
    // those of a guest that another daemon has started
    if (!this.#open.has(process.pid) && namesOf(events).length > 0)
      await this.set(process, events).catch(() => undefined); // what cannot be counted is not told
    const own = this.#open.get(process.pid);
    const figures = namesOf(events).flatMap((name) => {
      const counter = own?.get(name);
      return counter === undefined ? [] : [[name, counter.read()] as const];
    });
    return Object.fromEntries(figures);
  }

  drop({ pid }: ProcessIdentity): void {
    for (const counter of this.#open.get(pid)?.values() ?? []) counter.close();
    this.#open.delete(pid);
  }

  close(): void {
    for (const pid of this.#open.keys()) this.drop({ pid, startTime: 0 });
  }
}

/**
 * Filters in the tables of ebtables, iptables and ip6tables, in chains of libvirt's names: for
 * kernels whose nftables do not know the connections of bridged packets, and for who looks there.
 * Each table changes at once; when one cannot, all get back what they had.
 */
import { writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { explainError } from "@vireo/model/error";
import type { Logger } from "pino";
import {
  changeTable,
  droppingRules,
  type SavedTable,
  savedTable,
  type XtablesTool,
} from "../../host/xtables.ts";
import type { DroppedPackets } from "../contract.ts";
import type { FilterTable } from "./filter-table.ts";
import type { FilterBackend, InterfaceFilter } from "./interface-filter.ts";
import { withLearned } from "./learned-rules.ts";
import {
  interfaceLines,
  isChainOf,
  isThere,
  removalLines,
  sharedLines,
  sweepLines,
  TABLES,
  TOOLS,
} from "./xtables-interface.ts";

/** How soon an address is known to the rules after the guest used it. */
const LOOK_MS = 400;

/** Whether packets on bridges are shown to iptables; they are, once this is asked. */
async function showBridgedPackets(): Promise<void> {
  for (const one of ["iptables", "ip6tables"])
    await writeFile(`/proc/sys/net/bridge/bridge-nf-call-${one}`, "1").catch(() => undefined);
}

const saved = (tool: XtablesTool): Promise<SavedTable> => savedTable(tool, TABLES[tool]);
const change = (tool: XtablesTool, lines: readonly string[]): Promise<void> =>
  changeTable(tool, TABLES[tool], lines);

interface Entry {
  readonly filter: InterfaceFilter;
  readonly learned: readonly string[];
}

const linesOf = ({ filter, learned }: Entry, tool: XtablesTool): readonly string[] =>
  interfaceLines(withLearned(filter, learned), tool);

export class XtablesBackend implements FilterBackend {
  readonly #entries = new Map<string, Entry>();
  readonly #learning: FilterTable;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(learning: FilterTable, log: Logger) {
    this.#learning = learning;
    this.#log = log;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Changes only the tables in which something is to be different. */
  async #put(entries: readonly Entry[]): Promise<void> {
    for (const tool of TOOLS) {
      const changed = entries.filter(
        (entry) => !isDeepStrictEqual(linesOf(entry, tool), this.#linesNow(entry, tool)),
      );
      if (changed.length === 0) continue;
      const now = await saved(tool);
      const lines = changed.flatMap((entry) => [
        ...removalLines(entry.filter.dev, tool, now),
        ...linesOf(entry, tool),
      ]);
      const needsShared = lines.some((line) => line.startsWith("-A libvirt-in "));
      await change(tool, [...(needsShared ? sharedLines(tool, now) : []), ...lines]);
    }
  }

  /** What the interface is known to have; nothing is known of one that is new. */
  #linesNow({ filter }: Entry, tool: XtablesTool): readonly string[] | undefined {
    const entry = this.#entries.get(filter.dev);
    return entry && linesOf(entry, tool);
  }

  /** All or none: what was is put back when something cannot be had. */
  async #change(wanted: readonly Entry[]): Promise<void> {
    const devs = wanted.map(({ filter }) => filter.dev);
    try {
      await this.#put(wanted);
    } catch (error) {
      const before = devs.flatMap((dev) => this.#entries.get(dev) ?? []);
      const fresh = devs.filter((dev) => !this.#entries.has(dev));
      for (const dev of devs) this.#entries.delete(dev); // nothing is known by now
      await this.#put(before).catch(() => undefined);
      for (const entry of before) this.#entries.set(entry.filter.dev, entry);
      for (const dev of fresh) await this.#away(dev).catch(() => undefined);
      throw error;
    }
    for (const entry of wanted) this.#entries.set(entry.filter.dev, entry);
  }

  /** With the addresses that are known of each; those who are new begin to be listened to. */
  async #listen(filters: readonly InterfaceFilter[]): Promise<readonly Entry[]> {
    const isNew = ({ dev, learning }: InterfaceFilter): boolean =>
      !isDeepStrictEqual(learning, this.#entries.get(dev)?.filter.learning);
    const fresh = filters.filter((one) => one.learning !== undefined && isNew(one));
    await this.#learning.learn(fresh);
    const heard = fresh.length === 0 ? undefined : await this.#learning.learned();
    return filters.map((filter) => {
      const known = this.#entries.get(filter.dev)?.learned ?? [];
      return { filter, learned: heard?.get(filter.dev) ?? known };
    });
  }

  replace(filters: readonly InterfaceFilter[]): Promise<void> {
    return this.#inTurn(async () => {
      await showBridgedPackets();
      await this.#change(await this.#listen(filters));
      this.#watch();
    });
  }

  async #away(dev: string): Promise<void> {
    for (const tool of TOOLS) {
      await change(tool, removalLines(dev, tool, await saved(tool)));
      await change(tool, sweepLines(tool, await saved(tool)));
    }
  }

  remove(dev: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#away(dev);
      await this.#learning.remove(dev);
      this.#entries.delete(dev);
      this.#watch();
    });
  }

  missing(devs: readonly string[]): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      const gone = new Set<string>();
      for (const tool of TOOLS) {
        const now = await saved(tool);
        for (const dev of devs) {
          const entry = this.#entries.get(dev);
          if (entry === undefined || !isThere(linesOf(entry, tool), now)) gone.add(dev);
        }
      }
      for (const dev of gone) this.#entries.delete(dev); // all of it is made again
      return [...gone];
    });
  }

  async dropped(dev: string): Promise<readonly DroppedPackets[]> {
    const all: DroppedPackets[] = [];
    for (const tool of TOOLS)
      for (const { chain, text, packets } of await droppingRules(tool, TABLES[tool]))
        if (isChainOf(dev, tool)(chain)) all.push({ rule: `${tool}, ${chain}: ${text}`, packets });
    return all;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#last;
  }

  /** Looks for addresses while there are guests whose addresses may still come. */
  #watch(): void {
    const learns = [...this.#entries.values()].some(({ filter }) => filter.learning !== undefined);
    if (learns === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = learns ? setInterval(() => this.#look(), LOOK_MS).unref() : undefined;
  }

  #look(): void {
    void this.#inTurn(async () => {
      const known = await this.#learning.learned();
      const changed = [...this.#entries.values()].flatMap(({ filter, learned }) => {
        const now = known.get(filter.dev) ?? [];
        return now.every((one) => learned.includes(one)) ? [] : [{ filter, learned: now }];
      });
      if (changed.length > 0) await this.#change(changed);
    }).catch((error: unknown) =>
      this.#log.warn(`packet filter: learned addresses are not in force: ${explainError(error)}`),
    );
  }
}

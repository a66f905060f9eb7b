/**
 * Filters in the tables of ebtables, iptables and ip6tables, in chains of libvirt's names: for
 * kernels whose nftables do not know the connections of bridged packets, and for who looks there.
 * Each table changes at once; when one cannot, all get back what they had.
 */
import { writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import {
  changeTable,
  droppingRules,
  type SavedTable,
  savedTable,
  type XtablesTool,
} from "../../host/xtables.ts";
import type { DroppedPackets } from "../contract.ts";
import type { FilterTable } from "./filter-table.ts";
import type { FilterBackend, Heard, InterfaceFilter } from "./interface-filter.ts";
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
const HEAR_MS = 400;

/** Whether packets on bridges are shown to iptables; they are, once this is asked. */
async function showBridgedPackets(): Promise<void> {
  for (const one of ["iptables", "ip6tables"])
    await writeFile(`/proc/sys/net/bridge/bridge-nf-call-${one}`, "1").catch(() => undefined);
}

const saved = (tool: XtablesTool): Promise<SavedTable> => savedTable(tool, TABLES[tool]);
const change = (tool: XtablesTool, lines: readonly string[]): Promise<void> =>
  changeTable(tool, TABLES[tool], lines);

const linesOf = (filter: InterfaceFilter, tool: XtablesTool): readonly string[] =>
  interfaceLines(withLearned(filter), tool);

export class XtablesBackend implements FilterBackend {
  readonly hearMs = HEAR_MS;
  readonly #entries = new Map<string, InterfaceFilter>();
  readonly #learning: FilterTable;
  #last: Promise<unknown> = Promise.resolve();

  constructor(learning: FilterTable) {
    this.#learning = learning;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Changes only the tables in which something is to be different. */
  async #put(entries: readonly InterfaceFilter[]): Promise<void> {
    for (const tool of TOOLS) {
      const changed = entries.filter(
        (entry) => !isDeepStrictEqual(linesOf(entry, tool), this.#linesNow(entry, tool)),
      );
      if (changed.length === 0) continue;
      const now = await saved(tool);
      const lines = changed.flatMap((entry) => [
        ...removalLines(entry.dev, tool, now),
        ...linesOf(entry, tool),
      ]);
      const needsShared = lines.some((line) => line.startsWith("-A libvirt-in "));
      await change(tool, [...(needsShared ? sharedLines(tool, now) : []), ...lines]);
    }
  }

  /** What the interface is known to have; nothing is known of one that is new. */
  #linesNow({ dev }: InterfaceFilter, tool: XtablesTool): readonly string[] | undefined {
    const entry = this.#entries.get(dev);
    return entry && linesOf(entry, tool);
  }

  /** All or none: what was is put back when something cannot be had. */
  async #change(wanted: readonly InterfaceFilter[]): Promise<void> {
    const devs = wanted.map(({ dev }) => dev);
    try {
      await this.#put(wanted);
    } catch (error) {
      const before = devs.flatMap((dev) => this.#entries.get(dev) ?? []);
      const fresh = devs.filter((dev) => !this.#entries.has(dev));
      for (const dev of devs) this.#entries.delete(dev); // nothing is known by now
      await this.#put(before).catch(() => undefined);
      for (const entry of before) this.#entries.set(entry.dev, entry);
      for (const dev of fresh) {
        await this.#away(dev).catch(() => undefined);
        await this.#learning.remove(dev).catch(() => undefined);
      }
      throw error;
    }
    for (const entry of wanted) this.#entries.set(entry.dev, entry);
  }

  replace(filters: readonly InterfaceFilter[]): Promise<void> {
    return this.#inTurn(async () => {
      await showBridgedPackets();
      await this.#learning.learn(filters.filter(({ learning }) => learning !== undefined));
      const learned = filters.filter(
        ({ dev, learning }) => learning === undefined && this.#mayLearn(dev),
      );
      await this.#change(filters);
      for (const { dev } of learned) await this.#learning.remove(dev);
    });
  }

  /** Whether addresses were learned until now; nobody knows of one that is new. */
  #mayLearn(dev: string): boolean {
    const entry = this.#entries.get(dev);
    return entry === undefined || entry.learning !== undefined;
  }

  heard(): Promise<ReadonlyMap<string, Heard>> {
    return this.#learning.heard();
  }

  readdress(filter: InterfaceFilter, gone: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#change([filter]);
      await this.#learning.readdress(filter, gone);
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
      const learning = devs.filter((dev) => this.#entries.get(dev)?.learning !== undefined);
      for (const dev of await this.#learning.missing(learning)) gone.add(dev);
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
    await this.#last;
  }
}

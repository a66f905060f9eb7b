/**
 * Packet filters on disk.
 *
 *     etc/nwfilter/NAME.xml        a filter; the standard ones too, once they were made
 *     run/nwfilter-binding/IF.xml  which filter is in force on an interface
 *     run/nwfilter-binding/IF.json the addresses that were learned of its guest
 */
import { existsSync } from "node:fs";
import { isIPv4 } from "node:net";
import { join } from "node:path";
import {
  formatNwFilter,
  formatNwFilterBinding,
  type NwFilter,
  type NwFilterBinding,
  parseNwFilter,
  parseNwFilterBinding,
} from "@vireo/model/nwfilter/nwfilter";
import { STANDARD_FILTERS } from "@vireo/model/nwfilter/standard-filters";
import {
  readTextIfThere,
  removeIfThere,
  removeKept,
  writeFileAtomically,
} from "../../host/file.ts";
import type { Paths } from "../../host/paths.ts";
import {
  definitionFile,
  prepareDirectories,
  readDefinitions,
  type Report,
} from "../../state/definition-store.ts";
import { newUuid } from "../../state/new-uuid.ts";
import type { LearnedBy } from "./learned-addresses.ts";

/** A filter's name may hold anything but what ends a file's name. */
const fileOf = (directory: string, name: string): string =>
  definitionFile(directory, name.replaceAll("/", "%2F"));

function learnedFrom(read: unknown): LearnedBy | undefined {
  if (typeof read !== "object" || read === null) return undefined;
  const { mode, mac, addresses } = read as Partial<LearnedBy>; // looked at field by field
  if ((mode !== "any" && mode !== "dhcp") || typeof mac !== "string") return undefined;
  const given = Object.entries(addresses ?? {}).filter(
    ([address, until]) => isIPv4(address) && (until === null || Number.isFinite(until)),
  );
  return { mode, mac, addresses: Object.fromEntries(given) };
}

export class FilterStore {
  readonly #filters: string;
  readonly #bindings: string;

  constructor({ etc, run }: Pick<Paths, "etc" | "run">) {
    this.#filters = join(etc, "nwfilter");
    this.#bindings = join(run, "nwfilter-binding");
  }

  /** @throws VireoError `systemError` */
  async save(filter: NwFilter): Promise<void> {
    const path = fileOf(this.#filters, filter.name);
    await writeFileAtomically(path, formatNwFilter(filter), { keepPrevious: true });
  }

  async remove(name: string): Promise<void> {
    await removeKept(fileOf(this.#filters, name));
  }

  async saveBinding(dev: string, binding: NwFilterBinding): Promise<void> {
    const path = fileOf(this.#bindings, dev);
    await writeFileAtomically(path, formatNwFilterBinding(binding), { durable: false });
  }

  async removeBinding(dev: string): Promise<void> {
    await removeIfThere(fileOf(this.#bindings, dev));
    await removeIfThere(this.#learnedFile(dev));
  }

  #learnedFile(dev: string): string {
    return join(this.#bindings, `${dev}.json`);
  }

  async saveLearned(dev: string, learned: LearnedBy): Promise<void> {
    const text = `${JSON.stringify(learned)}\n`;
    await writeFileAtomically(this.#learnedFile(dev), text, { durable: false });
  }

  /** What is no such file is as if there were none: addresses are learned again. */
  async loadLearned(dev: string): Promise<LearnedBy | undefined> {
    const text = await readTextIfThere(this.#learnedFile(dev));
    try {
      return text === undefined ? undefined : learnedFrom(JSON.parse(text));
    } catch {
      return undefined;
    }
  }

  /** All filters; on a host that never had any the standard ones are made. */
  async load(report: Report): Promise<readonly NwFilter[]> {
    const isNew = !existsSync(this.#filters);
    await prepareDirectories([this.#filters, this.#bindings]);
    if (isNew)
      for (const filter of STANDARD_FILTERS) await this.save({ ...filter, uuid: newUuid() });
    const parse = (text: string): NwFilter => parseNwFilter(text, newUuid);
    return [...(await readDefinitions(this.#filters, parse, report)).values()];
  }

  async loadBindings(report: Report): Promise<readonly NwFilterBinding[]> {
    return [...(await readDefinitions(this.#bindings, parseNwFilterBinding, report)).values()];
  }
}

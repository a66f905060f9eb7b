/**
 * Packet filters on disk.
 *
 *     etc/nwfilter/NAME.xml        a filter; the standard ones too, once they were made
 *     run/nwfilter-binding/IF.xml  which filter is in force on an interface
 */
import { existsSync } from "node:fs";
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
import { removeIfThere, removeKept, writeFileAtomically } from "../../host/file.ts";
import type { Paths } from "../../host/paths.ts";
import {
  definitionFile,
  prepareDirectories,
  readDefinitions,
  type Report,
} from "../../state/definition-store.ts";
import { newUuid } from "../../state/new-uuid.ts";

/** A filter's name may hold anything but what ends a file's name. */
const fileOf = (directory: string, name: string): string =>
  definitionFile(directory, name.replaceAll("/", "%2F"));

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

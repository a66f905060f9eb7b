/**
 * Domains on disk.
 *
 *     etc/qemu/NAME.xml             the definition; etc/qemu/.prev/NAME.xml the one before
 *     etc/qemu/.history/NAME/       those before that, see definition-history
 *     etc/qemu/autostart/NAME.xml   link to it: start with the host
 *     run/qemu/NAME.xml             status while active; run/qemu/.prev/NAME.xml the one before
 *     run/autostarted               boot of the host whose autostart is done
 *
 * A file that is not whole is never believed: the revision before it serves. When that is damaged
 * too, the file stays where it is and is reported at each start, until somebody defines the domain
 * anew (then it becomes the previous revision, so nothing is ever lost).
 */
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import { parseXml } from "@vireo/model/xml/parse-xml";
import {
  listDirectory,
  readTextIfThere,
  removeIfThere,
  removeKept,
  writeFileAtomically,
} from "../host/file.ts";
import type { Paths } from "../host/paths.ts";
import { isMarked, mark, removeDangling } from "./autostart-link.ts";
import { formatStatus, parseStatus, type DomainStatus } from "./domain-status.ts";
import { DefinitionHistory } from "./definition-history.ts";
import { readKept } from "./kept-file.ts";

export interface StoredDefinition {
  readonly name: string;
  readonly xml: string;
  readonly autostart: boolean;
}

/** A file that was not whole. */
export interface Damage {
  readonly path: string;
  readonly name: string;
  readonly what: "definition" | "status";
  /** Whether the previous revision serves instead. */
  readonly recovered: boolean;
  readonly fault: unknown;
}

export interface StoredDomains {
  readonly definitions: readonly StoredDefinition[];
  readonly statuses: readonly DomainStatus[];
  readonly damages: readonly Damage[];
}

const SUFFIX = ".xml";

export class DomainStore {
  readonly #paths: Paths;
  /** What definitions were before. */
  readonly history: DefinitionHistory;

  constructor(paths: Paths) {
    this.#paths = paths;
    this.history = new DefinitionHistory(paths.definitions);
  }

  definitionPath(name: string): string {
    return join(this.#paths.definitions, `${name}${SUFFIX}`);
  }

  statusPath(name: string): string {
    return join(this.#paths.status, `${name}${SUFFIX}`);
  }

  #autostartPath(name: string): string {
    return join(this.#paths.autostart, `${name}${SUFFIX}`);
  }

  /** @throws VireoError `systemError` */
  async saveDefinition(name: string, xml: string): Promise<void> {
    await this.history.keep(name, xml);
    await writeFileAtomically(this.definitionPath(name), xml, { keepPrevious: true });
    await this.history.sign(name);
  }

  /** A crash in between leaves a mark of nothing, which `load` clears away. */
  async removeDefinition(name: string): Promise<void> {
    await removeKept(this.definitionPath(name));
    await this.history.forget(name);
    await removeIfThere(this.#autostartPath(name));
  }

  /**
   * Gives a definition another name; `xml` already carries it. The new file is whole before the
   * old one goes, so that a crash in between leaves both, never none.
   */
  async renameDefinition(from: string, to: { name: string; xml: string }): Promise<void> {
    const autostart = await this.autostart(from);
    await this.saveDefinition(to.name, to.xml);
    if (autostart) await this.setAutostart(to.name, true);
    await this.history.rename(from, to.name);
    await this.removeDefinition(from);
  }

  /**
   * Not synced to disk: the file must survive the daemon, which the kernel's cache does, and is
   * void after a reboot or power cut.
   */
  async saveStatus(status: DomainStatus): Promise<void> {
    await writeFileAtomically(this.statusPath(status.name), formatStatus(status), {
      keepPrevious: true,
      durable: false,
    });
  }

  async removeStatus(name: string): Promise<void> {
    await removeKept(this.statusPath(name), { durable: false });
  }

  async autostart(name: string): Promise<boolean> {
    return isMarked(this.#autostartPath(name));
  }

  async setAutostart(name: string, wanted: boolean): Promise<void> {
    const path = this.#autostartPath(name);
    await (wanted ? mark(path, this.definitionPath(name)) : removeIfThere(path));
  }

  /** Whether autostart is already done in this boot of the host. */
  async autostartIsDone(bootId: string): Promise<boolean> {
    return (await readTextIfThere(this.#paths.autostarted))?.trim() === bootId;
  }

  async markAutostartDone(bootId: string): Promise<void> {
    await writeFileAtomically(this.#paths.autostarted, `${bootId}\n`, { durable: false });
  }

  /** Everything that is stored. One bad file harms no other. */
  async load(): Promise<StoredDomains> {
    const { definitions, status } = this.#paths;
    const damages: Damage[] = [];
    await removeDangling(this.#paths.autostart);
    const [defined, active] = await Promise.all([
      this.#loadAll(definitions, { what: "definition", damages, parse: parseDefinition }),
      this.#loadAll(status, { what: "status", damages, parse: parseNamedStatus }),
    ]);
    const stored = defined.map(async ({ name, value }) => ({
      name,
      xml: value,
      autostart: await this.autostart(name),
    }));
    return {
      definitions: await Promise.all(stored),
      statuses: active.map(({ value }) => value),
      damages,
    };
  }

  async #loadAll<T>(
    directory: string,
    { what, damages, parse }: Loading<T>,
  ): Promise<readonly { name: string; value: T }[]> {
    const files = (await listDirectory(directory)).filter((file) => file.endsWith(SUFFIX));
    const loaded = files.map(async (file) => {
      const path = join(directory, file);
      const name = file.slice(0, -SUFFIX.length);
      const kept = await readKept(path, (text) => parse(text, name));
      if (kept === undefined) return [];
      const recovered = kept.from !== "nowhere";
      if (kept.from !== "present") damages.push({ path, name, what, recovered, fault: kept.fault });
      return recovered ? [{ name, value: kept.value }] : [];
    });
    return (await Promise.all(loaded)).flat();
  }
}

interface Loading<T> {
  readonly what: Damage["what"];
  readonly damages: Damage[];
  readonly parse: (text: string, name: string) => T;
}

/** Only that the text is a whole definition of the right domain; what it means is the driver's. */
function parseDefinition(text: string, name: string): string {
  const root = parseXml(text);
  const written = root.children.find((child) => child.name === "name")?.text.trim();
  if (root.name === "domain" && written === name) return text;
  const found = written === undefined ? "nameless" : `of '${written}'`;
  throw virError("parseFailed", undefined, {
    message: `Expected the definition of '${name}', found <${root.name}> ${found}`,
  });
}

function parseNamedStatus(text: string, name: string): DomainStatus {
  const status = parseStatus(text);
  if (status.name === name) return status;
  throw virError("parseFailed", undefined, {
    message: `Expected the status of '${name}', found that of '${status.name}'`,
  });
}

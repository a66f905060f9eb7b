/** The host's interfaces: what is there is read from the kernel, what is defined from its keeper's files. */
import { networkInterfaces } from "node:os";
import type { Logger } from "pino";
import { explainError, virError, type VireoError } from "@vireo/model/error";
import {
  formatHostInterface,
  type HostInterface,
  namesWithin,
  parseHostInterface,
} from "@vireo/model/node/host-interface";
import type { HostInterfaceRef, HostInterfaceSummary } from "@vireo/model/operation/host-interface";
import { bootId } from "../../host/boot-id.ts";
import type { Paths } from "../../host/paths.ts";
import { HostKeepers, type InterfaceRoots } from "./host-keepers.ts";
import { changedNames, InterfaceChange } from "./interface-change.ts";
import { InterfaceFiles } from "./interface-files.ts";
import type { Files, InterfaceKeeper } from "./keeper.ts";
import { LiveInterfaces } from "./live-interface.ts";

/** As every keeper can hold it. */
const NAME = /^[A-Za-z0-9_.:-]{1,15}$/;

const invalid = (detail: string): VireoError => virError("operationInvalid", detail);

/** What an interface gives itself. */
const LINK_LOCAL = /^(fe[89ab]|169\.254\.)/i;

const NONE: Files = new Map();

/** A card that somebody has set up by hand is not to lose its addresses to a bridge that knows none. */
function mustKeepAddresses(keeper: InterfaceKeeper, files: Files, wanted: HostInterface): void {
  if ((wanted.protocols ?? []).length > 0) return;
  for (const name of namesWithin(wanted).slice(1)) {
    const lost = networkInterfaces()[name]?.find(({ address }) => !LINK_LOCAL.test(address));
    if (lost === undefined || keeper.read(files, name) !== undefined) continue;
    throw invalid(
      `'${name}' would lose its address ${lost.address}, which ${keeper.name} does not know: define it, or give the address to '${wanted.name}'`,
    );
  }
}

export class HostInterfaces {
  readonly change: InterfaceChange;
  readonly #keepers: HostKeepers;
  readonly #live: LiveInterfaces;
  readonly #files: InterfaceFiles;
  readonly #log: Logger;
  #last: Promise<unknown> = Promise.resolve();

  constructor(roots: InterfaceRoots, { lib }: Pick<Paths, "lib">, log: Logger) {
    this.#log = log;
    this.#keepers = new HostKeepers(roots);
    this.#live = new LiveInterfaces(roots.net);
    this.#files = new InterfaceFiles(lib, log);
    this.change = new InterfaceChange({
      lib,
      log,
      keepers: this.#keepers,
      live: this.#live,
      files: this.#files,
      inTurn: (work) => this.inTurn(work),
    });
  }

  /** Does `work` after everything asked before. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #kept(): Promise<{ readonly keeper: InterfaceKeeper | undefined; readonly files: Files }> {
    const keeper = await this.#keepers.find();
    return { keeper, files: (await keeper?.files()) ?? NONE };
  }

  async #definedNames(): Promise<readonly string[]> {
    const { keeper, files } = await this.#kept();
    return keeper?.names(files) ?? [];
  }

  async #summary(name: string): Promise<HostInterfaceSummary> {
    const [mac, active] = await Promise.all([this.#live.mac(name), this.#live.isUp(name)]);
    return { name, mac, active };
  }

  async list(): Promise<readonly HostInterfaceSummary[]> {
    const names = new Set([...(await this.#live.names()), ...(await this.#definedNames())]);
    return Promise.all([...names].toSorted().map((name) => this.#summary(name)));
  }

  /** @throws VireoError `noInterface` */
  async find(ref: HostInterfaceRef): Promise<HostInterfaceSummary> {
    if ("name" in ref) {
      const { name } = ref;
      const there = NAME.test(name) && (await this.#live.has(name));
      if (there || (await this.#definedNames()).includes(name)) return this.#summary(name);
      throw virError("noInterface", `couldn't find interface named '${name}'`);
    }
    const found = (await this.list()).find(({ mac }) => mac === ref.mac.toLowerCase());
    if (found !== undefined) return found;
    throw virError("noInterface", `couldn't find interface with MAC address '${ref.mac}'`);
  }

  async xml(ref: HostInterfaceRef, inactive: boolean): Promise<string> {
    const { name } = await this.find(ref);
    const there = await this.#live.has(name);
    const { keeper, files } = await this.#kept();
    const defined = inactive || !there ? keeper?.read(files, name) : undefined;
    return formatHostInterface(defined ?? (await this.#live.read(name)));
  }

  async define(xml: string): Promise<HostInterfaceSummary> {
    const wanted = parseHostInterface(xml);
    const names = namesWithin(wanted);
    const odd = names.find((one) => !NAME.test(one));
    if (odd !== undefined)
      throw virError("xmlError", `'${odd}' is no name of an interface that a file can hold`);
    const keeper = await this.#keepers.get();
    const files = await keeper.files();
    this.#mustBeFree(keeper, files, wanted);
    mustKeepAddresses(keeper, files, wanted);
    await this.#replace(keeper, files, keeper.define(files, wanted));
    return this.#summary(wanted.name ?? "");
  }

  /** Each interface is part of one definition. */
  #mustBeFree(keeper: InterfaceKeeper, files: Files, wanted: HostInterface): void {
    const names = namesWithin(wanted);
    for (const other of keeper.names(files)) {
      const defined = names.includes(other) ? undefined : keeper.read(files, other);
      const shared = namesWithin(defined ?? { type: "ethernet" }).find((one) =>
        names.includes(one),
      );
      if (shared !== undefined)
        throw invalid(`interface '${shared}' is part of '${other}': undefine that first`);
    }
  }

  async #replace(keeper: InterfaceKeeper, now: Files, next: Files): Promise<void> {
    const gone = changedNames(keeper, now, next).flatMap((name) => {
      const before = keeper.read(now, name);
      return before === undefined ? [] : namesWithin(before);
    });
    const up = await Promise.all(gone.map((name) => this.#live.isUp(name)));
    await keeper.leave(
      now,
      gone.filter((_, at) => up[at]),
    );
    await this.#files.change(keeper, now, next);
  }

  async undefine(ref: HostInterfaceRef): Promise<void> {
    const keeper = await this.#keepers.get();
    const { name, active } = await this.find(ref);
    const files = await keeper.files();
    const defined = this.#definition(keeper, files, name);
    await this.#replace(keeper, files, keeper.undefine(files, name));
    if (!active && defined.type !== "ethernet") await keeper.forget(name);
  }

  /** @throws VireoError `operationInvalid` */
  #definition(keeper: InterfaceKeeper, files: Files, name: string): HostInterface {
    const defined = keeper.read(files, name);
    if (defined !== undefined) return defined;
    throw invalid(`interface '${name}' is not defined by ${keeper.name}`);
  }

  async start(ref: HostInterfaceRef): Promise<void> {
    const { name, active } = await this.find(ref);
    if (active && (await (await this.#keepers.get()).hasSetUp(name)))
      throw invalid("interface is already running");
    await this.#setUp("start", name);
  }

  async destroy(ref: HostInterfaceRef): Promise<void> {
    const { name, active } = await this.find(ref);
    if (!active) throw invalid("interface is not running");
    await this.#setUp("stop", name);
  }

  /** A daemon that dies in between does it again at its next start. */
  async #setUp(kind: "start" | "stop", name: string): Promise<void> {
    const keeper = await this.#keepers.get();
    const defined = this.#definition(keeper, await keeper.files(), name);
    await this.change.touch(keeper, namesWithin(defined));
    await this.#files.work.write({ kind, name, boot: await bootId() });
    try {
      await keeper[kind](defined);
    } finally {
      await this.#files.work.remove();
    }
  }

  async begin(seconds?: number): Promise<void> {
    await this.change.begin(await this.#keepers.get(), seconds);
  }

  /** Files are whole when it resolves; what takes longer is done before everything asked afterwards. */
  async recover(): Promise<void> {
    const work = await this.#files.recover(this.#keepers.all);
    if (work !== undefined)
      if (work.boot === (await bootId())) this.#finish(work.kind, work.name);
      else await this.#files.work.remove();
    await this.change.recover();
  }

  #finish(kind: "start" | "stop", name: string): void {
    this.#log.warn(`finishing the ${kind} of interface ${name}`);
    void this.inTurn(() => this.#setUp(kind, name)).catch(async (error: unknown) => {
      this.#log.error(explainError(error));
      await this.#files.work.remove();
    });
  }
}

/**
 * The driver of the host's own interfaces. What is there is read from the kernel; what is defined
 * stands in ifupdown's file, and ifupdown does what is to be done. A change that was begun and
 * neither kept nor taken back before the host starts again is taken back.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { explainError, isError, virError, type VireoError } from "@vireo/model/error";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import {
  formatHostInterface,
  type HostInterface,
  parseHostInterface,
} from "@vireo/model/node/host-interface";
import type { HostInterfaceRef, HostInterfaceSummary } from "@vireo/model/operation/host-interface";
import { bootId } from "../../host/boot-id.ts";
import { execProgram } from "../../host/exec.ts";
import { readTextIfThere, removeIfThere, writeFileAtomically } from "../../host/file.ts";
import type { Paths } from "../../host/paths.ts";
import { schemaObjection } from "../../host/xml-schema.ts";
import type { Driver, Role } from "../contract.ts";
import {
  definedNames,
  hasSources,
  interfaceText,
  readInterface,
  removeInterfaces,
} from "./interfaces-file.ts";
import { LiveInterfaces } from "./live-interface.ts";

export interface InterfaceRoots {
  /** ifupdown's file. */
  readonly interfaces: string;
  /** Where the kernel shows interfaces. */
  readonly net: string;
  /** Directories whose presence tells who else sets the interfaces up. */
  readonly others: Readonly<Record<string, string>>;
}

const HOST_ROOTS: InterfaceRoots = {
  interfaces: "/etc/network/interfaces",
  net: "/sys/class/net",
  others: {
    "/run/NetworkManager": "NetworkManager",
    "/run/systemd/netif": "systemd-networkd",
  },
};

/** As ifupdown's file can hold it. */
const NAME = /^[A-Za-z0-9_.:-]{1,15}$/;
const SETUP_MS = 60_000;

const invalid = (detail: string): VireoError => virError("operationInvalid", detail);

/** All interfaces that a definition is about: a bridge's ports, a bond's too. */
function namesWithin({ name, bridge, bond }: HostInterface): readonly string[] {
  const inside = [...(bridge?.interfaces ?? []), ...(bond?.interfaces ?? [])];
  return [...(name === undefined ? [] : [name]), ...inside.flatMap(namesWithin)];
}

class HostInterfaces {
  readonly #roots: InterfaceRoots;
  readonly #live: LiveInterfaces;
  /** What was defined when the change began, and in which boot of the host. */
  readonly #before: string;
  readonly #beforeBoot: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(roots: InterfaceRoots, { lib }: Pick<Paths, "lib">) {
    this.#roots = roots;
    this.#live = new LiveInterfaces(roots.net);
    this.#before = join(lib, "interfaces.before");
    this.#beforeBoot = join(lib, "interfaces.before.boot");
  }

  /** Does `work` after everything asked before. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #defined(): Promise<string> {
    return (await readTextIfThere(this.#roots.interfaces)) ?? "";
  }

  async #summary(name: string): Promise<HostInterfaceSummary> {
    const [mac, active] = await Promise.all([this.#live.mac(name), this.#live.isUp(name)]);
    return { name, mac, active };
  }

  async list(): Promise<readonly HostInterfaceSummary[]> {
    const names = new Set([...(await this.#live.names()), ...definedNames(await this.#defined())]);
    return Promise.all([...names].toSorted().map((name) => this.#summary(name)));
  }

  /** @throws VireoError `noInterface` */
  async find(ref: HostInterfaceRef): Promise<HostInterfaceSummary> {
    if ("name" in ref) {
      const { name } = ref;
      const there = NAME.test(name) && (await this.#live.has(name));
      if (there || definedNames(await this.#defined()).includes(name)) return this.#summary(name);
      throw virError("noInterface", `couldn't find interface named '${name}'`);
    }
    const found = (await this.list()).find(({ mac }) => mac === ref.mac.toLowerCase());
    if (found !== undefined) return found;
    throw virError("noInterface", `couldn't find interface with MAC address '${ref.mac}'`);
  }

  async xml(ref: HostInterfaceRef, inactive: boolean): Promise<string> {
    const { name } = await this.find(ref);
    const there = await this.#live.has(name);
    const defined = inactive || !there ? readInterface(await this.#defined(), name) : undefined;
    return formatHostInterface(defined ?? (await this.#live.read(name)));
  }

  /** @throws VireoError `operationUnsupported` when somebody else sets the interfaces up here */
  #mustBeOurs(): void {
    const { interfaces, others } = this.#roots;
    if (existsSync(interfaces)) return;
    const [, other] = Object.entries(others).find(([path]) => existsSync(path)) ?? [];
    throw virError(
      "operationUnsupported",
      other === undefined
        ? `interfaces of this host cannot be changed: there is no '${interfaces}'`
        : `interfaces of this host are set up by ${other}; only those of ifupdown ('${interfaces}') can be changed`,
    );
  }

  async #write(text: string): Promise<void> {
    await writeFileAtomically(this.#roots.interfaces, text, { mode: 0o644 });
  }

  async define(xml: string): Promise<HostInterfaceSummary> {
    this.#mustBeOurs();
    const wanted = parseHostInterface(xml);
    const { name = "" } = wanted;
    const names = namesWithin(wanted);
    if (names.length === 0 || !names.every((one) => NAME.test(one)))
      throw virError("xmlError", "interface has no name, or one that ifupdown cannot hold");
    // a port is set up with its bridge and has no stanza of its own
    const others = removeInterfaces(await this.#defined(), names);
    await this.#write(`${others}${others === "" ? "" : "\n"}${interfaceText(name, wanted)}`);
    return this.#summary(name);
  }

  async undefine(ref: HostInterfaceRef): Promise<void> {
    this.#mustBeOurs();
    const { name } = await this.find(ref);
    const text = await this.#defined();
    await this.#mustBeDefined(name);
    await this.#write(removeInterfaces(text, [name]));
  }

  async #mustBeDefined(name: string): Promise<void> {
    const text = await this.#defined();
    if (definedNames(text).includes(name)) return;
    const elsewhere = hasSources(text) ? ", though perhaps in a file that it sources" : "";
    throw invalid(`interface '${name}' is not defined in '${this.#roots.interfaces}'${elsewhere}`);
  }

  async #run(program: "ifup" | "ifdown", name: string): Promise<void> {
    this.#mustBeOurs();
    await this.#mustBeDefined(name);
    const args = ["--force", `--interfaces=${this.#roots.interfaces}`, name];
    await execProgram(program, args, { timeoutMs: SETUP_MS }).catch((error: unknown) => {
      throw isError(error, "systemError")
        ? virError("operationFailed", `${program} cannot be run: is ifupdown installed?`)
        : error;
    });
  }

  async start(ref: HostInterfaceRef): Promise<void> {
    const { name, active } = await this.find(ref);
    if (active) throw invalid("interface is already running");
    await this.#run("ifup", name);
  }

  async destroy(ref: HostInterfaceRef): Promise<void> {
    const { name, active } = await this.find(ref);
    if (!active) throw invalid("interface is not running");
    await this.#run("ifdown", name);
  }

  async begin(): Promise<void> {
    this.#mustBeOurs();
    if (existsSync(this.#before)) throw invalid("there is already a transaction running.");
    await writeFileAtomically(this.#beforeBoot, await bootId());
    await writeFileAtomically(this.#before, await this.#defined());
  }

  async #mustHaveBegun(): Promise<string> {
    const before = await readTextIfThere(this.#before);
    if (before === undefined) throw invalid("no transaction running, nothing to be committed.");
    return before;
  }

  async commit(): Promise<void> {
    await this.#mustHaveBegun();
    await removeIfThere(this.#before);
  }

  /** Interfaces whose definition changed are set up as they were before. */
  async rollback(): Promise<void> {
    const before = await this.#mustHaveBegun();
    const now = await this.#defined();
    const names = new Set([...definedNames(before), ...definedNames(now)]);
    const textIn = (text: string, name: string): string => {
      const one = readInterface(text, name);
      return one === undefined ? "" : interfaceText(name, one);
    };
    const changed = [...names].filter((name) => textIn(before, name) !== textIn(now, name));
    const up = await Promise.all(changed.map((name) => this.#live.isUp(name)));
    const running = changed.filter((name, at) => up[at] && definedNames(now).includes(name));
    for (const name of running) await this.#run("ifdown", name).catch(() => undefined);
    await this.#write(before);
    await removeIfThere(this.#before);
    for (const name of changed)
      if (readInterface(before, name)?.start?.mode === "onboot") await this.#run("ifup", name);
  }

  /** The host started again in the middle of a change: what was before holds. */
  async recover(): Promise<void> {
    const before = await readTextIfThere(this.#before);
    if (before === undefined) return;
    if ((await readTextIfThere(this.#beforeBoot)) === (await bootId())) return;
    await this.#write(before);
    await removeIfThere(this.#before);
  }
}

const roleOf = (host: HostInterfaces): Role<"hostInterface"> => ({
  list: () => host.list(),
  lookup: ({ interface: ref }) => host.find(ref),
  xml: ({ interface: ref, inactive }) => host.xml(ref, inactive === true),
  define: async ({ xml, validate }) => {
    const objection = validate === true ? await schemaObjection(xml, "interface") : undefined;
    if (objection !== undefined) throw virError("xmlInvalidSchema", objection);
    return host.inTurn(() => host.define(xml));
  },
  undefine: ({ interface: ref }) => host.inTurn(() => host.undefine(ref)),
  start: ({ interface: ref }) => host.inTurn(() => host.start(ref)),
  destroy: ({ interface: ref }) => host.inTurn(() => host.destroy(ref)),
  beginChange: () => host.inTurn(() => host.begin()),
  commitChange: () => host.inTurn(() => host.commit()),
  rollbackChange: () => host.inTurn(() => host.rollback()),
});

/** Resolves when a change that the host's end has cut short is taken back. */
export async function startInterfaceDriver(
  paths: Paths,
  log: Logger,
  roots: InterfaceRoots = HOST_ROOTS,
): Promise<Driver> {
  const host = new HostInterfaces(roots, paths);
  await host.recover().catch((error: unknown) => log.error(explainError(error)));
  return {
    name: "interface",
    errorDomain: ErrorDomain.interface,
    roles: { hostInterface: roleOf(host) },
    events: {},
    close: () => Promise.resolve(),
  };
}

/** ifupdown: /etc/network/interfaces with the files that it sources, `ifup` and `ifdown`. */
import { existsSync } from "node:fs";
import { basename, dirname, join, matchesGlob } from "node:path";
import { type HostInterface, namesWithin, portsOf } from "@vireo/model/node/host-interface";
import { execProgram } from "../../host/exec.ts";
import { listDirectory, readTextIfThere } from "../../host/file.ts";
import {
  definedNames,
  readInterface,
  removeInterfaces,
  stanzasAbout,
  stanzasOf,
} from "./interfaces-file.ts";
import { carriedOptions, interfaceText } from "./interfaces-text.ts";
import { type Files, type InterfaceKeeper, setUp, unsupported } from "./keeper.ts";
import type { OutdatedInterfaces } from "./outdated-interfaces.ts";

export interface IfupdownPlaces {
  /** ifupdown's file. */
  readonly interfaces: string;
  /** Programs that make kinds of interfaces, by the kind. */
  readonly scripts: string;
  readonly outdated: OutdatedInterfaces;
}

/** Packages that make what ifupdown itself cannot, by their script. */
const MAKERS = {
  bridge: { script: "bridge", package: "bridge-utils" },
  bond: { script: "ifenslave", package: "ifenslave" },
} as const;

/** As deep as files may source files. */
const DEPTH = 4;

/** Paths that a `source` stanza names. */
async function sourced(word: string, pattern: string): Promise<readonly string[]> {
  if (word === "source-directory")
    return (await listDirectory(pattern))
      .filter((name) => /^[\w-]+$/.test(name))
      .map((name) => join(pattern, name));
  if (!/[*?[]/.test(pattern)) return [pattern];
  const directory = dirname(pattern);
  return (await listDirectory(directory))
    .filter((name) => !name.startsWith(".") && matchesGlob(name, basename(pattern)))
    .map((name) => join(directory, name));
}

async function readWithSources(
  path: string,
  depth: number,
  found: Map<string, string>,
): Promise<void> {
  const text = await readTextIfThere(path).catch(() => undefined); // a directory is no file to read
  if (text === undefined || found.has(path)) return;
  found.set(path, text);
  if (depth === 0) return;
  for (const { word, names } of stanzasOf(text))
    if (word === "source" || word === "source-directory")
      for (const pattern of names)
        for (const one of await sourced(word, pattern))
          await readWithSources(one, depth - 1, found);
}

/** All text as ifupdown sees it. */
const whole = (files: Files): string => [...files.values()].join("\n");

export class IfupdownKeeper implements InterfaceKeeper {
  readonly name = "ifupdown";
  readonly mode = 0o644;
  readonly startsAll = false;
  readonly #places: IfupdownPlaces;

  constructor(places: IfupdownPlaces) {
    this.#places = places;
  }

  get directories(): readonly string[] {
    const own = dirname(this.#places.interfaces);
    return [own, join(own, "interfaces.d")];
  }

  owns(): boolean {
    return true;
  }

  async files(): Promise<Files> {
    const found = new Map<string, string>();
    await readWithSources(this.#places.interfaces, DEPTH, found);
    return found;
  }

  names(files: Files): readonly string[] {
    return definedNames(whole(files));
  }

  read(files: Files, name: string): HostInterface | undefined {
    return readInterface(whole(files), name);
  }

  define(files: Files, wanted: HostInterface): Files {
    const text = whole(files);
    const names = namesWithin(wanted);
    const ours = interfaceText(wanted, carriedOptions(text, wanted, names.slice(1)));
    // a port is set up with its bridge and has no stanza of its own
    const others = this.#without(files, names);
    const main = others.get(this.#places.interfaces) ?? "";
    return new Map([
      ...others,
      [this.#places.interfaces, `${main}${main === "" ? "" : "\n"}${ours}`],
    ]);
  }

  undefine(files: Files, name: string): Files {
    const defined = this.read(files, name);
    const below =
      defined === undefined ? [] : portsOf(defined).filter(({ type }) => type !== "ethernet");
    return this.#without(files, [name, ...below.flatMap((port) => port.name ?? [])]);
  }

  #without(files: Files, names: readonly string[]): Map<string, string> {
    return new Map([...files].map(([path, text]) => [path, removeInterfaces(text, names)]));
  }

  /** ifdown has to be told later what ifup was told. */
  async leave(files: Files, names: readonly string[]): Promise<void> {
    const text = whole(files);
    for (const name of names) {
      const own = stanzasAbout(text, name).flatMap(({ lines }) => lines);
      if (own.length > 0) await this.#places.outdated.add(name, `${own.join("\n")}\n`);
    }
  }

  async #run(program: "ifup" | "ifdown", name: string, file: string): Promise<void> {
    await setUp(program, ["--force", `--interfaces=${file}`, name]);
  }

  async #down(name: string): Promise<void> {
    const file = this.#places.outdated.find(name) ?? this.#places.interfaces;
    await this.#run("ifdown", name, file);
    await this.#places.outdated.remove(name);
  }

  /** What is to be down is taken down. */
  async hasSetUp(): Promise<boolean> {
    return true;
  }

  async start(wanted: HostInterface): Promise<void> {
    const { name = "" } = wanted;
    this.#mustBeMakeable(wanted);
    for (const port of portsOf(wanted)) await this.#release(port);
    for (const port of portsOf(wanted)) if (port.type !== "ethernet") await this.start(port);
    await this.#run("ifup", name, this.#places.interfaces);
    await this.#places.outdated.remove(name);
  }

  /** A port has no addresses of its own: those that it has are from when it was none. */
  async #release({ name = "" }: HostInterface): Promise<void> {
    const { outdated } = this.#places;
    if (outdated.find(name) !== undefined) await this.#down(name).catch(() => undefined);
    await outdated.remove(name);
    await execProgram("ip", ["address", "flush", "dev", name]).catch(() => undefined); // not there yet
  }

  #mustBeMakeable(wanted: HostInterface): void {
    if (wanted.type !== "bridge" && wanted.type !== "bond") return;
    const maker = MAKERS[wanted.type];
    if (existsSync(join(this.#places.scripts, maker.script))) return;
    throw unsupported(
      `ifupdown makes a ${wanted.type} with the package ${maker.package}, which is not installed`,
    );
  }

  async stop(running: HostInterface): Promise<void> {
    await this.#down(running.name ?? "");
    for (const { name = "", type } of portsOf(running))
      if (type !== "ethernet") await this.#down(name);
  }

  /** It has no memory of them. */
  async settle(): Promise<void> {
    // nothing to be read again
  }

  async forget(name: string): Promise<void> {
    await this.#places.outdated.remove(name);
  }
}

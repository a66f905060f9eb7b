/** NetworkManager: a keyfile for each interface and for each port, `nmcli`. */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type HostInterface, namesWithin, portsOf } from "@vireo/model/node/host-interface";
import { listDirectory, readTextIfThere } from "../../host/file.ts";
import {
  carriedSections,
  isExternal,
  isGenerated,
  type Master,
  masterOf,
  nameOf,
  preferred,
  type Profile,
  profileText,
  readPort,
  readProfile,
  typeOf,
  uuidOf,
} from "./connection-profile.ts";
import { formatIni, type IniFile, iniValue, parseIni } from "./ini-file.ts";
import { type Files, type InterfaceKeeper, setUp, unsupported } from "./keeper.ts";

export interface NetworkManagerPlaces {
  /** Directories of keyfiles; the first one is the administrator's. */
  readonly directories: readonly [string, ...string[]];
  /** Where the kernel shows interfaces. */
  readonly net: string;
}

const ENDING = ".nmconnection";

const profilesIn = (files: Files): readonly Profile[] =>
  [...files]
    .map(([path, text]) => ({ path, ini: parseIni(text) }))
    .filter((profile) => typeOf(profile) !== undefined && nameOf(profile) !== undefined)
    .filter((profile) => !isExternal(profile));

/** What somebody has defined counts, and what NetworkManager made only without. */
function about(files: Files, name: string): readonly Profile[] {
  const all = profilesIn(files).filter((one) => nameOf(one) === name);
  const defined = all.filter((one) => !isGenerated(one));
  return defined.length > 0 ? defined : all;
}

/** Not as a port. */
const ownProfile = (files: Files, name: string): Profile | undefined =>
  preferred(about(files, name).filter((one) => masterOf(one) === undefined));

function portsIn(files: Files, master: Profile): readonly HostInterface[] {
  const names = [uuidOf(master), nameOf(master)];
  const ports = profilesIn(files).filter((one) => names.includes(masterOf(one)));
  return ports.map((port) => readPort(port, port.path === master.path ? [] : portsIn(files, port)));
}

export class NetworkManagerKeeper implements InterfaceKeeper {
  readonly name = "NetworkManager";
  /** There may be passwords in them; NetworkManager reads no others. */
  readonly mode = 0o600;
  readonly startsAll = true;
  readonly #places: NetworkManagerPlaces;

  constructor(places: NetworkManagerPlaces) {
    this.#places = places;
  }

  get directories(): readonly string[] {
    return [this.#own];
  }

  get #own(): string {
    return this.#places.directories[0];
  }

  owns(path: string): boolean {
    return dirname(path) === this.#own;
  }

  async files(): Promise<Files> {
    const found = new Map<string, string>();
    for (const directory of this.#places.directories)
      for (const name of await listDirectory(directory)) {
        if (name.startsWith(".") || !name.endsWith(ENDING)) continue;
        const text = await readTextIfThere(join(directory, name));
        if (text !== undefined) found.set(join(directory, name), text);
      }
    return found;
  }

  names(files: Files): readonly string[] {
    const names = new Set(profilesIn(files).flatMap((one) => nameOf(one) ?? []));
    return [...names].filter((name) => ownProfile(files, name) !== undefined);
  }

  read(files: Files, name: string): HostInterface | undefined {
    const profile = ownProfile(files, name);
    return profile === undefined ? undefined : readProfile(profile, portsIn(files, profile));
  }

  #mustBeOurs({ path }: Profile): void {
    if (this.owns(path) && !basename(path).startsWith("netplan-")) return;
    const whose = basename(path).startsWith("netplan-")
      ? "netplan: change the interface in /etc/netplan and run 'netplan apply'"
      : "somebody else than the administrator";
    throw unsupported(`'${path}' is made by ${whose}`);
  }

  /** Without every profile for these interfaces. */
  #without(files: Files, names: readonly string[]): Map<string, string> {
    const gone = names.flatMap((name) => about(files, name)).filter((one) => !isGenerated(one));
    for (const profile of gone) this.#mustBeOurs(profile);
    const paths = new Set(gone.map(({ path }) => path));
    return new Map([...files].filter(([path]) => !paths.has(path)));
  }

  define(files: Files, wanted: HostInterface): Files {
    const { name = "" } = wanted;
    const old = this.read(files, name);
    const [before] = [ownProfile(files, name)].filter((one) => one && this.owns(one.path));
    const ports = namesWithin(wanted).slice(1);
    const carried = ports.flatMap((port) => carriedSections(ownProfile(files, port)?.ini ?? []));
    const others = this.#without(files, [
      ...namesWithin(wanted),
      ...(old === undefined ? [] : namesWithin(old)),
    ]);
    const ini = profileText(before?.ini ?? [...parseIni(""), ...carried], wanted);
    return this.#withPorts(this.#put(others, name, { ini, before }), wanted, ini);
  }

  #put(
    files: Files,
    name: string,
    { ini, before }: { readonly ini: IniFile; readonly before?: Profile | undefined },
  ): Files {
    const path = before?.path ?? join(this.#own, `${name}${ENDING}`);
    return new Map([...files, [path, formatIni(ini).replace(/^\n+/, "")]]);
  }

  #withPorts(files: Files, wanted: HostInterface, ini: IniFile): Files {
    const { type, start } = wanted;
    if (type !== "bridge" && type !== "bond") return files;
    const master: Master = { type, uuid: iniValue(ini, "connection", "uuid") ?? "" };
    return portsOf(wanted).reduce<Files>((sum, port) => {
      const { name = "" } = port;
      const own = profileText(parseIni(""), { ...port, ...(start && { start }) }, master);
      return this.#withPorts(this.#put(sum, name, { ini: own }), port, own);
    }, files);
  }

  undefine(files: Files, name: string): Files {
    const old = this.read(files, name);
    return old === undefined ? files : this.#without(files, namesWithin(old));
  }

  async leave(): Promise<void> {
    // it goes on by what it has read until it is told to read again
  }

  /** It has every card up to see its cable. */
  async hasSetUp(name: string): Promise<boolean> {
    const state = await setUp("nmcli", ["-g", "GENERAL.STATE", "device", "show", name]);
    return state.startsWith("100 (connected)");
  }

  async start(wanted: HostInterface): Promise<void> {
    await this.settle();
    await this.#up(await this.files(), wanted);
  }

  /** A bridge has no address from a server before it has a port, so only those are waited for. */
  async #up(files: Files, wanted: HostInterface): Promise<void> {
    const { name = "" } = wanted;
    const ports = portsOf(wanted);
    const profile = preferred(about(files, name));
    const wait = ports.length > 0 ? "0" : "45";
    if (profile !== undefined)
      await setUp("nmcli", ["--wait", wait, "connection", "up", "uuid", uuidOf(profile)]);
    for (const port of ports) await this.#up(files, port);
  }

  async settle(): Promise<void> {
    await setUp("nmcli", ["connection", "reload"]);
  }

  async stop({ name = "" }: HostInterface): Promise<void> {
    await setUp("nmcli", ["--wait", "30", "device", "disconnect", name]);
    // a card would stay up
    await setUp("ip", ["link", "set", name, "down"]).catch((error: unknown) => {
      if (existsSync(join(this.#places.net, name))) throw error; // a bridge goes at once
    });
  }

  /** It goes by itself when its profile does, or stays if it was made by hand. */
  async forget(name: string): Promise<void> {
    await this.settle();
    if (!existsSync(join(this.#places.net, name))) return;
    await setUp("nmcli", ["device", "delete", name]).catch(() => undefined); // gone in this moment
  }
}

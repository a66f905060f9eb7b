/** systemd-networkd: .network and .netdev files, `networkctl`. */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type HostInterface, namesWithin, portsOf } from "@vireo/model/node/host-interface";
import { listDirectory, readTextIfThere } from "../../host/file.ts";
import { formatIni, type IniFile, iniKeys, type IniKeys, iniValues, withKeys } from "./ini-file.ts";
import { type Files, type InterfaceKeeper, setUp, unsupported } from "./keeper.ts";
import type { OutdatedInterfaces } from "./outdated-interfaces.ts";
import { type Mastery, netdevText, networkText, portText, SERVER_KEYS } from "./networkd-files.ts";
import {
  netdevOf,
  type NetworkdFile,
  networkdNames,
  networkOf,
  onlyNameOf,
  parentOf,
  readNetworkd,
} from "./networkd-read.ts";

export interface NetworkdPlaces {
  /** Directories in the order in which they count; the first one is the administrator's. */
  readonly directories: readonly [string, ...string[]];
  /** Where the kernel shows interfaces. */
  readonly net: string;
  readonly outdated: OutdatedInterfaces;
}

const ENDINGS = /\.(network|netdev)$/;

/** Its own place among the others: it has to come before those that are about several interfaces. */
const ownName = (name: string, ending: string): string => `00-vireo-${name}${ending}`;

const vlansOf = (file: NetworkdFile | undefined): readonly string[] =>
  file === undefined ? [] : iniValues(file.ini, "Network", "VLAN");

/** What is left of a file that has lost its only reason. */
const isBare = (ini: IniFile): boolean =>
  !ini.some(({ name, lines }) => name !== "Match" && lines.some((line) => line.trim() !== ""));

export class NetworkdKeeper implements InterfaceKeeper {
  readonly name = "systemd-networkd";
  readonly mode = 0o644;
  readonly startsAll = true;
  readonly #places: NetworkdPlaces;

  constructor(places: NetworkdPlaces) {
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
        const text = ENDINGS.test(name) ? await readTextIfThere(join(directory, name)) : undefined;
        if (text !== undefined) found.set(join(directory, name), text);
      }
    return found;
  }

  names(files: Files): readonly string[] {
    const vendor = this.#places.directories.at(-1);
    // what the vendor has is for hosts of every kind, not for interfaces of this one
    return networkdNames(new Map([...files].filter(([path]) => dirname(path) !== vendor)));
  }

  read(files: Files, name: string): HostInterface | undefined {
    return readNetworkd(files, name);
  }

  /** The file that is about this interface only and may be changed; undefined when it needs a new one. */
  #changeable(file: NetworkdFile | undefined): NetworkdFile | undefined {
    if (file === undefined) return undefined;
    const { path } = file;
    if (basename(path).includes("netplan"))
      throw unsupported(
        `'${path}' is made by netplan: change the interface in /etc/netplan and run 'netplan apply'`,
      );
    return this.owns(path) ? file : undefined;
  }

  #network(files: Files, name: string): NetworkdFile | undefined {
    const file = networkOf(files, name);
    const ours = this.#changeable(file);
    if (ours !== undefined && onlyNameOf(ours) === name) return ours;
    const first = ownName(name, ".network");
    if (file !== undefined && basename(file.path) < first)
      throw unsupported(
        `'${file.path}' is about '${name}' among others and comes before every file of its own`,
      );
    return undefined;
  }

  #with(files: Files, path: string | undefined, ini: IniFile | undefined): Files {
    const next = new Map(files);
    if (path === undefined) return next;
    if (ini === undefined) next.delete(path);
    else next.set(path, formatIni(ini).replace(/^\n+/, ""));
    return next;
  }

  #setNetwork(
    files: Files,
    name: string,
    make: (before: NetworkdFile | undefined) => IniFile,
  ): Files {
    const before = this.#network(files, name);
    const path = before?.path ?? join(this.#own, ownName(name, ".network"));
    return this.#with(files, path, make(before));
  }

  #setNetdev(files: Files, wanted: HostInterface): Files {
    const { name = "" } = wanted;
    const before = this.#changeable(netdevOf(files, name));
    const path = before?.path ?? join(this.#own, ownName(name, ".netdev"));
    return this.#with(files, path, netdevText(wanted));
  }

  define(files: Files, wanted: HostInterface): Files {
    const { name = "" } = wanted;
    const servers = this.#servers(files, wanted);
    const old = this.read(files, name);
    const cleared = old === undefined ? files : this.#withoutPorts(files, old);
    const made = this.#definePorts(this.#setNetdev(cleared, wanted), wanted);
    const routes = this.#routes(files, wanted);
    const self = this.#setNetwork(made, name, (before) =>
      withKeys(networkText(before?.ini ?? routes, wanted, vlansOf(before)), "Network", servers),
    );
    return this.#setParent(self, wanted);
  }

  /** Static routes go into the bridge with the addresses. */
  #routes(files: Files, wanted: HostInterface): IniFile {
    const inis = portsOf(wanted).flatMap(({ name = "" }) => networkOf(files, name)?.ini ?? []);
    return inis.filter(({ name }) => name === "Route");
  }

  /** Name servers stay with the addresses when an interface goes into a bridge. */
  #servers(files: Files, wanted: HostInterface): IniKeys {
    const inis = namesWithin(wanted).flatMap((name) => networkOf(files, name)?.ini ?? []);
    const found = SERVER_KEYS.map((key) => {
      const values = [...new Set(iniValues(inis, "Network", key))];
      return [key, values] as const;
    });
    return iniKeys(found.filter(([, values]) => values.length > 0));
  }

  #definePorts(files: Files, master: HostInterface): Files {
    const { name = "" } = master;
    const key: Mastery = master.type === "bond" ? { Bond: [name] } : { Bridge: [name] };
    return portsOf(master).reduce<Files>((sum, port) => {
      const made = this.#definePorts(this.#setNetdev(sum, port), port);
      const { name: own = "" } = port;
      const set = this.#setNetwork(made, own, (before) => portText(own, key, vlansOf(before)));
      return this.#setParent(set, port);
    }, files);
  }

  /** The interface below a VLAN has to say so. */
  #setParent(files: Files, { type, name = "", vlan }: HostInterface): Files {
    if (type !== "vlan") return files;
    const cleared = this.#withoutParent(files, name);
    const below = vlan?.interface?.name ?? "";
    return this.#setNetwork(cleared, below, (before) =>
      before === undefined
        ? portText(below, {}, [name])
        : withKeys(before.ini, "Network", { VLAN: [...vlansOf(before), name] }),
    );
  }

  #withoutParent(files: Files, name: string): Files {
    const parent = this.#changeable(parentOf(files, name));
    if (parent === undefined) return files;
    const vlans = vlansOf(parent).filter((one) => one !== name);
    const left = withKeys(parent.ini, "Network", { VLAN: vlans });
    const only = withKeys(left, "Network", { LinkLocalAddressing: [] });
    return this.#with(files, parent.path, isBare(only) ? undefined : left);
  }

  undefine(files: Files, name: string): Files {
    const old = this.read(files, name);
    if (old === undefined) return files;
    const network = networkOf(files, name);
    const ours = this.#changeable(network);
    if (network !== undefined && (ours === undefined || onlyNameOf(ours) !== name))
      throw unsupported(`'${name}' is defined by '${network.path}', which is not about it alone`);
    return this.#withoutPorts(this.#without(files, old), old);
  }

  #without(files: Files, { name = "", type }: HostInterface): Files {
    const network = this.#network(files, name);
    const netdev = this.#changeable(netdevOf(files, name));
    const parted = type === "vlan" ? this.#withoutParent(files, name) : files;
    return this.#with(this.#with(parted, network?.path, undefined), netdev?.path, undefined);
  }

  #withoutPorts(files: Files, old: HostInterface): Files {
    return portsOf(old).reduce<Files>(
      (sum, port) => this.#withoutPorts(this.#without(sum, port), port),
      files,
    );
  }

  /** It goes on by what it has read until it is told to read again. */
  async leave(_files: Files, names: readonly string[]): Promise<void> {
    for (const name of names) await this.#places.outdated.add(name, "");
  }

  async hasSetUp(name: string): Promise<boolean> {
    return this.#places.outdated.find(name) === undefined;
  }

  async start(wanted: HostInterface): Promise<void> {
    const names = namesWithin(wanted).toReversed();
    await this.settle();
    for (const name of names)
      if (existsSync(join(this.#places.net, name)))
        await setUp("networkctl", ["reconfigure", name]);
    for (const name of names) {
      await setUp("networkctl", ["up", name]);
      await this.#places.outdated.remove(name);
    }
  }

  async settle(): Promise<void> {
    await setUp("networkctl", ["reload"]);
  }

  async stop({ name = "" }: HostInterface): Promise<void> {
    await setUp("networkctl", ["down", name]);
    await this.#places.outdated.remove(name);
  }

  /** networkd leaves what it has made. */
  async forget(name: string): Promise<void> {
    if (existsSync(join(this.#places.net, name))) await setUp("networkctl", ["delete", name]);
  }
}

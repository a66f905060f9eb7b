/**
 * Which devices there are, and what happens to them. Kept from one question to the next: the kernel tells what comes
 * and goes, the members of buses and classes are counted at each list, and whatever is asked for is read anew.
 */
import { type FSWatcher, watch } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { NodeDevice } from "@vireo/model/node/node-device";
import type { NodeDeviceEvent } from "@vireo/model/node/node-device-event";
import { listenToUevents, type Uevent, type UeventSource } from "../../host/uevent-socket.ts";
import type { DeviceTree } from "./device-tree.ts";
import { hostDevice } from "./host-device.ts";
import { type MdevDefinition, mdevDefinitions, mdevName } from "./mdev.ts";
import { type Place, PLACES } from "./places.ts";
import { definedDevice, HOST, parentOf, readDevice, type ScannedDevice } from "./scan.ts";

/** One member of a bus or class. */
interface Member {
  readonly real: string;
  readonly place: Place;
  /** Undefined of what is no device to libvirt, such as a partition. */
  device: NodeDevice | undefined;
  /** Its coming was told by the kernel, or was before our time. */
  told: boolean;
}

export class DeviceIndex {
  readonly #tree: DeviceTree;
  readonly #publish: (event: NodeDeviceEvent) => void;
  readonly #members = new Map<string, Member>();
  /** Where devices are, by name. */
  readonly #reals = new Map<string, string>();
  #definitions: ReadonlyMap<string, MdevDefinition> = new Map();
  #begun = false;
  #source: UeventSource | undefined;
  #watcher: FSWatcher | undefined;
  /** Files of definitions have changed. */
  #redefined = false;
  readonly #pending: Uevent[] = [];
  /** Everything is to be read again. */
  #lost = false;
  /** One question at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(tree: DeviceTree, publish: (event: NodeDeviceEvent) => void) {
    this.#tree = tree;
    this.#publish = publish;
  }

  /** The host first, then by name. */
  all(): Promise<readonly ScannedDevice[]> {
    return this.#alone(async () => {
      await this.#count();
      const there = [...this.#members.values()].flatMap((member) => this.#scanned(member) ?? []);
      const absent = [...this.#definitions].filter(([name]) => !this.#reals.has(name));
      const others = [...there, ...absent.map(([, definition]) => definedDevice(definition))];
      return [
        await this.#host(),
        ...others.toSorted((a, b) => (a.device.name < b.device.name ? -1 : 1)),
      ];
    });
  }

  /** The same without reading it again, where the kernel tells of changes: what lists need to know of it. */
  known(name: string): Promise<ScannedDevice | undefined> {
    if (this.#source === undefined) return this.find(name);
    return this.#alone(async () => {
      const member = this.#members.get(this.#reals.get(name) ?? "");
      const isThere = member !== undefined && (await this.#tree.isThere(member.real));
      return isThere ? this.#scanned(member) : undefined;
    }).then((found) => found ?? this.find(name));
  }

  /** The device of that name as it is now. */
  find(name: string): Promise<ScannedDevice | undefined> {
    return this.#alone(async () => {
      if (name === HOST) return this.#host();
      if (!this.#reals.has(name)) await this.#count();
      const member = this.#members.get(this.#reals.get(name) ?? "");
      if (member !== undefined) await this.#read(member);
      if (name.startsWith("mdev_")) await this.#readDefinitions();
      const found = member === undefined ? undefined : this.#scanned(member);
      if (found?.device.name === name) return found;
      const definition = this.#definitions.get(name);
      return definition === undefined ? undefined : definedDevice(definition);
    });
  }

  /** Counts again what is there; those who listen are told of what is new. */
  async refresh(): Promise<void> {
    await this.#alone(() => this.#count());
  }

  /** Lets go of the kernel's socket. */
  close(): void {
    this.#source?.close();
    this.#source = undefined;
    this.#watcher?.close();
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(async () => {
      await this.#begin();
      this.#source?.drain();
      await this.#follow();
      return work();
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Only the kernel's own sysfs tells of changes. */
  async #begin(): Promise<void> {
    if (this.#begun) return;
    if (this.#tree.roots.sys === "/sys")
      this.#source = listenToUevents({
        heard: (events) => {
          this.#pending.push(...events);
          this.#wake();
        },
        lost: () => {
          this.#lost = true;
          this.#wake();
        },
      });
    this.#watchDefinitions();
    await this.#count();
    for (const member of this.#members.values()) member.told = true;
    this.#begun = true;
  }

  /** mdevctl may be used beside us. */
  #watchDefinitions(): void {
    try {
      this.#watcher = watch(
        this.#tree.roots.mdevctl,
        { recursive: true, persistent: false },
        () => {
          this.#redefined = true;
          this.#wake();
        },
      );
      this.#watcher.on("error", () => undefined); // what we define ourselves is told nevertheless
    } catch {
      // there is no such directory: nobody has defined anything
    }
  }

  #wake(): void {
    if (this.#begun) void this.#alone(() => Promise.resolve()).catch(() => undefined);
  }

  /** Does what the kernel told of, in its order. */
  async #follow(): Promise<void> {
    if (this.#lost) {
      this.#lost = false;
      this.#pending.length = 0;
      await this.#count();
      for (const member of this.#members.values()) await this.#read(member);
    }
    if (this.#redefined) {
      this.#redefined = false;
      await this.#readDefinitions();
    }
    for (let event = this.#pending.shift(); event !== undefined; event = this.#pending.shift())
      await this.#take(event);
  }

  async #take({ action, path, oldPath, subsystem }: Uevent): Promise<void> {
    const place = PLACES.find((one) => one.subsystem === subsystem);
    if (place === undefined) return;
    const real = join(this.#tree.roots.sys, path);
    if (oldPath !== undefined) this.#forget(join(this.#tree.roots.sys, oldPath));
    if (action === "remove") {
      this.#forget(real);
      return;
    }
    const member = this.#members.get(real) ?? this.#join(real, place);
    const isNews = action === "change" || (action === "add" && member.told);
    member.told = true;
    await this.#read(member, isNews);
  }

  #join(real: string, place: Place): Member {
    const member: Member = { real, place, device: undefined, told: false };
    this.#members.set(real, member);
    return member;
  }

  #forget(real: string): void {
    const member = this.#members.get(real);
    if (member === undefined) return;
    this.#members.delete(real);
    this.#put(member, undefined);
  }

  /** @param isNews an update is told of even when the device has the same name as before */
  async #read(member: Member, isNews = false): Promise<void> {
    const { place, real } = member;
    this.#put(member, await readDevice(this.#tree, place, real), isNews);
  }

  #put(member: Member, device: NodeDevice | undefined, isNews = false): void {
    const before = member.device?.name;
    member.device = device;
    if (before === device?.name) {
      if (isNews && before !== undefined) this.#tell({ name: before, kind: "update" });
      return;
    }
    if (before !== undefined) {
      this.#reals.delete(before);
      this.#tell({ name: before, kind: "lifecycle", event: "deleted" });
    }
    if (device === undefined) return;
    this.#reals.set(device.name, member.real);
    this.#tell({ name: device.name, kind: "lifecycle", event: "created" });
  }

  #tell(event: NodeDeviceEvent): void {
    if (this.#begun) this.#publish(event);
  }

  /** Finds what came and went, whether or not the kernel told of it. */
  async #count(): Promise<void> {
    const all = this.#source === undefined; // nobody tells of changes
    const names = await Promise.all(
      PLACES.map(async (place) => ({
        place,
        names: await this.#tree.names(this.#tree.at(place.path)),
      })),
    );
    const there = new Map(names.map(({ place, names: of }) => [place, new Set(of)]));
    const known = new Map<Place, Set<string>>(PLACES.map((place) => [place, new Set()]));
    for (const { real, place } of this.#members.values())
      if (there.get(place)?.has(basename(real)) === true) known.get(place)?.add(basename(real));
      else this.#forget(real);
    const fresh = names.flatMap(({ place, names: of }) =>
      of.filter((name) => known.get(place)?.has(name) !== true).map((name) => ({ place, name })),
    );
    const again = all ? [...this.#members.values()] : [];
    const joined = await Promise.all(fresh.map((one) => this.#joined(one)));
    await Promise.all([...again, ...joined.flat()].map((member) => this.#read(member)));
    await this.#readDefinitions();
  }

  /** A member that the directory names, where its link leads. */
  async #joined({ place, name }: { place: Place; name: string }): Promise<readonly Member[]> {
    const directory = this.#tree.at(place.path);
    const target = await this.#tree.target(join(directory, name));
    return target === undefined ? [] : [this.#join(resolve(directory, target), place)];
  }

  async #readDefinitions(): Promise<void> {
    const before = this.#definitions;
    const found = await mdevDefinitions(this.#tree);
    this.#definitions = new Map(found.map((one) => [mdevName(one.uuid, one.parent), one]));
    for (const name of before.keys())
      if (!this.#definitions.has(name)) this.#tell({ name, kind: "lifecycle", event: "undefined" });
    for (const [name, definition] of this.#definitions) {
      const old = before.get(name);
      if (old === undefined) this.#tell({ name, kind: "lifecycle", event: "defined" });
      else if (JSON.stringify(old) !== JSON.stringify(definition))
        this.#tell({ name, kind: "update" });
    }
  }

  #scanned({ device, real }: Member): ScannedDevice | undefined {
    if (device === undefined) return undefined;
    const parent = parentOf(real, (at) => this.#members.get(at)?.device?.name);
    const definition = this.#definitions.get(device.name);
    const { name, path, nodes, ...rest } = device;
    return {
      device: {
        name,
        ...(path === undefined ? {} : { path }),
        ...(nodes === undefined ? {} : { nodes }),
        parent,
        ...rest,
      },
      real,
      active: true,
      ...(definition === undefined ? {} : { definition }),
    };
  }

  async #host(): Promise<ScannedDevice> {
    return { device: { name: HOST, capabilities: [await hostDevice(this.#tree)] }, active: true };
  }
}

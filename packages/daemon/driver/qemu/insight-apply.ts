/**
 * Does to a running domain what a plan says can be done at once: virtual CPUs, balloon, devices. Each
 * step knows its undo; what has to wait for the guest is only asked for.
 */
import { isDeepStrictEqual } from "node:util";
import { devicesOf, findDevice, type DevicePlace } from "@vireo/model/domain/device/change-devices";
import {
  DEVICE_KINDS,
  deviceKindOf,
  type KindedDevice,
} from "@vireo/model/domain/device/parse-device";
import type { Domain } from "@vireo/model/domain/domain";
import type { PlannedChange } from "@vireo/model/domain/plan";
import type { LiveAction } from "@vireo/model/domain/plan-rules";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { vcpuStates } from "@vireo/model/domain/vcpu-state";
import { virError } from "@vireo/model/error";
import type { Definitions } from "./definition.ts";
import { DeviceWork, type Leaving } from "./device-work.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { LiveDomain } from "./domain-view.ts";
import { balloonTo } from "./guest-role.ts";
import type { Known } from "./tune/known.ts";
import { vcpusTo } from "./tune/vcpu-role.ts";
import type { Undo } from "./undo.ts";
import { updateLive } from "./update-device.ts";

const enabledVcpus = (config: ResolvedDomain): number =>
  vcpuStates(config).filter(({ enabled }) => enabled).length;

/** What this driver can change in this running domain. */
export function possibleNow(live: LiveDomain, wanted: ResolvedDomain): ReadonlySet<LiveAction> {
  const { config } = live;
  const can = new Set<LiveAction>(["metadata", "hotplug", "media", "link"]);
  const hasBalloon = (config.devices.memballoon?.model ?? "none") !== "none";
  if (hasBalloon && wanted.currentMemoryKiB <= config.memory.sizeKiB) can.add("balloon");
  if (wanted.vcpu.count === config.vcpu.count) can.add("vcpus");
  return can;
}

export interface LiveApplication {
  readonly definitions: Definitions;
  readonly actor: DomainActor;
  readonly changes: readonly PlannedChange[];
  /** Before and after, in the form that the plan's places are of. */
  readonly before: Domain;
  readonly after: Domain;
  readonly wanted: ResolvedDomain;
}

export interface Applied {
  readonly known: readonly Known[];
  /** Devices that the guest was asked to let go of. */
  readonly leaving: readonly Leaving[];
}

/** The device that a place is in. */
function deviceIn(domain: Domain, path: string): KindedDevice | undefined {
  const [, tag = "", position = "1"] = /^\/domain\/devices\/(\w+)(?:\[(\d+)\])?/.exec(path) ?? [];
  const kind = deviceKindOf(tag);
  const device = kind && devicesOf(domain.devices, kind)[Number(position) - 1];
  return device && ({ kind, device } as KindedDevice); // devicesOf pairs them
}

interface Placed {
  readonly address?: object;
}
const addressOf = (device: object): Placed["address"] => {
  const { address }: Placed = { ...device };
  return address;
};

/** Where a device of the definition is in the guest. */
function placeInGuest({ config }: LiveDomain, device: KindedDevice): DevicePlace {
  const { kind } = device;
  const address = addressOf(device.device);
  const same = devicesOf(config.devices, kind).findIndex(
    (one) => address !== undefined && isDeepStrictEqual(addressOf(one), address),
  );
  return { kind, index: same < 0 ? findDevice(config, device, true) : same };
}

/** A device that is leaving keeps its place until the guest lets go: the new one gets another until the next start. */
function withFreePlace({ config }: LiveDomain, added: KindedDevice): KindedDevice {
  const address = addressOf(added.device);
  const isTaken = DEVICE_KINDS.some((kind) =>
    devicesOf(config.devices, kind).some((one) => isDeepStrictEqual(addressOf(one), address)),
  );
  if (address === undefined || !isTaken) return added;
  const whole: object = added.device;
  const { address: _taken, ...device }: Placed = whole;
  return { kind: added.kind, device } as KindedDevice; // only its address went
}

/** One application of a plan, in the domain's turn. */
class Application {
  readonly #about: LiveApplication;
  readonly #work: DeviceWork;
  readonly #undo: Undo;

  constructor(about: LiveApplication, undo: Undo) {
    this.#about = about;
    this.#work = new DeviceWork(about.definitions, about.actor);
    this.#undo = undo;
  }

  #live(): LiveDomain {
    const { live } = this.#about.actor.view;
    if (live === undefined) throw virError("operationInvalid", "domain is not running");
    return live;
  }

  async run(): Promise<Applied> {
    const known: Known[] = [];
    const leaving: Leaving[] = [];
    const { changes } = this.#about;
    if (changes.some(({ by }) => by === "vcpus")) known.push(await this.#vcpus());
    if (changes.some(({ by }) => by === "balloon")) await this.#balloon();
    for (const { by, path } of changes)
      if (by === "media" || by === "link") await this.#part(by, path);
    for (const one of changes)
      if (one.by === "hotplug" && one.kind === "added") await this.#plug(one.path);
    // last: a guest that was asked cannot be asked to keep the device
    for (const one of changes)
      if (one.by === "hotplug" && one.kind === "removed") leaving.push(await this.#letGo(one.path));
    return { known, leaving };
  }

  #vcpus(): Promise<Known> {
    const { definitions, actor, wanted } = this.#about;
    const work = { env: definitions.env, actor, live: this.#live() };
    return vcpusTo(work, enabledVcpus(wanted), this.#undo);
  }

  #balloon(): Promise<void> {
    const { actor, wanted } = this.#about;
    return balloonTo({ actor, live: this.#live() }, wanted.currentMemoryKiB, this.#undo);
  }

  async #plug(path: string): Promise<void> {
    const added = deviceIn(this.#about.after, path);
    if (added === undefined) return;
    await this.#work.attachLive(this.#live(), withFreePlace(this.#live(), added));
    const last = devicesOf(this.#live().config.devices, added.kind).length - 1;
    this.#undo.add(`device ${path}`, async () => {
      await this.#work.letGo(this.#live(), { kind: added.kind, index: last });
    });
  }

  async #letGo(path: string): Promise<Leaving> {
    const removed = deviceIn(this.#about.before, path);
    if (removed === undefined) return { gone: Promise.resolve() };
    return this.#work.letGo(this.#live(), placeInGuest(this.#live(), removed));
  }

  /** Only the part that can change: others of the device may wait for the next start. */
  async #part(by: "media" | "link", path: string): Promise<void> {
    const wanted = deviceIn(this.#about.after, path);
    if (wanted === undefined) return;
    const live = this.#live();
    const { kind, index } = placeInGuest(live, wanted);
    const old = { kind, device: devicesOf(live.config.devices, kind)[index] } as KindedDevice;
    const changed = by === "link" ? withLink(old, wanted) : withMedium(old, wanted);
    await updateLive(this.#work, live, { changed, force: false });
    this.#undo.add(path, () =>
      updateLive(this.#work, this.#live(), { changed: old, force: false }),
    );
  }
}

function withLink(old: KindedDevice, wanted: KindedDevice): KindedDevice {
  if (old.kind !== "interfaces" || wanted.kind !== "interfaces") return old;
  const { link: _old, ...rest } = old.device;
  const { link } = wanted.device;
  return { kind: "interfaces", device: { ...rest, ...(link && { link }) } } as KindedDevice; // of the same type
}

function withMedium(old: KindedDevice, wanted: KindedDevice): KindedDevice {
  if (old.kind !== "disks" || wanted.kind !== "disks") return old;
  const { source: _old, backingStore: _chain, ...rest } = old.device;
  const { type, source } = wanted.device;
  return { kind: "disks", device: { ...rest, type, ...(source && { source }) } } as KindedDevice; // the source came with its type
}

/** @throws VireoError; what was done is then in `undo` */
export const applyLive = (about: LiveApplication, undo: Undo): Promise<Applied> =>
  new Application(about, undo).run();

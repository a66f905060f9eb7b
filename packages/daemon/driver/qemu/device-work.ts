/** What every change of a domain's devices is made of. */
import { access } from "node:fs/promises";
import { explainError, virError } from "@vireo/model/error";
import { checkConnection } from "@vireo/model/domain/check/check-connection";
import { checkDomain } from "@vireo/model/domain/check/check";
import {
  devicesOf,
  removeDevice,
  type DevicePlace,
} from "@vireo/model/domain/device/change-devices";
import type { Interface } from "@vireo/model/domain/device/interface";
import type { KindedDevice } from "@vireo/model/domain/device/parse-device";
import { resolveDomain } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { hostError } from "../../host/errno.ts";
import { removeSocket } from "../../host/unix-listener.ts";
import { cardFromPool, releaseDevices, takeForLive } from "./assigned-devices.ts";
import type { NetworkPlace } from "../contract.ts";
import { withBackingChain } from "./backing-chain.ts";
import { ATTACH, attachNote } from "./attach-recovery.ts";
import { saveChanged, type Definitions } from "./definition.ts";
import { domainDirectory, shortNameOf } from "./command-context.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { Companion, LiveDomain } from "./domain-view.ts";
import type { Emulator } from "./environment.ts";
import { releaseLink, withLinks } from "./guest-links.ts";
import { GuestTaps } from "./guest-taps.ts";
import {
  askToLetGo,
  plugIn,
  presentSteps,
  removeBehind,
  stepsOf,
  type HotSteps,
} from "./hot-plug.ts";
import { withActual, withModules } from "./live-memory.ts";
import { withSockets, withTerminals } from "./live-config.ts";
import {
  asDefinition,
  liveNodeIds,
  withAssignedDevice,
  withLiveDevice,
  type LiveAddition,
} from "./live-devices.ts";
import { mustBePluggable, mustBeUnpluggable } from "./live-rules.ts";
import { openFor } from "./open-fds.ts";
import { listeningPaths } from "./remains.ts";
import { Undo } from "./undo.ts";
import { throttle } from "./tune/settle-start.ts";
import { clearPassts, startPassts } from "./nic/passt.ts";
import { startVirtiofs } from "./virtiofsd.ts";
import { refuseBlockJob } from "./live-disk.ts";

export interface Leaving {
  /** Rejects with `operationFailed` when the guest refuses. */
  readonly gone: Promise<void>;
}

interface Aliased {
  readonly alias?: { readonly name: string };
}
const aliasIn = (device: object): string => (device as Aliased).alias?.name ?? ""; // of those that have one

const deviceAt = ({ devices }: ResolvedDomain, { kind, index }: DevicePlace): KindedDevice => {
  const device = devicesOf(devices, kind)[index];
  if (device === undefined) throw virError("internalError", `no ${kind} at ${index}`);
  return { kind, device } as KindedDevice; // devicesOf pairs them
};

export const aliasAt = (config: ResolvedDomain, place: DevicePlace): string =>
  aliasIn(deviceAt(config, place).device);

/** The domain with no device but this one. */
const only = (config: ResolvedDomain, { kind, device }: KindedDevice): ResolvedDomain => ({
  ...config,
  devices: { emulator: config.devices.emulator, [kind]: [device] },
});

const socketsOf = ({ needs }: HotSteps): ReadonlyMap<string, string> =>
  new Map(
    needs.flatMap(({ kind, id, path }) =>
      kind === "listen" && path !== undefined ? [[id, path] as const] : [],
    ),
  );

/** With what the host knows of it, which QEMU is to be told: images below a disk's own, places of its devices. */
async function asOnHost(added: KindedDevice): Promise<KindedDevice> {
  if (added.kind === "disks")
    return { kind: "disks", device: await withBackingChain(added.device) };
  return added;
}

/** Before QEMU is bothered with it. @throws VireoError `systemError` when an image is missing */
export async function mustBeThere({ kind, device }: KindedDevice): Promise<void> {
  if (kind !== "disks") return;
  const path = device.type === "file" ? device.source?.file : undefined;
  if (path !== undefined)
    await access(path).catch((error: unknown) => {
      throw hostError(`Cannot access storage file '${path}'`, error);
    });
}

/** A device on its way into a running domain. */
interface Coming {
  readonly addition: LiveAddition;
  /** Its place in a network that is a pool of devices. */
  readonly pool: NetworkPlace | undefined;
}

/** One change of devices of one domain. */
export class DeviceWork {
  readonly definitions: Definitions;
  readonly actor: DomainActor;

  constructor(definitions: Definitions, actor: DomainActor) {
    this.definitions = definitions;
    this.actor = actor;
  }

  readonly ask: DomainActor["ask"] = (...call) => this.actor.ask(...call);

  readonly report = (what: string, error: unknown): void =>
    this.definitions.env.log.warn({ domain: this.actor.view.name, what }, explainError(error));

  /** The definition after a change, complete and checked. */
  async resolved(changed: ResolvedDomain): Promise<ResolvedDomain> {
    const { facts } = await this.definitions.env.emulatorFor(changed);
    const complete = resolveDomain(changed, facts);
    checkDomain(complete, facts);
    return complete;
  }

  save(definition: ResolvedDomain): Promise<void> {
    return saveChanged(this.definitions, this.actor, definition);
  }

  /** Publishes another running configuration, unless the domain ended meanwhile. */
  keep(config: ResolvedDomain, companions: readonly Companion[] = []): void {
    const { live } = this.actor.view;
    if (live === undefined) return;
    this.actor.update({
      live: { ...live, config, companions: [...live.companions, ...companions] },
    });
  }

  /** With a definition it is saved too, once the guest has the device. */
  async attachLive(
    live: LiveDomain,
    added: KindedDevice,
    definition?: ResolvedDomain,
  ): Promise<void> {
    const { id, config: before } = live;
    const { env } = this.definitions;
    const emulator = await env.emulatorFor(before);
    mustBePluggable(added);
    if (added.kind === "interfaces" && added.device.type !== "network")
      checkConnection(added.device);
    await mustBeThere(added);
    const undo = new Undo();
    try {
      const coming = await this.#placed(live, { added, emulator }, undo);
      const { addition } = coming;
      await this.#recorded(addition, definition, async () => {
        await this.#plug({ id, emulator, ...coming }, undo);
        undo.forget();
        if (definition !== undefined) await this.save(definition);
      });
      if (addition.alias !== "") this.actor.tell({ kind: "deviceAdded", alias: addition.alias });
    } catch (error) {
      await undo.run(this.report);
      throw error;
    }
  }

  /** With its name and its place, but not yet in QEMU. */
  async #placed(
    live: LiveDomain,
    { added, emulator }: { added: KindedDevice; emulator: Emulator },
    undo: Undo,
  ): Promise<Coming> {
    const { env } = this.definitions;
    const pooled =
      added.kind === "interfaces"
        ? await cardFromPool(added.device, live.config, { env, undo })
        : undefined;
    const known = pooled ? ({ kind: "interfaces", device: pooled.card } as const) : added;
    const addition = withLiveDevice(live, await asOnHost(known), emulator.facts);
    mustBePluggable(deviceAt(addition.config, addition.place));
    checkDomain(asDefinition(addition.config), emulator.facts);
    return { addition, pool: pooled?.place };
  }

  /** A daemon that dies in the middle knows afterwards what was on its way. */
  #recorded(
    addition: LiveAddition,
    definition: ResolvedDomain | undefined,
    work: () => Promise<void>,
  ): Promise<void> {
    if (addition.alias === "") return work();
    const { uuid } = this.actor.view;
    return this.definitions.env.journal.during(
      { uuid, operation: ATTACH, note: attachNote(addition, definition) },
      async () => {
        await work();
        await this.actor.kept();
      },
    );
  }

  async #plug(
    { id, emulator, addition, pool }: Coming & { id: number; emulator: Emulator },
    undo: Undo,
  ): Promise<void> {
    const { env } = this.definitions;
    const { place, nodeIds, controllers } = addition;
    const { config: placed } = addition;
    const taps = new GuestTaps(placed, env);
    undo.add("tap devices", () => taps.close());
    const open = (need: Parameters<typeof openFor>[0]): Promise<number> =>
      openFor(need, taps, undo);
    const host = { open, report: this.report };
    for (const bus of controllers) {
      const steps = await stepsOf(
        { env, emulator, id, config: placed, place: bus, nodeIds: [] },
        this.ask,
      );
      await plugIn(this.ask, steps, host);
    }
    if (controllers.length > 0) this.keep(addition.withControllers); // they stay also when the rest fails
    const way = { owner: placed, added: deviceAt(placed, place), place: pool };
    const { config } = withAssignedDevice(addition, await takeForLive(env, way, undo));
    const companions = await this.#served(only(config, deviceAt(config, place)), id, undo);
    const hot = await stepsOf({ env, emulator, id, config, place, nodeIds }, this.ask);
    const terminals = await plugIn(this.ask, hot, host);
    const named = withSockets(withLinks(config, taps.links), socketsOf(hot));
    this.keep(await this.#asked(withTerminals(named, terminals), place), companions);
    await this.#setLink(deviceAt(config, place));
    await this.#limit(deviceAt(config, place));
  }

  /** Starts the processes that serve its one device. */
  async #served(config: ResolvedDomain, id: number, undo: Undo): Promise<readonly Companion[]> {
    const { paths, owners } = this.definitions.env;
    const shortName = shortNameOf(id, config.name);
    const user = owners?.user;
    const context = { domainDir: domainDirectory(paths, shortName) };
    return [
      ...(await startVirtiofs(config, { paths, user, context }, undo)),
      ...(await startPassts(config, { paths, user, shortName }, undo)),
    ];
  }

  /** QEMU finds the place of a memory module itself. */
  async #asked(config: ResolvedDomain, { kind }: DevicePlace): Promise<ResolvedDomain> {
    if (kind !== "memories") return config;
    const placed = withModules(config, await this.ask("query-memory-devices"));
    if (config.devices.memballoon?.model !== "virtio") return placed;
    return withActual(placed, await this.ask("query-balloon"));
  }

  #release(net: Interface): Promise<void> {
    const report = (error: unknown): void => this.report("network card", error);
    const { networks, filters } = this.definitions.env;
    return releaseLink(net, { networks, filters, owner: this.actor.view.definition.uuid, report });
  }

  /** QEMU plugs every card in with its cable. */
  async #setLink({ kind, device }: KindedDevice): Promise<void> {
    if (kind !== "interfaces" || device.link?.state !== "down") return;
    await this.ask("set_link", { name: aliasIn(device), up: false }).catch((error: unknown) =>
      this.report("set_link", error),
    );
  }

  /** A disk whose limits QEMU does not take stays without them (libvirt behaviour). */
  async #limit({ kind, device }: KindedDevice): Promise<void> {
    if (kind !== "disks") return;
    await throttle(this, device).catch((error: unknown) => this.report("iotune", error));
  }

  /** Asks the guest for the device; `gone` resolves when it and what stood behind it are gone. */
  async letGo(live: LiveDomain, place: DevicePlace): Promise<Leaving> {
    const { id, config } = live;
    const { uuid } = this.actor.view;
    const { env } = this.definitions;
    const leaving = deviceAt(config, place);
    mustBeUnpluggable(leaving);
    const emulator = await env.emulatorFor(config);
    if (leaving.kind === "disks") refuseBlockJob(live, leaving.device);
    const nodeIds = liveNodeIds(config, place);
    const steps = await presentSteps({ env, emulator, id, config, place, nodeIds });
    if (place.kind === "leases") {
      this.keep(removeDevice(config, place.kind, place.index));
      return { gone: Promise.resolve() };
    }
    const gone = this.actor.leaving.wait(aliasIn(leaving.device));
    gone.catch(() => undefined); // a request that QEMU refuses is told otherwise
    await askToLetGo(this.ask, steps);
    const clean = async (): Promise<void> => {
      if (this.actor.view.live?.id !== id) return;
      await removeBehind(this.ask, steps, this.report);
      for (const path of listeningPaths({ config: only(config, leaving) })) removeSocket(path);
      if (leaving.kind === "interfaces") {
        await this.#release(leaving.device);
        await clearPassts(env.paths, shortNameOf(id, config.name), aliasIn(leaving.device));
      }
      await releaseDevices(env, { uuid, alias: aliasIn(leaving.device) }, (error) =>
        this.report("place in a network", error),
      );
    };
    return { gone: gone.then(() => this.actor.change("detachDevice", clean)) };
  }
}

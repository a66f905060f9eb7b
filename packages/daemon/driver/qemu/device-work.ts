/** What every change of a domain's devices is made of. */
import { explainError } from "@vireo/model/error";
import { checkDomain } from "@vireo/model/domain/check/check";
import type { DevicePlace } from "@vireo/model/domain/device/change-devices";
import type { KindedDevice } from "@vireo/model/domain/device/parse-device";
import { resolveDomain } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { saveChanged, type Definitions } from "./definition.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { LiveDomain } from "./domain-view.ts";
import { askToLetGo, plugIn, removeBehind, stepsOf } from "./hot-plug.ts";
import { asDefinition, liveNodeIds, withLiveDevice } from "./live-devices.ts";

export interface Leaving {
  readonly gone: Promise<void>;
}

const aliasIn = (device: { readonly alias?: { readonly name: string } }): string =>
  device.alias?.name ?? "";

/** One change of devices of one domain. */
export class DeviceWork {
  readonly definitions: Definitions;
  readonly actor: DomainActor;

  constructor(definitions: Definitions, actor: DomainActor) {
    this.definitions = definitions;
    this.actor = actor;
  }

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

  async attachLive({ id, config: before }: LiveDomain, added: KindedDevice): Promise<void> {
    const { env } = this.definitions;
    const emulator = await env.emulatorFor(before);
    const addition = withLiveDevice(before, added, emulator.facts);
    checkDomain(asDefinition(addition.config), emulator.facts);
    const steps = await stepsOf({ env, emulator, id, ...addition });
    await plugIn(this.actor, steps, this.report);
    const { live } = this.actor.view;
    if (live === undefined) return; // it ended meanwhile, which its own events tell
    this.actor.update(
      { live: { ...live, config: addition.config } },
      { kind: "deviceAdded", alias: addition.alias },
    );
  }

  /** Asks the guest for the device; `gone` resolves when it and what stood behind it are gone. */
  async letGo({ id, config }: LiveDomain, place: DevicePlace): Promise<Leaving> {
    const { env } = this.definitions;
    const emulator = await env.emulatorFor(config);
    const device: object | undefined = config.devices[place.kind]?.[place.index];
    const nodeIds = liveNodeIds(config, place);
    const steps = await stepsOf({ env, emulator, id, config, place, nodeIds });
    const gone = this.actor.deviceGone(aliasIn(device ?? {}));
    await askToLetGo(this.actor, steps);
    const clean = (): Promise<void> => removeBehind(this.actor, steps, this.report);
    return { gone: gone.then(() => this.actor.change("detachDevice", clean)) };
  }
}

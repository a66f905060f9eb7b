/** What QEMU says of its own accord: published, told on, and acted upon. `life-event` draws the states. */
import { explainError } from "@vireo/model/error";
import type { DomainEventBody } from "@vireo/model/event";
import type { QemuEnvironment } from "./environment.ts";
import { newsOfDeviceEvent } from "./device-event.ts";
import type { DomainEnd } from "./domain-end.ts";
import type { DomainView, LiveDomain } from "./domain-view.ts";
import type { GuestEvent } from "./guest-event.ts";
import type { LeavingDevices } from "./leaving-devices.ts";
import { reactToLifeEvent, type LifeIntent, type Reaction } from "./life-event.ts";
import { afterEvent, deviceNames, lifeActions } from "./live-event.ts";

/** Who follows what QEMU says, beside the actor itself. */
export interface Follower {
  readonly onEvent?: (event: GuestEvent) => void;
  /** A QEMU was found again: what was missed is to be asked for. */
  readonly onFound?: () => Promise<void>;
}

/** The actor, as far as the hearing needs it. */
interface HearingActor {
  readonly view: DomainView;
  readonly intent: LifeIntent;
  readonly leaving: LeavingDevices;
  readonly update: (change: Partial<DomainView>) => void;
  readonly tell: (...news: readonly DomainEventBody[]) => void;
}

/** The actor, and what only the hearing may touch of it. */
interface HearingDomain {
  readonly actor: HearingActor;
  readonly env: QemuEnvironment;
  readonly ending: DomainEnd;
  readonly restart: (live: LiveDomain) => Promise<void>;
}

export class DomainHearing {
  readonly #domain: HearingDomain;
  readonly #followers: Follower[] = [];

  constructor(domain: HearingDomain) {
    this.#domain = domain;
  }

  add(follower: Follower): void {
    this.#followers.push(follower);
  }

  hear(event: GuestEvent): void {
    const { actor, ending } = this.#domain;
    const { live, state } = actor.view;
    if (live === undefined || ending.isUnheard(event)) return;
    for (const { onEvent } of this.#followers) onEvent?.(event);
    actor.leaving.hear(event);
    const changed = afterEvent(live, event);
    if (changed !== live) actor.update({ live: changed });
    actor.tell(...newsOfDeviceEvent(event, deviceNames(live.config)));
    const facts = { state, actions: lifeActions(live.config), ...actor.intent };
    this.#react(reactToLifeEvent(event, facts), live);
  }

  /** A QEMU was found again, and what it became meanwhile has been heard. */
  async found(): Promise<void> {
    for (const { onFound } of this.#followers) await onFound?.();
  }

  #react({ state, news, sequel, nextPause }: Reaction, live: LiveDomain): void {
    const { actor, env, ending, restart } = this.#domain;
    if (nextPause !== undefined) actor.intent.pauseReason = nextPause;
    if (state !== undefined) {
      if (state.state === "paused") actor.intent.pauseReason = "user";
      actor.update({ state });
    }
    actor.tell(...news);
    if (sequel === undefined || ending.reason !== undefined) return;
    const work = sequel.do === "restart" ? restart(live) : ending.end(live, sequel.reason);
    work.catch((error: unknown) =>
      env.log.warn({ domain: actor.view.name, what: sequel.do }, explainError(error)),
    );
  }
}

/**
 * The one writer of a domain. Calls take turns; QEMU's events are taken as they come; readers use
 * `view`, which never waits. `life-event` draws the states.
 *
 * Ending goes past the turns: a process is killed also while a change waits for it, and the change
 * then fails at once because the monitor is gone.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { explainError, virError } from "@vireo/model/error";
import type { DomainEventBody } from "@vireo/model/event";
import { nameDevices } from "@vireo/model/domain/resolve/name-devices";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import { domainState, type StateReason } from "@vireo/model/state-reason";
import { within } from "../../host/clock.ts";
import { isAlive, waitForExit, type ProcessIdentity } from "../../host/process.ts";
import { mustBeAllowed, type DomainRequest } from "../decide.ts";
import { newsOfDeviceEvent } from "./device-event.ts";
import { identityOf, type DomainView, type LiveDomain } from "./domain-view.ts";
import { endProcess } from "./end-process.ts";
import { withGuestCpu, withMadeCpu } from "./guest-cpu.ts";
import type { QemuEnvironment } from "./environment.ts";
import type { GuestEvent } from "./guest-event.ts";
import { GuestMonitor, type MonitorHealth, type MonitorListener } from "./guest-monitor.ts";
import { asked, launch, type LaunchWay } from "./launch.ts";
import {
  reactToLifeEvent,
  tellEnd,
  type EndReason,
  type LifeIntent,
  type Reaction,
} from "./life-event.ts";
import { afterEvent, deviceNames, lifeActions } from "./live-event.ts";
import { statusOf } from "./live-status.ts";
import { noDomain } from "./no-domain.ts";
import { clearRemains } from "./remains.ts";
import { resumeSaved, type SavedState } from "./resume-saved.ts";
import { endOfFound, missedEvents } from "./run-status.ts";
import { isSaved } from "./saved-image.ts";
import { StatusKeeper } from "./status-keeper.ts";
import { TurnQueue } from "./turn-queue.ts";
import { Undo } from "./undo.ts";

export interface StartOptions {
  /** Leave the vCPUs stopped. */
  readonly paused?: boolean | undefined;
  /** Start with fresh firmware variables. */
  readonly resetNvram?: boolean | undefined;
  /** Go on from here instead of booting. */
  readonly saved?: SavedState | undefined;
}

const EVENTS_AFTER_END_MS = 200;
const CLEAR_MS = 2000;
const LOST_MS = 2000;
const RECONNECT_MS = 1000;

export class DomainActor {
  readonly #env: QemuEnvironment;
  readonly #turns = new TurnQueue();
  readonly #status: StatusKeeper;
  readonly #onInactive: (actor: DomainActor) => void;
  #view: DomainView;
  #monitor: GuestMonitor | undefined;
  #booting = false;
  #closed = false;
  #finishing: Promise<void> | undefined;
  #endReason: EndReason | undefined;
  /** What is about to happen by our own will. */
  readonly intent: LifeIntent = { rebooting: false, pauseReason: "user", runReason: "unpaused" };
  /** Who waits for a device to be gone, by alias. */
  readonly #leaving = new Map<string, () => void>();

  /** `onInactive` hears of each end; the list forgets transient domains then. */
  constructor(env: QemuEnvironment, view: DomainView, onInactive: (actor: DomainActor) => void) {
    this.#env = env;
    this.#view = view;
    this.#onInactive = onInactive;
    this.#status = new StatusKeeper(env.store, (error) => this.#report("status file", error));
  }

  get view(): DomainView {
    return this.#view;
  }

  get identity(): DomainIdentity {
    return identityOf(this.#view);
  }

  /** Whether the monitor can be used, or what uses it. */
  get health(): MonitorHealth {
    return this.#monitor?.health ?? { state: "error", sinceMs: 0 };
  }

  /** Whether the list knows it; one that it has forgotten does nothing any more. */
  listed = false;

  /** Runs a change in its turn, after checking that the state allows it. */
  async turn<T>(request: DomainRequest, work: () => T | Promise<T>): Promise<T> {
    return this.change(request, () => {
      this.allow(request);
      return work();
    });
  }

  /** Runs a change in its turn that any state allows. @throws VireoError `noDomain` */
  async change<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    return this.#turns.run(what, async () => {
      await this.#finishing; // the end of the last run is told first
      if (!this.listed) throw noDomain({ uuid: this.#view.uuid });
      return work();
    });
  }

  /** @throws VireoError `operationInvalid` */
  allow(request: DomainRequest): void {
    const { state, persistent, live } = this.#view;
    mustBeAllowed(request, { state, persistent, active: live !== undefined });
  }

  /** Publishes a change of what is known; only to be called in a turn. */
  update(change: Partial<DomainView>, ...news: readonly DomainEventBody[]): void {
    this.#view = { ...this.#view, ...change };
    this.#saveStatus();
    this.tell(...news);
  }

  tell(...news: readonly DomainEventBody[]): void {
    const domain = this.identity;
    this.#env.events.publish(...news.map((one) => ({ ...one, domain })));
  }

  /** In a turn. @throws VireoError */
  async ask(command: string, args: Parameters<GuestMonitor["execute"]>[1] = {}): Promise<unknown> {
    if (this.#monitor !== undefined) return this.#monitor.execute(command, args);
    throw virError("operationTimeout", "the monitor of the domain does not answer");
  }

  // --- starting

  /** With its definition, unless `config` says otherwise. */
  start(options: StartOptions, config?: ResolvedDomain): Promise<DomainIdentity> {
    return this.turn("start", () => this.#boot(config ?? this.#view.definition, options));
  }

  async #boot(
    definition: ResolvedDomain,
    { paused = false, resetNvram = false, saved }: StartOptions,
  ): Promise<DomainIdentity> {
    const undo = new Undo();
    const how = saved === undefined ? "booted" : "restored";
    this.#finishing = undefined;
    this.#endReason = undefined;
    this.#booting = true;
    try {
      await this.#launch(definition, { resetNvram, incoming: saved !== undefined }, undo);
      if (saved !== undefined) await resumeSaved(this, this.#env, saved);
      if (paused) this.update({ state: domainState("paused", "user") });
      else await this.run(how);
      undo.forget();
    } catch (error) {
      await undo.run((what, fault) => this.#report(what, fault));
      this.#dropLive(this.#reasonOr("failed"));
      await this.#status.settled();
      throw error;
    } finally {
      this.#booting = false;
    }
    this.tell({ kind: "lifecycle", event: "started", detail: how });
    const detail = saved === undefined ? "paused" : "restored";
    if (paused) this.tell({ kind: "lifecycle", event: "suspended", detail });
    return this.identity;
  }

  async #launch(definition: ResolvedDomain, way: LaunchWay, undo: Undo): Promise<void> {
    const emulator = await this.#env.emulatorFor(definition);
    const { live, monitor } = await launch(
      this.#env,
      {
        id: this.#env.nextId(),
        config: nameDevices(await withGuestCpu(definition, emulator)),
        emulator,
        ...way,
        listener: this.#listener,
        onProcess: async (begun) => {
          this.update({ live: begun, state: domainState("paused", "startingUp"), updated: false });
          await this.#status.settled();
        },
      },
      undo,
    );
    this.#monitor = monitor;
    this.update({ live: await withMadeCpu(live, emulator, monitor) });
    if (lifeActions(live.config).onReboot === "destroy" && emulator.caps.flags.has("set-action"))
      await monitor.execute("set-action", { reboot: "shutdown" });
  }

  /** Lets the vCPUs run, in a turn. */
  async run(reason: StateReason<"running">): Promise<void> {
    this.intent.runReason = reason;
    try {
      await this.ask("cont");
    } finally {
      this.intent.runReason = "unpaused";
    }
  }

  // --- ending

  async destroy({ graceful = false }: { graceful?: boolean | undefined }): Promise<void> {
    this.allow("destroy");
    const { live } = this.#view;
    const wasBooting = this.#booting;
    if (live !== undefined) await this.#end(live, "destroyed", graceful);
    if (wasBooting) await this.#turns.run("destroy", () => undefined); // the start clears up after itself
  }

  async end(reason: EndReason): Promise<void> {
    const { live } = this.#view;
    if (live !== undefined) await this.#end(live, reason);
  }

  async #end(live: LiveDomain, reason: EndReason, graceful = false): Promise<void> {
    this.#endReason = reason;
    await endProcess(live.process, { graceful });
    await this.#finish(live);
  }

  /** After the process has ended, however it did: once for each process. */
  #finish(live: LiveDomain): Promise<void> {
    if (this.#finishing !== undefined) return this.#finishing;
    if (this.#booting || !this.#isCurrent(live.process)) return Promise.resolve();
    this.#finishing = this.#clear(live);
    return this.#finishing;
  }

  async #clear(live: LiveDomain): Promise<void> {
    const monitor = this.#monitor;
    // its last events may still be on their way to us
    if (monitor !== undefined) await within(EVENTS_AFTER_END_MS, monitor.ended);
    monitor?.close();
    const { reason, detail } = tellEnd(this.#view.state, this.#endReason);
    const report = (what: string, error: unknown): void => this.#report(what, error);
    // a file system that hangs must not keep the domain from being seen as off
    await within(CLEAR_MS, clearRemains(live, { paths: this.#env.paths, reason, report }));
    this.#dropLive(reason);
    await this.#status.settled();
    this.tell({ kind: "lifecycle", event: "stopped", detail });
    this.#onInactive(this);
  }

  #reasonOr(otherwise: EndReason): EndReason {
    return this.#endReason ?? otherwise;
  }

  #dropLive(reason: EndReason): void {
    const { live: _gone, ...rest } = this.#view;
    this.#view = { ...rest, state: domainState("shutoff", reason), updated: false };
    this.#monitor = undefined;
    this.intent.rebooting = false;
    this.#leaving.clear();
    this.intent.pauseReason = "user";
    this.#status.drop(this.#view.name);
  }

  /** Resets the machine in place and lets it run: what a reboot is for a guest that powered off. */
  async #restart(live: LiveDomain): Promise<void> {
    const crashed = this.#view.state.state === "crashed";
    try {
      await this.#turns.run("restart", async () => {
        if (!this.#isCurrent(live.process)) return;
        this.intent.rebooting = false;
        await this.ask("system_reset");
        await this.run(crashed ? "crashed" : "booted");
      });
    } catch (error) {
      this.#report("restart", error);
      await this.#end(live, "failed");
    }
  }

  // --- QEMU speaks

  readonly #listener: MonitorListener = {
    onEvent: (event) => this.#hear(event),
    onLost: (reason) => {
      const { live } = this.#view;
      if (live !== undefined && !this.#booting && !this.#closed) void this.#lost(live, reason);
    },
  };

  /** Resolves when QEMU says that the device is gone. To be called before asking for that. */
  deviceGone(alias: string): Promise<void> {
    return new Promise((resolve) => void this.#leaving.set(alias, resolve));
  }

  #hear(event: GuestEvent): void {
    const { live, state } = this.#view;
    if (live === undefined) return;
    if (event.name === "DEVICE_DELETED") this.#leaving.get(String(event.data["device"]))?.();
    const changed = afterEvent(live, event);
    if (changed !== live) this.update({ live: changed });
    this.tell(...newsOfDeviceEvent(event, deviceNames(live.config)));
    this.#follow(
      reactToLifeEvent(event, {
        state,
        actions: lifeActions(live.config),
        ...this.intent,
      }),
      live,
    );
  }

  #follow({ state, news, sequel, nextPause }: Reaction, live: LiveDomain): void {
    if (nextPause !== undefined) this.intent.pauseReason = nextPause;
    if (state !== undefined) {
      if (state.state === "paused") this.intent.pauseReason = "user";
      this.update({ state });
    }
    this.tell(...news);
    if (sequel === undefined || this.#endReason !== undefined) return;
    const work = sequel.do === "restart" ? this.#restart(live) : this.#end(live, sequel.reason);
    work.catch((error: unknown) => this.#report(sequel.do, error));
  }

  /** The line broke: the process ended, or it must be found again. */
  async #lost(live: LiveDomain, reason: unknown): Promise<void> {
    this.#env.log.debug({ domain: this.#view.name }, explainError(reason));
    if (await waitForExit(live.process, LOST_MS)) return this.#finish(live);
    this.#monitor = undefined;
    this.tell({ kind: "controlError" });
    return this.#reconnect(live);
  }

  // --- finding a running QEMU again

  /**
   * Takes over the process that an earlier daemon left. Resolves soon in any case: a QEMU that does
   * not answer keeps its last known state, and is asked again and again.
   */
  async adopt(live: LiveDomain, ofThisBoot: boolean): Promise<void> {
    this.#view = { ...this.#view, live };
    if (!ofThisBoot || !isAlive(live.process)) return this.#finish(live);
    if (!(await this.#attach(live))) void this.#reconnect(live);
  }

  async #reconnect(live: LiveDomain): Promise<void> {
    while (!this.#closed && this.#isCurrent(live.process)) {
      if (!isAlive(live.process)) return this.#finish(live);
      if (await this.#attach(live)) return;
      await sleep(RECONNECT_MS, undefined, { ref: false });
    }
  }

  async #attach(live: LiveDomain): Promise<boolean> {
    try {
      const at = { path: live.monitorPath, process: live.process, timeoutMs: RECONNECT_MS };
      const monitor = await GuestMonitor.connect(at, this.#listener);
      this.#monitor = monitor;
      await this.#catchUp(live, monitor);
      return true;
    } catch (error) {
      this.#monitor?.close(); // QEMU talks to one client at a time
      this.#monitor = undefined;
      this.#report("adoption", error);
      return false;
    }
  }

  async #catchUp(live: LiveDomain, monitor: GuestMonitor): Promise<void> {
    const status = await monitor.execute("query-status");
    const saved = isSaved(this.#env.paths, this.#view.name);
    const end = endOfFound(status, { known: this.#view.state, saved });
    if (end !== undefined) return this.#end(live, end);
    for (const event of missedEvents(status)) this.#hear(event);
    if (this.#isCurrent(live.process)) this.update({ live: await asked(live, monitor) });
  }

  /** Lets go without touching the guest. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#monitor?.close();
    await this.#status.settled();
  }

  #isCurrent({ pid, startTime }: ProcessIdentity): boolean {
    const process = this.#view.live?.process;
    return process?.pid === pid && process.startTime === startTime;
  }

  #saveStatus(): void {
    const status = statusOf(this.#view, this.#env.bootId);
    if (status !== undefined) this.#status.keep(status);
  }

  #report(what: string, error: unknown): void {
    this.#env.log.warn({ domain: this.#view.name, what }, explainError(error));
  }
}

/**
 * The one writer of a domain. Calls take turns; QEMU's events are taken as they come; readers use
 * `view`, which never waits. `life-event` draws the states.
 *
 * Ending goes past the turns: a process is killed also while a change waits for it, and the change
 * then fails at once because the monitor is gone.
 */
import { explainError } from "@vireo/model/error";
import type { DomainEventBody } from "@vireo/model/event";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import { domainState, type StateReason } from "@vireo/model/state-reason";
import { isAlive, type ProcessIdentity } from "../../host/process.ts";
import { mustBeAllowed, type DomainRequest } from "../decide.ts";
import { admitsOf, DomainJob, JobBoard, type JobPlan } from "./domain-job.ts";
import { identityOf, type DomainView, type LiveDomain } from "./domain-view.ts";
import { hookOnLive } from "./domain-hooks.ts";
import { boot, type BootingDomain, type StartOptions } from "./domain-boot.ts";
import { DomainEnd } from "./domain-end.ts";
import { DomainHearing, type Follower } from "./domain-hearing.ts";
import type { QemuEnvironment } from "./environment.ts";
import { GuestLine } from "./guest-line.ts";
import type { GuestMonitor, MonitorHealth } from "./guest-monitor.ts";
import { LeavingDevices } from "./leaving-devices.ts";
import { asked } from "./launch.ts";
import type { EndReason, LifeIntent } from "./life-event.ts";
import { withNodesCounted } from "./live-disk.ts";
import { statusOf } from "./live-status.ts";
import { missedDevices, peripherals } from "./missed-devices.ts";
import { noDomain } from "./no-domain.ts";
import { endOfFound, missedEvents } from "./run-status.ts";
import { isSaved } from "./saved-image.ts";
import { StatusKeeper } from "./status-keeper.ts";
import { TurnQueue } from "./turn-queue.ts";

export class DomainActor {
  readonly #env: QemuEnvironment;
  readonly #turns = new TurnQueue();
  readonly #status: StatusKeeper;
  readonly #ending: DomainEnd;
  readonly #hearing: DomainHearing;
  #view: DomainView;
  /** What is about to happen by our own will. */
  readonly intent: LifeIntent = { rebooting: false, pauseReason: "user", runReason: "unpaused" };
  /** Devices that the guest was asked to let go of. */
  readonly leaving = new LeavingDevices();
  readonly #watchers = new Set<() => void>();
  /** The long job beside the turns. */
  readonly jobs = new JobBoard((news) => this.tell(news));

  /** `onInactive` hears of each end; the list forgets transient domains then. */
  constructor(env: QemuEnvironment, view: DomainView, onInactive: (actor: DomainActor) => void) {
    this.#env = env;
    this.#view = view;
    this.#status = new StatusKeeper(env.store, (error) => this.#report("status file", error));
    this.#ending = new DomainEnd({
      env,
      line: this.#line,
      view: () => this.#view,
      isCurrent: (process) => this.#isCurrent(process),
      dropLive: (reason) => this.#dropLive(reason),
      onEnded: (detail) => {
        this.tell({ kind: "lifecycle", event: "stopped", detail });
        onInactive(this);
      },
      report: (what, error) => this.#report(what, error),
    });
    const restart = (live: LiveDomain): Promise<void> => this.#restart(live);
    this.#hearing = new DomainHearing({ actor: this, env, ending: this.#ending, restart });
  }

  get view(): DomainView {
    return this.#view;
  }

  get identity(): DomainIdentity {
    return identityOf(this.#view);
  }

  /** Whether the monitor can be used, or what uses it. */
  get health(): MonitorHealth {
    return this.#line.health;
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
      await this.#ending.settled(); // the end of the last run is told first
      if (!this.listed) throw noDomain({ uuid: this.#view.uuid });
      return work();
    });
  }

  /**
   * Runs a long job beside the turns; what its plan does not admit waits until it is over. Steps
   * that must not meet an admitted change are to be run with `job.turn`.
   * @throws VireoError as `turn`; `operationAborted` when a client ended it
   */
  job<T>(
    request: DomainRequest,
    plan: JobPlan,
    work: (job: DomainJob) => T | Promise<T>,
  ): Promise<T> {
    return this.#turns.runJob(request, admitsOf(plan), async (turn) => {
      await this.#ending.settled();
      if (!this.listed) throw noDomain({ uuid: this.#view.uuid });
      this.allow(request);
      const job = new DomainJob(plan, turn);
      return this.jobs.run(job, () => work(job));
    });
  }

  /** @throws VireoError `operationInvalid` */
  allow(request: DomainRequest): void {
    const { state, persistent, live } = this.#view;
    mustBeAllowed(request, { state, persistent, active: live !== undefined });
  }

  /** Publishes a change of what is known; only to be called in a turn. */
  update(change: Partial<DomainView>, ...news: readonly DomainEventBody[]): void {
    this.#publish(withNodesCounted(this.#view, { ...this.#view, ...change }));
    this.#saveStatus();
    this.tell(...news);
  }

  follow(follower: Follower): void {
    this.#hearing.add(follower);
  }

  /** Resolves when what is published fulfils the condition. */
  until(condition: (view: DomainView) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition(this.#view)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #publish(view: DomainView): void {
    this.#view = view;
    for (const look of this.#watchers) look();
  }

  /** Resolves when what was published last is in the status file. */
  kept(): Promise<void> {
    return this.#status.settled();
  }

  tell(...news: readonly DomainEventBody[]): void {
    const domain = this.identity;
    this.#env.events.publish(...news.map((one) => ({ ...one, domain })));
  }

  /** In a turn. @throws VireoError */
  ask(...call: Parameters<GuestMonitor["execute"]>): Promise<unknown> {
    const run = (): Promise<unknown> => this.#line.execute(...call);
    return this.#env.owners?.around(this.#view.uuid, call, run) ?? run();
  }

  // --- starting

  /** With its definition, unless `config` says otherwise. */
  start(options: StartOptions, config?: ResolvedDomain): Promise<DomainIdentity> {
    return this.turn("start", async () => {
      const booting: BootingDomain = {
        actor: this,
        env: this.#env,
        line: this.#line,
        ending: this.#ending,
        dropLive: (reason) => this.#dropLive(reason),
        report: (what, error) => this.#report(what, error),
      };
      await boot(booting, config ?? this.#view.definition, options);
      return this.identity;
    });
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
    const wasBooting = this.#ending.isBooting;
    if (live !== undefined) await this.#ending.end(live, "destroyed", graceful);
    if (wasBooting) await this.#turns.run("destroy", () => undefined); // the start clears up after itself
  }

  async end(reason: EndReason): Promise<void> {
    const { live } = this.#view;
    if (live !== undefined) await this.#ending.end(live, reason);
  }

  async #dropLive(reason: EndReason): Promise<void> {
    const { live: _gone, ...rest } = this.#view;
    this.#publish({ ...rest, state: domainState("shutoff", reason), updated: false });
    this.#line.drop();
    this.intent.rebooting = false;
    this.leaving.end();
    this.intent.pauseReason = "user";
    this.#status.drop(this.#view.name);
    await this.#status.settled();
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
      await this.#ending.end(live, "failed");
    }
  }

  // --- QEMU speaks

  readonly #line = new GuestLine({
    onEvent: (event) => this.#hearing.hear(event),
    onLost: (reason) => {
      const { live } = this.#view;
      if (live === undefined || this.#ending.isBooting || this.#line.isClosed) return;
      this.#env.log.debug({ domain: this.#view.name }, explainError(reason));
      void this.#line.lost(live, () => this.tell({ kind: "controlError" }));
    },
    isCurrent: (process) => this.#isCurrent(process),
    onGone: (live) => this.#ending.finish(live),
    onFound: (live, monitor) => this.#catchUp(live, monitor),
    report: (what, error) => this.#report(what, error),
  });

  // --- finding a running QEMU again

  /**
   * Takes over the process that an earlier daemon left. Resolves soon in any case: a QEMU that does
   * not answer keeps its last known state, and is asked again and again.
   */
  async adopt(live: LiveDomain, ofThisBoot: boolean): Promise<void> {
    this.#view = { ...this.#view, live };
    if (!ofThisBoot || !isAlive(live.process)) return this.#ending.finish(live);
    await this.#line.adopt(live);
    // in its own time: a script that hangs keeps no daemon from starting
    hookOnLive(this.#env, "reconnect", live).catch((error: unknown) => {
      this.#report("hook reconnect", error);
      return this.#ending.end(live, "failed");
    });
  }

  async #catchUp(live: LiveDomain, monitor: GuestMonitor): Promise<void> {
    const status = await monitor.execute("query-status");
    const saved = isSaved(this.#env.paths, this.#view.name);
    const end = endOfFound(status, { known: this.#view.state, saved });
    if (end !== undefined) return this.#ending.endFound(live, end);
    const missed = missedDevices(live.config, await peripherals(this));
    for (const event of [...missedEvents(status), ...missed]) this.#hearing.hear(event);
    const now = this.#view.live; // as those events have left it
    if (now !== undefined && this.#isCurrent(live.process))
      this.update({ live: await asked(now, monitor) });
    await this.#hearing.found();
  }

  /** Lets go without touching the guest. */
  async close(): Promise<void> {
    this.#line.close();
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

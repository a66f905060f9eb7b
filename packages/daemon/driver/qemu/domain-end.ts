/** How the runs of a domain end: each process is cleared away once, however it ended. */
import { domainState } from "@vireo/model/state-reason";
import { within } from "../../host/clock.ts";
import { faultPoint } from "../../host/fault-point.ts";
import type { ProcessIdentity } from "../../host/process.ts";
import type { DomainView, LiveDomain } from "./domain-view.ts";
import { hookAfter } from "./domain-hooks.ts";
import { endProcess } from "./end-process.ts";
import type { QemuEnvironment } from "./environment.ts";
import type { GuestEvent } from "./guest-event.ts";
import type { GuestLine } from "./guest-line.ts";
import { tellEnd, type EndReason } from "./life-event.ts";
import { clearRemains } from "./remains.ts";

const EVENTS_AFTER_END_MS = 200;
const CLEAR_MS = 2000;

/** The actor, as far as ending needs it. */
export interface EndingOwner {
  readonly env: QemuEnvironment;
  readonly line: GuestLine;
  readonly view: () => DomainView;
  readonly isCurrent: (process: ProcessIdentity) => boolean;
  /** Publishes that the domain is off. Resolves when that is on disk. */
  readonly dropLive: (reason: EndReason) => Promise<void>;
  /** Everything is cleared away. */
  readonly onEnded: (detail: ReturnType<typeof tellEnd>["detail"]) => void;
  readonly report: (what: string, error: unknown) => void;
}

export class DomainEnd {
  readonly #owner: EndingOwner;
  #booting = false;
  #finishing: Promise<void> | undefined;
  #reason: EndReason | undefined;

  constructor(owner: EndingOwner) {
    this.#owner = owner;
  }

  /** Why the run ends or has ended, when that was our doing. */
  get reason(): EndReason | undefined {
    return this.#reason;
  }

  /** QEMU's word about an end that is told as something else: as a save, say. */
  isUnheard({ name }: GuestEvent): boolean {
    return name === "SHUTDOWN" && this.#reason !== undefined && this.#reason !== "destroyed";
  }

  /** A start is under way, which clears up after itself. */
  get isBooting(): boolean {
    return this.#booting;
  }

  /** Resolves when the end of the last run has been told. */
  async settled(): Promise<void> {
    await this.#finishing;
  }

  beginBoot(): void {
    this.#finishing = undefined;
    this.#reason = undefined;
    this.#booting = true;
  }

  endBoot(): void {
    this.#booting = false;
  }

  /** Ends the process and clears up. */
  async end(live: LiveDomain, reason: EndReason, graceful = false): Promise<void> {
    this.#reason = reason;
    await endProcess(live.process, { graceful });
    faultPoint("after ending QEMU");
    await this.finish(live);
  }

  /** A process that an earlier daemon left and that must not go on: what was begun with it is undone. */
  async endFound(live: LiveDomain, reason: EndReason): Promise<void> {
    const { name, state } = this.#owner.view();
    const begun = state.reason === domainState("paused", "startingUp").reason;
    const what = reason === "saved" && !begun ? "save finished" : "start undone";
    this.#owner.env.log.warn({ domain: name }, `Interrupted ${what}`);
    await this.end(live, reason);
  }

  /** After the process has ended, however it did: once for each process. */
  finish(live: LiveDomain): Promise<void> {
    if (this.#finishing !== undefined) return this.#finishing;
    if (this.#booting || !this.#owner.isCurrent(live.process)) return Promise.resolve();
    this.#finishing = this.#clear(live);
    return this.#finishing;
  }

  async #clear(live: LiveDomain): Promise<void> {
    const { line, env, report, view, dropLive, onEnded } = this.#owner;
    const { monitor } = line;
    // its last events may still be on their way to us
    if (monitor !== undefined) await within(EVENTS_AFTER_END_MS, monitor.ended);
    monitor?.close();
    const { reason, detail } = tellEnd(view().state, this.#reason);
    await hookAfter(env, "stopped", live.config);
    // a file system that hangs must not keep the domain from being seen as off
    await within(CLEAR_MS, clearRemains(live, { env, reason, report }));
    await dropLive(reason);
    await hookAfter(env, "release", live.config);
    onEnded(detail);
  }
}

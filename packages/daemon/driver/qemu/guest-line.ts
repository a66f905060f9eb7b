/** The line to one domain's QEMU: broken ones are found again as long as the process lives. */
import { setTimeout as sleep } from "node:timers/promises";
import { virError } from "@vireo/model/error";
import { isAlive, waitForExit, type ProcessIdentity } from "../../host/process.ts";
import type { LiveDomain } from "./domain-view.ts";
import { GuestMonitor, type MonitorHealth, type MonitorListener } from "./guest-monitor.ts";

const LOST_MS = 2000;
const RECONNECT_MS = 1000;

/** What the line is told and asks; the actor is the one who knows. */
export interface LineOwner {
  readonly onEvent: MonitorListener["onEvent"];
  /** The monitor hung up. The owner decides whether that is to be followed with `lost`. */
  readonly onLost: MonitorListener["onLost"];
  /** Whether the process is still the domain's. */
  readonly isCurrent: (process: ProcessIdentity) => boolean;
  /** The process has ended. */
  readonly onGone: (live: LiveDomain) => Promise<void>;
  /** A monitor answers again: what was missed is to be asked for. */
  readonly onFound: (live: LiveDomain, monitor: GuestMonitor) => Promise<void>;
  readonly report: (what: string, error: unknown) => void;
}

export class GuestLine {
  readonly #owner: LineOwner;
  #monitor: GuestMonitor | undefined;
  #closed = false;

  constructor(owner: LineOwner) {
    this.#owner = owner;
  }

  get monitor(): GuestMonitor | undefined {
    return this.#monitor;
  }

  /** Whether the monitor can be used, or what uses it. */
  get health(): MonitorHealth {
    return this.#monitor?.health ?? { state: "error", sinceMs: 0 };
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** For the monitor of a process that was just started. */
  get listener(): MonitorListener {
    return this.#owner;
  }

  take(monitor: GuestMonitor): void {
    this.#monitor = monitor;
  }

  drop(): void {
    this.#monitor = undefined;
  }

  /** @throws VireoError */
  async execute(...call: Parameters<GuestMonitor["execute"]>): Promise<unknown> {
    if (this.#monitor !== undefined) return this.#monitor.execute(...call);
    throw virError("operationTimeout", "the monitor of the domain does not answer");
  }

  /** The line broke: the process ended, or it must be found again. `meanwhile` runs in that case. */
  async lost(live: LiveDomain, meanwhile: () => void): Promise<void> {
    if (await waitForExit(live.process, LOST_MS)) return this.#owner.onGone(live);
    this.#monitor = undefined;
    meanwhile();
    return this.#reconnect(live);
  }

  /**
   * Finds the QEMU that an earlier daemon left. Resolves soon in any case: one that does not answer
   * is asked again and again.
   */
  async adopt(live: LiveDomain): Promise<void> {
    if (!(await this.#attach(live))) void this.#reconnect(live);
  }

  async #reconnect(live: LiveDomain): Promise<void> {
    while (!this.#closed && this.#owner.isCurrent(live.process)) {
      if (!isAlive(live.process)) return this.#owner.onGone(live);
      if (await this.#attach(live)) return;
      await sleep(RECONNECT_MS, undefined, { ref: false });
    }
  }

  async #attach(live: LiveDomain): Promise<boolean> {
    try {
      const at = { path: live.monitorPath, process: live.process, timeoutMs: RECONNECT_MS };
      const monitor = await GuestMonitor.connect(at, this.#owner);
      this.#monitor = monitor;
      await this.#owner.onFound(live, monitor);
      return true;
    } catch (error) {
      this.#monitor?.close(); // QEMU talks to one client at a time
      this.#monitor = undefined;
      this.#owner.report("adoption", error);
      return false;
    }
  }

  /** Lets go without touching the guest. */
  close(): void {
    this.#closed = true;
    this.#monitor?.close();
  }
}

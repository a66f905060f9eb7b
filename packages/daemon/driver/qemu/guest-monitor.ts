/**
 * The driver's line to one QEMU. Every command has a deadline, and a QEMU that was stopped by a
 * signal is noticed long before it passes.
 */
import { virError } from "@vireo/model/error";
import { QmpClient, type ExecuteOptions, type QmpEvent } from "@vireo/qemu/qmp/client";
import { monitorError } from "@vireo/qemu/qmp/qmp-error";
import type { JsonObject } from "@vireo/qemu/json";
import {
  isStopped,
  isStuckInKernel,
  processInfo,
  type ProcessIdentity,
} from "../../host/process.ts";
import { faultPoint } from "../../host/fault-point.ts";
import { sendDescriptor } from "../../host/send-descriptor.ts";
import { connectUnix } from "../../host/unix-listener.ts";

export interface MonitorListener {
  readonly onEvent: (event: QmpEvent) => void;
  /** The line is dead; the process may or may not be. Not called for `close`. */
  readonly onLost: (reason: unknown) => void;
}

/** For `domain.controlInfo`. */
export interface MonitorHealth {
  readonly state: "ok" | "occupied" | "error";
  readonly sinceMs: number;
}

const COMMAND_MS = 30_000;
const LOOK_MS = 200;
/** How many looks in a row must find the process unable to answer. */
const STOPPED_LOOKS = 2;
const STUCK_LOOKS = 25;

export class GuestMonitor {
  readonly #process: ProcessIdentity;
  readonly #client: QmpClient;
  readonly #ended = Promise.withResolvers<void>();
  #pending = 0;
  #busySince = 0;
  #hungUp = false;

  private constructor(process: ProcessIdentity, client: QmpClient) {
    this.#process = process;
    this.#client = client;
  }

  /**
   * @throws VireoError `operationTimeout` when QEMU says nothing within `timeoutMs`
   */
  static async connect(
    { path, process, timeoutMs }: { path: string; process: ProcessIdentity; timeoutMs: number },
    listener: MonitorListener,
  ): Promise<GuestMonitor> {
    const lost = Promise.withResolvers<unknown>();
    let connecting: Promise<QmpClient> | undefined;
    const connect = (): Promise<QmpClient> =>
      (connecting = QmpClient.connect(connectUnix(path), {
        timeoutMs,
        onEvent: listener.onEvent,
        onClose: lost.resolve,
        sendDescriptor,
      }));
    const client = await orStopped("greeting", process, connect).catch((error: unknown) => {
      // QEMU talks to one client at a time: one that comes late would lock out the next
      void connecting?.then(
        (late) => late.close(),
        () => undefined,
      );
      throw error;
    });
    const monitor = new GuestMonitor(process, client);
    void lost.promise.then((reason) => {
      monitor.#ended.resolve();
      if (!monitor.#hungUp) listener.onLost(reason);
    });
    return monitor;
  }

  /** Resolves when nothing more can come from QEMU. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /**
   * @throws VireoError `internalError` when QEMU refuses, `operationTimeout` when it does not
   * answer, `operationFailed` when it is gone
   */
  async execute(
    command: string,
    args: JsonObject = {},
    { timeoutMs = COMMAND_MS, ...rest }: ExecuteOptions = {},
  ): Promise<unknown> {
    if (this.#pending++ === 0) this.#busySince = performance.now();
    try {
      faultPoint(`before QMP ${command}`);
      const answer = await orStopped(command, this.#process, () =>
        this.#client.execute(command, args, { timeoutMs, ...rest }),
      );
      faultPoint(`after QMP ${command}`);
      return answer;
    } finally {
      this.#pending -= 1;
    }
  }

  /** Never waits. A line that is merely in use counts as well as an idle one until a second has passed. */
  get health(): MonitorHealth {
    if (this.#client.isClosed) return { state: "error", sinceMs: 0 };
    const sinceMs = this.#pending > 0 ? performance.now() - this.#busySince : 0;
    return { state: sinceMs > 1000 ? "occupied" : "ok", sinceMs: Math.round(sinceMs) };
  }

  close(): void {
    this.#hungUp = true;
    this.#client.close();
    this.#ended.resolve();
  }
}

const stoppedError = (command: string, pid: number, how: string) =>
  virError("operationTimeout", `QEMU process ${pid} is ${how} and does not answer '${command}'`);

/** Does not even send a command that would take effect at an unknown later time. */
async function orStopped<T>(
  command: string,
  process: ProcessIdentity,
  work: () => Promise<T>,
): Promise<T> {
  const before = processInfo(process.pid);
  if (before !== undefined && isStopped(before))
    throw stoppedError(command, process.pid, "stopped by a signal");
  const answer = work();
  const watch = watchStopped(command, process);
  try {
    return await Promise.race([answer, watch.stopped]);
  } catch (error) {
    throw monitorError(error);
  } finally {
    watch.end();
    answer.catch(() => undefined); // nobody waits any more when the watch has won
  }
}

function watchStopped(
  command: string,
  { pid }: ProcessIdentity,
): { stopped: Promise<never>; end: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const seen = { stopped: 0, stuck: 0 };
  const timer = setInterval(() => {
    const info = processInfo(pid);
    if (info === undefined) return;
    seen.stopped = isStopped(info) ? seen.stopped + 1 : 0;
    seen.stuck = isStuckInKernel(info) ? seen.stuck + 1 : 0;
    if (seen.stopped >= STOPPED_LOOKS) reject(stoppedError(command, pid, "stopped by a signal"));
    if (seen.stuck >= STUCK_LOOKS) reject(stoppedError(command, pid, "stuck in the kernel"));
  }, LOOK_MS);
  return { stopped: promise, end: () => clearInterval(timer) };
}

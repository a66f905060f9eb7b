/** The QEMU driver: takes over what runs, starts what is to start with the host, serves the rest. */
import type { Logger } from "pino";
import { explainError } from "@vireo/model/error";
import type { DomainEvent, MonitorEvent } from "@vireo/model/event";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import { EventBus } from "../../event/event-bus.ts";
import { bootId } from "../../host/boot-id.ts";
import { findCgroups } from "../../host/cgroup-host.ts";
import type { Paths } from "../../host/paths.ts";
import type { QemuUser } from "../../host/qemu-user.ts";
import { DomainStore } from "../../state/domain-store.ts";
import { JobJournal } from "../../state/job-journal.ts";
import { SnapshotStore } from "../../state/snapshot-store.ts";
import type { Driver } from "../contract.ts";
import { followBlockJobs } from "./block-job-follow.ts";
import { AgentLines } from "./agent-lines.ts";
import { bringBack } from "./bring-back.ts";
import { ConsoleSessions } from "./console-sessions.ts";
import { cpuRole } from "./cpu-role.ts";
import { DomainList } from "./domain-list.ts";
import { domainRole } from "./domain-role.ts";
import { Emulators } from "./emulators.ts";
import type { QemuEnvironment } from "./environment.ts";
import { imageOwners } from "./guest-user.ts";
import { imageUsers } from "./image-users.ts";
import { followDevices } from "./follow-devices.ts";
import { followMonitor } from "./follow-monitor.ts";
import { checkpointRole } from "./checkpoint/checkpoint-role.ts";
import { nativeRole } from "./native-role.ts";
import { qemuHost } from "./qemu-host.ts";
import { PerfCounters } from "./tune/perf-counters.ts";
import { snapshotRole } from "./snapshot/snapshot-role.ts";

const counter = (): { next: () => number; above: (id: number) => void } => {
  let last = 0;
  return { next: () => ++last, above: (id) => void (last = Math.max(last, id)) };
};

/** Late enough not to disturb whoever starts the daemon to use it at once. */
const KVM_PROBE_DELAY_MS = 5000;

/** Learns in the background whether KVM works, so that the first to ask need not wait. */
function learnKvm(emulators: Emulators, log: Logger): NodeJS.Timeout {
  const ask = (): void =>
    void emulators.kvm().catch((error: unknown) => log.warn(explainError(error)));
  return setTimeout(ask, KVM_PROBE_DELAY_MS).unref();
}

type QemuNeeds = Pick<
  QemuEnvironment,
  "secrets" | "volumes" | "volumeWork" | "networks" | "filters" | "devices" | "saveImageFormat"
> & {
  /** Whom guests run as, unless as ourselves. */
  readonly user?: QemuUser | undefined;
};

const eventBuses = (
  log: Logger,
): { readonly domain: EventBus<DomainEvent>; readonly monitor: EventBus<MonitorEvent> } => {
  const failed = (event: string, error: unknown): void =>
    log.error({ event }, `event subscriber failed: ${explainError(error)}`);
  return {
    domain: new EventBus((error, { kind }) => failed(kind, error)),
    monitor: new EventBus((error, { name }) => failed(name, error)),
  };
};

/** Resolves when running guests are adopted and those of autostart are on, or at least on their way. */
export async function startQemuDriver(
  paths: Paths,
  log: Logger,
  { user, ...beside }: QemuNeeds = {},
): Promise<Driver> {
  const events = eventBuses(log);
  const boot = await bootId();
  const emulators = new Emulators({ paths, bootId: boot, log });
  const ids = counter();
  const env: QemuEnvironment = {
    ...beside,
    ...(user && { owners: await imageOwners(user, { paths, log }) }),
    paths,
    store: new DomainStore(paths),
    journal: new JobJournal(paths.journal),
    snapshots: new SnapshotStore(paths),
    checkpoints: new SnapshotStore({ snapshots: paths.checkpoints }),
    events: events.domain,
    perf: new PerfCounters(),
    cgroups: await findCgroups(),
    agents: new AgentLines(events.domain),
    log,
    bootId: boot,
    nextId: ids.next,
    emulatorFor: (domain) => emulators.emulatorFor(domain),
  };
  const list = new DomainList((actor) => {
    followBlockJobs({ env, list }, actor);
    followDevices({ env }, actor);
    followMonitor(events.monitor, actor);
  });
  const definitions = { env, list };
  await bringBack(definitions, ids.above);
  const shared = { consoles: new ConsoleSessions(), lines: env.agents };
  const kvmTimer = learnKvm(emulators, log);
  return {
    name: "QEMU",
    errorDomain: ErrorDomain.qemu,
    roles: {
      connect: { ...qemuHost(emulators), ...cpuRole(emulators), ...nativeRole(env) },
      domain: domainRole(definitions, shared),
      domainSnapshot: snapshotRole(definitions),
      domainCheckpoint: checkpointRole(definitions),
    },
    events,
    images: imageUsers(definitions),
    close: async () => {
      clearTimeout(kvmTimer);
      shared.consoles.close();
      shared.lines.close();
      env.perf.close();
      await Promise.all(definitions.list.all().map((actor) => actor.close()));
    },
  };
}

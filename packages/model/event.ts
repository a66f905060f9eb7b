/**
 * What happens to domains, as told to clients. In every list of words the position is libvirt's
 * number, so that a door needs `indexOf` and no table of its own.
 */
import type { JobStats } from "./operation/domain-job.ts";
import type { DomainIdentity } from "./operation/domain-value.ts";

/** Lifecycle events and, for each, its details. */
export const LIFECYCLE = {
  defined: ["added", "updated", "renamed", "fromSnapshot"],
  undefined: ["removed", "renamed"],
  started: ["booted", "migrated", "restored", "fromSnapshot", "wakeup"],
  suspended: [
    "paused",
    "migrated",
    "ioError",
    "watchdog",
    "restored",
    "fromSnapshot",
    "apiError",
    "postcopy",
    "postcopyFailed",
  ],
  resumed: ["unpaused", "migrated", "fromSnapshot", "postcopy", "postcopyFailed"],
  stopped: ["shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "fromSnapshot"],
  shutdown: ["finished", "guest", "host"],
  pmsuspended: ["memory", "disk"],
  crashed: ["panicked", "crashloaded"],
} as const;
export type LifecycleKind = keyof typeof LIFECYCLE;
export type LifecycleDetail<K extends LifecycleKind = LifecycleKind> =
  (typeof LIFECYCLE)[K][number];
/** One change of life with a detail that fits it. */
export type LifecycleChange = {
  readonly [K in LifecycleKind]: { readonly event: K; readonly detail: LifecycleDetail<K> };
}[LifecycleKind];

const LIFECYCLE_ORDER = Object.keys(LIFECYCLE);

/** libvirt's two numbers of a lifecycle change. */
export function lifecycleNumbers(change: LifecycleChange): { event: number; detail: number } {
  const details: readonly string[] = LIFECYCLE[change.event];
  return { event: LIFECYCLE_ORDER.indexOf(change.event), detail: details.indexOf(change.detail) };
}

export const WATCHDOG_ACTIONS = [
  "none",
  "pause",
  "reset",
  "poweroff",
  "shutdown",
  "debug",
  "injectNmi",
] as const;
export const IO_ERROR_ACTIONS = ["none", "pause", "report"] as const;
export const GRAPHICS_PHASES = ["connect", "initialize", "disconnect"] as const;
export const GRAPHICS_FAMILIES = ["ipv4", "ipv6", "unix"] as const;
/** libvirt starts to count the agent's states at 1; the first word is never sent. */
export const AGENT_STATES = ["unknown", "connected", "disconnected"] as const;
export const AGENT_REASONS = ["unknown", "domainStarted", "channel"] as const;
export const METADATA_KINDS = ["description", "title", "element"] as const;
export const TRAY_CHANGES = ["open", "close"] as const;
export const DISK_CHANGES = ["changeMissingOnStart", "dropMissingOnStart"] as const;
export const BLOCK_JOB_STATUSES = ["completed", "failed", "canceled", "ready"] as const;

export interface GraphicsAddress {
  readonly family: (typeof GRAPHICS_FAMILIES)[number];
  readonly node: string;
  readonly service: string;
}

/** What each event says beside whose it is. */
interface EventBodies {
  readonly lifecycle: LifecycleChange;
  readonly reboot: object;
  readonly rtcChange: { readonly offset: number };
  readonly watchdog: { readonly action: (typeof WATCHDOG_ACTIONS)[number] };
  /** `reason` is `enospc` or empty. */
  readonly ioError: {
    readonly path: string;
    readonly alias: string;
    readonly action: (typeof IO_ERROR_ACTIONS)[number];
    readonly reason: string;
  };
  readonly graphics: {
    readonly phase: (typeof GRAPHICS_PHASES)[number];
    readonly local: GraphicsAddress;
    readonly remote: GraphicsAddress;
    readonly authScheme: string;
    readonly subjects: readonly { readonly type: string; readonly name: string }[];
  };
  readonly controlError: object;
  readonly agentLifecycle: {
    readonly state: (typeof AGENT_STATES)[number];
    readonly reason: (typeof AGENT_REASONS)[number];
  };
  readonly deviceAdded: { readonly alias: string };
  readonly deviceRemoved: { readonly alias: string };
  readonly deviceRemovalFailed: { readonly alias: string };
  readonly metadataChange: {
    readonly type: (typeof METADATA_KINDS)[number];
    readonly uri?: string;
  };
  readonly balloonChange: { readonly actualKiB: number };
  readonly trayChange: { readonly alias: string; readonly reason: (typeof TRAY_CHANGES)[number] };
  readonly diskChange: {
    readonly alias: string;
    readonly oldPath?: string;
    readonly newPath?: string;
    readonly reason: (typeof DISK_CHANGES)[number];
  };
  readonly pmWakeup: object;
  readonly pmSuspend: object;
  readonly pmSuspendDisk: object;
  /** `type` is libvirt's number of the block job's type. */
  readonly blockJob: {
    readonly path: string;
    readonly target: string;
    readonly type: number;
    readonly status: (typeof BLOCK_JOB_STATUSES)[number];
  };
  readonly jobCompleted: { readonly stats: JobStats };
  readonly migrationIteration: { readonly iteration: number };
  readonly blockThreshold: {
    readonly target: string;
    readonly path?: string;
    readonly threshold: number;
    readonly excess: number;
  };
}
export type DomainEventKind = keyof EventBodies;

/** An event about one domain; `domain.id` is absent when the domain is not active. */
export type DomainEvent<K extends DomainEventKind = DomainEventKind> = {
  readonly [N in K]: { readonly kind: N; readonly domain: DomainIdentity } & EventBodies[N];
}[K];

/** What an event says, not yet whose it is. */
export type DomainEventBody<K extends DomainEventKind = DomainEventKind> = {
  readonly [N in K]: { readonly kind: N } & EventBodies[N];
}[K];

/** An event in QEMU's own words. */
export interface MonitorEvent {
  readonly domain: DomainIdentity;
  readonly name: string;
  /** JSON of what belongs to it; absent when nothing does. */
  readonly details?: string;
  /** Microseconds since the epoch, by the host's clock. */
  readonly timestampUs: number;
}

/** How each domain event travels: libvirt's event id, the message with a callback id, the old one without. */
import {
  AGENT_REASONS,
  AGENT_STATES,
  BLOCK_JOB_STATUSES,
  DISK_CHANGES,
  GRAPHICS_FAMILIES,
  GRAPHICS_PHASES,
  IO_ERROR_ACTIONS,
  lifecycleNumbers,
  METADATA_KINDS,
  TRAY_CHANGES,
  WATCHDOG_ACTIONS,
  type DomainEvent,
  type DomainEventKind,
  type GraphicsAddress,
} from "@vireo/model/event";
import { remote, type RemoteEventName, type RemoteMessage } from "@vireo/rpc/program/remote";
import type { DoorSession } from "./door-session.ts";
import { jobParams } from "./domain-job.ts";
import { wireDomain } from "./wire.ts";

/** One of libvirt's numbered events. Both senders are given events of `kind` only. */
export interface WireEvent {
  readonly id: number;
  readonly kind: DomainEventKind | "never";
  readonly send: (session: DoorSession, callbackID: number, event: DomainEvent) => void;
  /** For clients that registered without callback ids. */
  readonly sendOld?: (session: DoorSession, event: DomainEvent) => void;
}

/** Names of messages whose body is the callback id and a body `B` in `msg`. */
type Wrapped = {
  [N in RemoteEventName]: RemoteMessage<N> extends { callbackID: number; msg: object } ? N : never;
}[RemoteEventName];
type Inner<N extends Wrapped> = RemoteMessage<N> extends { msg: infer B } ? B : never;
type Body<K extends DomainEventKind, B> = (event: DomainEvent<K>) => B;

/** An event of libvirt's first generation: the same body with and without callback id. */
function first<K extends DomainEventKind, N extends Wrapped, O extends RemoteEventName>(
  [id, kind]: readonly [number, K],
  [name, old, extra = {}]: readonly [name: N, old: O, extra?: object],
  body: Body<K, Inner<N> & RemoteMessage<O>>,
): WireEvent {
  return {
    id,
    kind,
    send: (session, callbackID, event) => {
      const message = { callbackID, ...extra, msg: body(event as DomainEvent<K>) };
      session.sendEvent(remote, name, message as RemoteMessage<N>); // Wrapped says so
    },
    sendOld: (session, event) => session.sendEvent(remote, old, body(event as DomainEvent<K>)),
  };
}

/** An event that only clients with callback ids know. */
function second<K extends DomainEventKind, N extends RemoteEventName>(
  [id, kind]: readonly [number, K],
  name: N,
  body: Body<K, Omit<RemoteMessage<N>, "callbackID">>,
): WireEvent {
  return {
    id,
    kind,
    send: (session, callbackID, event) => {
      const message = { callbackID, ...body(event as DomainEvent<K>) };
      session.sendEvent(remote, name, message as RemoteMessage<N>); // Omit took only that
    },
  };
}

/** Known to libvirt, not published by any driver yet: registering is fine, nothing comes. */
const silent = (id: number): WireEvent => ({ id, kind: "never", send: () => undefined });

const dom = ({ domain }: DomainEvent) => wireDomain(domain);
const address = ({ family, node, service }: GraphicsAddress) => ({
  family: GRAPHICS_FAMILIES.indexOf(family),
  node,
  service,
});
const ioError = (event: DomainEvent<"ioError">) => ({
  dom: dom(event),
  srcPath: event.path,
  devAlias: event.alias,
  action: IO_ERROR_ACTIONS.indexOf(event.action),
});
const aliased = (event: DomainEvent<"deviceAdded" | "deviceRemoved" | "deviceRemovalFailed">) => ({
  dom: dom(event),
  devAlias: event.alias,
});
const blockJob = ({ type, status }: DomainEvent<"blockJob">) => ({
  type,
  status: BLOCK_JOB_STATUSES.indexOf(status),
});
/** libvirt sends no reason with power-management events. */
const NO_REASON = { reason: 0 };

export const WIRE_EVENTS: readonly WireEvent[] = [
  first([0, "lifecycle"], ["domainEventCallbackLifecycle", "domainEventLifecycle"], (event) => ({
    dom: dom(event),
    ...lifecycleNumbers(event),
  })),
  first([1, "reboot"], ["domainEventCallbackReboot", "domainEventReboot"], (event) => ({
    dom: dom(event),
  })),
  first([2, "rtcChange"], ["domainEventCallbackRtcChange", "domainEventRtcChange"], (event) => ({
    dom: dom(event),
    offset: BigInt(event.offset),
  })),
  first([3, "watchdog"], ["domainEventCallbackWatchdog", "domainEventWatchdog"], (event) => ({
    dom: dom(event),
    action: WATCHDOG_ACTIONS.indexOf(event.action),
  })),
  first([4, "ioError"], ["domainEventCallbackIoError", "domainEventIoError"], ioError),
  first([5, "graphics"], ["domainEventCallbackGraphics", "domainEventGraphics"], (event) => ({
    dom: dom(event),
    phase: GRAPHICS_PHASES.indexOf(event.phase),
    local: address(event.local),
    remote: address(event.remote),
    authScheme: event.authScheme,
    subject: [...event.subjects],
  })),
  first(
    [6, "ioError"],
    ["domainEventCallbackIoErrorReason", "domainEventIoErrorReason"],
    (event) => ({ ...ioError(event), reason: event.reason }),
  ),
  first(
    [7, "controlError"],
    ["domainEventCallbackControlError", "domainEventControlError"],
    (event) => ({
      dom: dom(event),
    }),
  ),
  first([8, "blockJob"], ["domainEventCallbackBlockJob", "domainEventBlockJob"], (event) => ({
    dom: dom(event),
    path: event.path,
    ...blockJob(event),
  })),
  first([9, "diskChange"], ["domainEventCallbackDiskChange", "domainEventDiskChange"], (event) => ({
    dom: dom(event),
    oldSrcPath: event.oldPath ?? null,
    newSrcPath: event.newPath ?? null,
    devAlias: event.alias,
    reason: DISK_CHANGES.indexOf(event.reason),
  })),
  first(
    [10, "trayChange"],
    ["domainEventCallbackTrayChange", "domainEventTrayChange"],
    (event) => ({
      dom: dom(event),
      devAlias: event.alias,
      reason: TRAY_CHANGES.indexOf(event.reason),
    }),
  ),
  first(
    [11, "pmWakeup"],
    ["domainEventCallbackPmwakeup", "domainEventPmwakeup", NO_REASON],
    (event) => ({ dom: dom(event) }),
  ),
  first(
    [12, "pmSuspend"],
    ["domainEventCallbackPmsuspend", "domainEventPmsuspend", NO_REASON],
    (event) => ({ dom: dom(event) }),
  ),
  first(
    [13, "balloonChange"],
    ["domainEventCallbackBalloonChange", "domainEventBalloonChange"],
    (event) => ({ dom: dom(event), actual: BigInt(event.actualKiB) }),
  ),
  first(
    [14, "pmSuspendDisk"],
    ["domainEventCallbackPmsuspendDisk", "domainEventPmsuspendDisk", NO_REASON],
    (event) => ({ dom: dom(event) }),
  ),
  first(
    [15, "deviceRemoved"],
    ["domainEventCallbackDeviceRemoved", "domainEventDeviceRemoved"],
    aliased,
  ),
  second([16, "blockJob"], "domainEventBlockJob2", (event) => ({
    dom: dom(event),
    dst: event.target,
    ...blockJob(event),
  })),
  silent(17),
  second([18, "agentLifecycle"], "domainEventCallbackAgentLifecycle", (event) => ({
    dom: dom(event),
    state: AGENT_STATES.indexOf(event.state),
    reason: AGENT_REASONS.indexOf(event.reason),
  })),
  second([19, "deviceAdded"], "domainEventCallbackDeviceAdded", aliased),
  second([20, "migrationIteration"], "domainEventCallbackMigrationIteration", (event) => ({
    dom: dom(event),
    iteration: event.iteration,
  })),
  second([21, "jobCompleted"], "domainEventCallbackJobCompleted", (event) => ({
    dom: dom(event),
    params: jobParams(event.stats),
  })),
  second([22, "deviceRemovalFailed"], "domainEventCallbackDeviceRemovalFailed", aliased),
  second([23, "metadataChange"], "domainEventCallbackMetadataChange", (event) => ({
    dom: dom(event),
    type: METADATA_KINDS.indexOf(event.type),
    nsuri: event.uri ?? null,
  })),
  second([24, "blockThreshold"], "domainEventBlockThreshold", (event) => ({
    dom: dom(event),
    dev: event.target,
    path: event.path ?? null,
    threshold: BigInt(event.threshold),
    excess: BigInt(event.excess),
  })),
  silent(25),
  silent(26),
];

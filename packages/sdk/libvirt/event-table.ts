/** The events a client can register for: the number it registers, and the message that then comes. */
import type { RpcClient } from "@vireo/rpc/client";
import { remote } from "@vireo/rpc/program/remote";

/** Domain events (virDomainEventID). */
export const DOMAIN_EVENTS = {
  lifecycle: { id: 0, message: "domainEventCallbackLifecycle" },
  reboot: { id: 1, message: "domainEventCallbackReboot" },
  rtcChange: { id: 2, message: "domainEventCallbackRtcChange" },
  watchdog: { id: 3, message: "domainEventCallbackWatchdog" },
  ioError: { id: 4, message: "domainEventCallbackIoError" },
  graphics: { id: 5, message: "domainEventCallbackGraphics" },
  ioErrorReason: { id: 6, message: "domainEventCallbackIoErrorReason" },
  controlError: { id: 7, message: "domainEventCallbackControlError" },
  blockJob: { id: 8, message: "domainEventCallbackBlockJob" },
  diskChange: { id: 9, message: "domainEventCallbackDiskChange" },
  trayChange: { id: 10, message: "domainEventCallbackTrayChange" },
  pmWakeup: { id: 11, message: "domainEventCallbackPmwakeup" },
  pmSuspend: { id: 12, message: "domainEventCallbackPmsuspend" },
  balloonChange: { id: 13, message: "domainEventCallbackBalloonChange" },
  pmSuspendDisk: { id: 14, message: "domainEventCallbackPmsuspendDisk" },
  deviceRemoved: { id: 15, message: "domainEventCallbackDeviceRemoved" },
  blockJob2: { id: 16, message: "domainEventBlockJob2" },
  tunable: { id: 17, message: "domainEventCallbackTunable" },
  agentLifecycle: { id: 18, message: "domainEventCallbackAgentLifecycle" },
  deviceAdded: { id: 19, message: "domainEventCallbackDeviceAdded" },
  migrationIteration: { id: 20, message: "domainEventCallbackMigrationIteration" },
  jobCompleted: { id: 21, message: "domainEventCallbackJobCompleted" },
  deviceRemovalFailed: { id: 22, message: "domainEventCallbackDeviceRemovalFailed" },
  metadataChange: { id: 23, message: "domainEventCallbackMetadataChange" },
  blockThreshold: { id: 24, message: "domainEventBlockThreshold" },
  memoryFailure: { id: 25, message: "domainEventMemoryFailure" },
  memoryDeviceSizeChange: { id: 26, message: "domainEventMemoryDeviceSizeChange" },
} as const;

const NETWORK_EVENTS = { lifecycle: { id: 0, message: "networkEventLifecycle" } } as const;

const STORAGE_POOL_EVENTS = {
  lifecycle: { id: 0, message: "storagePoolEventLifecycle" },
  refresh: { id: 1, message: "storagePoolEventRefresh" },
} as const;

const NODE_DEVICE_EVENTS = {
  lifecycle: { id: 0, message: "nodeDeviceEventLifecycle" },
  update: { id: 1, message: "nodeDeviceEventUpdate" },
} as const;

const SECRET_EVENTS = {
  lifecycle: { id: 0, message: "secretEventLifecycle" },
  valueChanged: { id: 1, message: "secretEventValueChanged" },
} as const;

interface Registration {
  readonly callbackID: number;
}

/** Register for one event of all objects of a kind, and take that back. */
export interface EventCalls {
  register(client: RpcClient, eventID: number): Promise<Registration>;
  deregister(client: RpcClient, registration: Registration): Promise<void>;
}

/** Every kind of object with events: the events, and the calls that register for them. */
export const EVENT_SOURCES = {
  domain: {
    events: DOMAIN_EVENTS,
    register: (client: RpcClient, eventID: number) =>
      client.call(remote, "connectDomainEventCallbackRegisterAny", { eventID, dom: null }),
    deregister: (client: RpcClient, { callbackID }: Registration) =>
      client.call(remote, "connectDomainEventCallbackDeregisterAny", { callbackID }),
  },
  network: {
    events: NETWORK_EVENTS,
    register: (client: RpcClient, eventID: number) =>
      client.call(remote, "connectNetworkEventRegisterAny", { eventID, net: null }),
    deregister: (client: RpcClient, { callbackID }: Registration) =>
      client.call(remote, "connectNetworkEventDeregisterAny", { callbackID }),
  },
  storagePool: {
    events: STORAGE_POOL_EVENTS,
    register: (client: RpcClient, eventID: number) =>
      client.call(remote, "connectStoragePoolEventRegisterAny", { eventID, pool: null }),
    deregister: (client: RpcClient, { callbackID }: Registration) =>
      client.call(remote, "connectStoragePoolEventDeregisterAny", { callbackID }),
  },
  nodeDevice: {
    events: NODE_DEVICE_EVENTS,
    register: (client: RpcClient, eventID: number) =>
      client.call(remote, "connectNodeDeviceEventRegisterAny", { eventID, dev: null }),
    deregister: (client: RpcClient, { callbackID }: Registration) =>
      client.call(remote, "connectNodeDeviceEventDeregisterAny", { callbackID }),
  },
  secret: {
    events: SECRET_EVENTS,
    register: (client: RpcClient, eventID: number) =>
      client.call(remote, "connectSecretEventRegisterAny", { eventID, secret: null }),
    deregister: (client: RpcClient, { callbackID }: Registration) =>
      client.call(remote, "connectSecretEventDeregisterAny", { callbackID }),
  },
} as const;

/** A kind of object with events. */
export type EventSource = keyof typeof EVENT_SOURCES;
/** Names of the events of a kind of object. */
export type EventNameOf<S extends EventSource> = keyof (typeof EVENT_SOURCES)[S]["events"] & string;

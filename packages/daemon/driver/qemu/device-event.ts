/** What QEMU's events tell of devices, as news for clients. Pure. */
import { WATCHDOG_ACTIONS, type DomainEventBody, type GraphicsAddress } from "@vireo/model/event";
import type { GuestEvent } from "./guest-event.ts";

/** What must be known of the running configuration. */
export interface DeviceNames {
  /** Path or name of the source of the disk with this alias, empty when it has none. */
  readonly sourceOf: (alias: string) => string;
  /** Whether the channel with this alias leads to the guest agent. */
  readonly isAgentChannel: (alias: string) => boolean;
  /** The image that a block node belongs to. */
  readonly imageOf: (node: string) => NamedImage | undefined;
}

export interface NamedImage {
  /** Target of the disk, such as `vda`. */
  readonly target: string;
  /** Number of the image's block node. */
  readonly id: number;
  readonly path?: string;
  /** Whether it is the disk's own image and none below. */
  readonly isTop: boolean;
}

type Data = GuestEvent["data"];
type Tell = (data: Data, names: DeviceNames) => readonly DomainEventBody[];

const text = (data: Data, key: string): string => {
  const value = data[key];
  return typeof value === "string" ? value : "";
};
const inner = (data: Data, key: string): Data => {
  const value = data[key];
  return isData(value) ? value : {};
};
const isData = (value: unknown): value is Data => typeof value === "object" && value !== null;

const rtcChange: Tell = ({ offset }) =>
  typeof offset === "number" ? [{ kind: "rtcChange", offset }] : [];

const watchdog: Tell = (data) => {
  const wanted = text(data, "action") === "inject-nmi" ? "injectNmi" : text(data, "action");
  const action = WATCHDOG_ACTIONS.find((one) => one === wanted) ?? "none";
  return [{ kind: "watchdog", action }];
};

const IO_ERRORS = { stop: "pause", report: "report", ignore: "none" } as const;

/** QEMU names block nodes and devices by aliases of ours with a prefix or suffix. */
const aliasIn = (name: string): string => name.replace(/^drive-/, "").replace(/\/.*$/, "");

const ioError: Tell = (data, { sourceOf }) => {
  const alias = aliasIn(text(data, "device") || text(data, "qom-path").split("/").at(-2) || "");
  const asked = text(data, "action");
  const action = asked === "stop" || asked === "report" ? IO_ERRORS[asked] : IO_ERRORS.ignore;
  const reason = data["nospace"] === true ? "enospc" : "";
  return [{ kind: "ioError", path: sourceOf(alias), alias, action, reason }];
};

function address(data: Data): GraphicsAddress {
  const family = text(data, "family");
  return {
    family: family === "ipv6" || family === "unix" ? family : "ipv4",
    node: text(data, "host"),
    service: text(data, "service") || text(data, "port"),
  };
}

const SUBJECTS = [
  ["x509_dname", "x509dname"],
  ["sasl_username", "saslUsername"],
] as const;

const graphics =
  (phase: "connect" | "initialize" | "disconnect"): Tell =>
  (data) => {
    const server = inner(data, "server");
    const client = inner(data, "client");
    const subjects = SUBJECTS.flatMap(([key, type]) =>
      text(client, key) === "" ? [] : [{ type, name: text(client, key) }],
    );
    const authScheme = text(server, "auth");
    const [local, remote] = [address(server), address(client)];
    return [{ kind: "graphics", phase, local, remote, authScheme, subjects }];
  };

const channel: Tell = (data, { isAgentChannel }) =>
  isAgentChannel(text(data, "id"))
    ? [
        {
          kind: "agentLifecycle",
          state: data["open"] === true ? "connected" : "disconnected",
          reason: "channel",
        },
      ]
    : [];

const named =
  (kind: "deviceRemoved" | "deviceRemovalFailed"): Tell =>
  (data) => {
    const alias = text(data, "device");
    return alias === "" ? [] : [{ kind, alias }];
  };

const balloon: Tell = ({ actual }) =>
  typeof actual === "number"
    ? [{ kind: "balloonChange", actualKiB: Math.round(actual / 1024) }]
    : [];

const tray: Tell = (data) => [
  {
    kind: "trayChange",
    alias: aliasIn(text(data, "id") || text(data, "device")),
    reason: data["tray-open"] === true ? "open" : "close",
  },
];

const amount = (data: Data, key: string): number => {
  const value = data[key];
  return typeof value === "number" ? value : 0;
};

/** The disk's own image is told of under both of its names. */
const threshold: Tell = (data, { imageOf }) => {
  const image = imageOf(text(data, "node-name"));
  if (image === undefined) return [];
  const { target, id, path, isTop } = image;
  const about = {
    kind: "blockThreshold" as const,
    threshold: amount(data, "write-threshold"),
    excess: amount(data, "amount-exceeded"),
    ...(path === undefined ? {} : { path }),
  };
  const numbered = { ...about, target: `${target}[${id}]` };
  return isTop ? [{ ...about, target }, numbered] : [numbered];
};

const TOLD: Readonly<Record<string, Tell>> = {
  RTC_CHANGE: rtcChange,
  WATCHDOG: watchdog,
  BLOCK_IO_ERROR: ioError,
  BLOCK_WRITE_THRESHOLD: threshold,
  VNC_CONNECTED: graphics("connect"),
  VNC_INITIALIZED: graphics("initialize"),
  VNC_DISCONNECTED: graphics("disconnect"),
  SPICE_CONNECTED: graphics("connect"),
  SPICE_INITIALIZED: graphics("initialize"),
  SPICE_DISCONNECTED: graphics("disconnect"),
  VSERPORT_CHANGE: channel,
  DEVICE_DELETED: named("deviceRemoved"),
  DEVICE_UNPLUG_GUEST_ERROR: named("deviceRemovalFailed"),
  MEM_UNPLUG_ERROR: named("deviceRemovalFailed"),
  BALLOON_CHANGE: balloon,
  DEVICE_TRAY_MOVED: tray,
  SUSPEND: () => [{ kind: "pmSuspend" }],
  SUSPEND_DISK: () => [{ kind: "pmSuspendDisk" }],
  WAKEUP: () => [{ kind: "pmWakeup" }],
};

export const newsOfDeviceEvent = (
  event: GuestEvent,
  names: DeviceNames,
): readonly DomainEventBody[] => TOLD[event.name]?.(event.data, names) ?? [];

/** The running configuration: what only the running QEMU knows is filled in here. Pure. */
import type { Channel } from "@vireo/model/domain/device/channel";
import type { Console } from "@vireo/model/domain/device/console";
import type { Parallel } from "@vireo/model/domain/device/parallel";
import type { Serial } from "@vireo/model/domain/device/serial";
import { withNodeIds } from "@vireo/qemu/block/disk-node-ids";
import { assignNodeIds } from "@vireo/qemu/block/node-ids";
import type { IoThread } from "./domain-view.ts";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";

export type Chardev = Serial | Parallel | Console | Channel;

/** QEMU's id of a character device. */
const chardevId = (alias: string): string => `char${alias}`;

interface ChardevInfo {
  readonly label: string;
  readonly filename: string;
  /** Whether the guest has opened its side. */
  readonly "frontend-open": boolean;
}
const isChardevInfo = (value: unknown): value is ChardevInfo =>
  typeof value === "object" &&
  value !== null &&
  "label" in value &&
  typeof value.label === "string" &&
  "filename" in value &&
  typeof value.filename === "string" &&
  "frontend-open" in value &&
  typeof value["frontend-open"] === "boolean";

const chardevsIn = (answer: unknown): readonly ChardevInfo[] =>
  Array.isArray(answer) ? answer.filter(isChardevInfo) : [];

/** Paths of terminals by chardev id, from the answer to `query-chardev`. */
export function terminalsOf(answer: unknown): ReadonlyMap<string, string> {
  return new Map(
    chardevsIn(answer).flatMap(({ label, filename }) => {
      const path = /^pty:(\/\S+)/.exec(filename)?.[1];
      return path === undefined ? [] : [[label, path] as const];
    }),
  );
}

/** Thread of each vCPU, by vCPU number, from the answer to `query-cpus-fast`. */
export function vcpuThreadsOf(answer: unknown): readonly number[] {
  const threads: number[] = [];
  const cpus: readonly unknown[] = Array.isArray(answer) ? answer : [];
  for (const cpu of cpus) {
    if (typeof cpu !== "object" || cpu === null) continue;
    if (!("cpu-index" in cpu) || typeof cpu["cpu-index"] !== "number") continue;
    if (!("thread-id" in cpu) || typeof cpu["thread-id"] !== "number") continue;
    threads[cpu["cpu-index"]] = cpu["thread-id"];
  }
  return threads;
}

/** Every I/O thread, from the answer to `query-iothreads`. */
export function ioThreadsOf(answer: unknown): readonly IoThread[] {
  const all: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return all.flatMap((one) => {
    if (typeof one !== "object" || one === null || !("id" in one) || !("thread-id" in one))
      return [];
    const id = /^iothread(\d+)$/.exec(String(one.id))?.[1];
    return id === undefined ? [] : [{ id: Number(id), thread: Number(one["thread-id"]) }];
  });
}

type Terminals = ReadonlyMap<string, string>;

const terminalOf = (device: Chardev, terminals: Terminals): string | undefined =>
  device.type === "pty" && device.alias !== undefined
    ? terminals.get(chardevId(device.alias.name))
    : undefined;

function placed<D extends Chardev>(device: D, terminals: Terminals): D {
  const path = terminalOf(device, terminals);
  return path === undefined ? device : { ...device, source: { path } };
}

/** The first console also shows its terminal in an attribute, as older clients expect. */
function placedConsole(console: Console, terminals: Terminals, index: number): Console {
  const path = terminalOf(console, terminals);
  if (path === undefined || console.type !== "pty") return console;
  return { ...console, source: { path }, ...(index === 0 ? { tty: path } : {}) };
}

export function withTerminals(config: ResolvedDomain, terminals: Terminals): ResolvedDomain {
  if (terminals.size === 0) return config;
  const { devices } = config;
  const { serials, parallels, channels, consoles } = devices;
  return {
    ...config,
    devices: {
      ...devices,
      ...(serials && { serials: serials.map((one) => placed(one, terminals)) }),
      ...(parallels && { parallels: parallels.map((one) => placed(one, terminals)) }),
      ...(channels && { channels: channels.map((one) => placed(one, terminals)) }),
      ...(consoles && { consoles: consoles.map((one, i) => placedConsole(one, terminals, i)) }),
    },
  };
}

/** Every image with the number of its block node, as at start. */
export function withBlockNodes(config: ResolvedDomain): ResolvedDomain {
  const { disks } = config.devices;
  if (disks === undefined) return config;
  const ids = assignNodeIds(disks).disks;
  const numbered = disks.map((disk, i) => withNodeIds(disk, ids[i] ?? []));
  return { ...config, devices: { ...config.devices, disks: numbered } };
}

/** The memory that the balloon leaves to the guest. */
export const withBalloon = (config: ResolvedDomain, actualKiB: number): ResolvedDomain => ({
  ...config,
  currentMemoryKiB: actualKiB,
});

const AGENT = "org.qemu.guest_agent.0";

/** The line to the guest agent, when the definition has one. */
export const agentChannel = ({ devices }: ResolvedDomain): Channel | undefined =>
  devices.channels?.find(({ target }) => target?.type === "virtio" && target.name === AGENT);

function withChannels(
  config: ResolvedDomain,
  change: (channel: Channel, alias: string) => Channel,
): ResolvedDomain {
  const { channels } = config.devices;
  if (channels === undefined) return config;
  const changed = channels.map((one) => change(one, one.alias?.name ?? ""));
  return { ...config, devices: { ...config.devices, channels: changed } };
}

type ChannelState = "connected" | "disconnected";

const inState = (channel: Channel, state: ChannelState): Channel =>
  channel.target?.type === "virtio"
    ? { ...channel, target: { ...channel.target, state } }
    : channel;

/** Tells whether the guest has the channel open. */
export const withChannelState = (
  config: ResolvedDomain,
  alias: string,
  state: ChannelState,
): ResolvedDomain =>
  withChannels(config, (channel, name) => (name === alias ? inState(channel, state) : channel));

/** The same for all channels, from the answer to `query-chardev`. */
export function withChannelStates(config: ResolvedDomain, answer: unknown): ResolvedDomain {
  const open = new Map(chardevsIn(answer).map((one) => [one.label, one["frontend-open"]]));
  return withChannels(config, (channel, name) => {
    const isOpen = open.get(chardevId(name));
    if (isOpen === undefined || channel.type !== "unix") return channel;
    return inState(channel, isOpen ? "connected" : "disconnected");
  });
}

/** Where we listen for channels whose definition leaves the place to us, by chardev id. */
export const withSockets = (
  config: ResolvedDomain,
  paths: ReadonlyMap<string, string>,
): ResolvedDomain =>
  withChannels(config, (channel, name) => {
    const path = paths.get(chardevId(name));
    return channel.type !== "unix" || path === undefined
      ? channel
      : { ...channel, source: { mode: "bind", ...channel.source, path } };
  });

/**
 * The character device to open as a console: by alias, or the first console, serial or parallel
 * port.
 */
export function consoleDevice(config: ResolvedDomain, alias?: string): Chardev | undefined {
  const { consoles = [], serials = [], parallels = [], channels = [] } = config.devices;
  const all: readonly Chardev[] = [...consoles, ...serials, ...parallels, ...channels];
  return alias === undefined
    ? (consoles[0] ?? serials[0])
    : all.find((device) => device.alias?.name === alias);
}

/** What libvirt fills into character devices whatever the hypervisor: port numbers, the console that mirrors a serial port. */
import type { Channel } from "../device/channel.ts";
import type { Console } from "../device/console.ts";
import type { Devices } from "../device/devices.ts";
import type { Serial, SerialTarget } from "../device/serial.ts";
import type { ResolveSettings } from "./facts.ts";

/** Ports of devices in order; those without a number follow the largest that is named. */
function portNumbers(named: readonly (number | undefined)[]): readonly number[] {
  let next = Math.max(-1, ...named.map((port) => port ?? -1)) + 1;
  return named.map((port) => {
    if (port !== undefined) return port;
    next += 1;
    return next - 1;
  });
}

/** Numbers serial ports, parallel ports and consoles. */
export function numberChardevs(devices: Devices): Devices {
  const { serials = [], parallels = [], consoles = [] } = devices;
  const numbers = {
    serial: portNumbers(serials.map(({ target }) => target?.port)),
    parallel: portNumbers(parallels.map(({ target }) => target?.port)),
  };
  return {
    ...devices,
    serials: serials.map((one, at) => ({
      ...one,
      target: { ...one.target, port: numbers.serial[at] ?? at },
    })),
    parallels: parallels.map((one, at) => ({
      ...one,
      target: { port: numbers.parallel[at] ?? at },
    })),
    consoles: consoles.map((one, at) => ({ ...one, target: { ...one.target, port: at } })),
  };
}

/** The kind of port a serial device is: as named, else as its address says; `undefined` for the board's own. */
export function serialTarget({ target, address }: Serial): SerialTarget | undefined {
  if (target?.type !== undefined) return target.type;
  if (address?.type === "usb") return "usb-serial";
  return address?.type === "pci" ? "pci-serial" : undefined;
}

const MIRRORED: readonly (SerialTarget | undefined)[] = [
  undefined,
  "isa-serial",
  "spapr-vio-serial",
  "system-serial",
  "sclp-serial",
];

/** The console as which a full guest's first serial port is shown. */
const mirror = (serial: Serial): Console => ({
  ...serial,
  target: { type: "serial", port: serial.target?.port ?? 0 },
});
const isSerialConsole = ({ target }: Console): boolean =>
  target?.type === undefined || target.type === "serial";

/**
 * The first console of a full guest is its first serial port: either makes the other.
 * To be repeated when a serial port has changed, e.g. when its terminal was allocated.
 */
export function pairConsole(devices: Devices): Devices {
  const { serials = [], consoles = [] } = devices;
  const [first, ...others] = consoles;
  const [serial] = serials;
  if (first !== undefined && isSerialConsole(first)) {
    const made: Serial = serial ?? { ...first, target: { port: 0 } };
    return {
      ...devices,
      serials: [made, ...serials.slice(1)],
      consoles: [mirror(made), ...others],
    };
  }
  if (serial === undefined || !MIRRORED.includes(serialTarget(serial))) return devices;
  return { ...devices, consoles: [mirror(serial), ...consoles] };
}

interface Udp {
  readonly sources?: readonly { readonly mode?: "bind" | "connect" }[];
}
/** Where QEMU listens is written before where it sends. */
function orderSources<C extends object & Udp>(chardev: C): C {
  const { sources = [] } = chardev;
  if (sources.length < 2) return chardev;
  const listens = sources.filter(({ mode }) => mode === "bind");
  return { ...chardev, sources: [...listens, ...sources.filter(({ mode }) => mode !== "bind")] };
}

/** Orders the ends of UDP devices. */
export const orderUdp = (devices: Devices): Devices => ({
  ...devices,
  serials: (devices.serials ?? []).map((one) => orderSources(one)),
  parallels: (devices.parallels ?? []).map((one) => orderSources(one)),
  consoles: (devices.consoles ?? []).map((one) => orderSources(one)),
  channels: (devices.channels ?? []).map((one) => orderSources(one)),
  redirdevs: (devices.redirdevs ?? []).map((one) => orderSources(one)),
});

type Places = Pick<ResolveSettings, "channelTargetDir" | "channelRunDir">;

/** A path that libvirt or Vireo itself would choose at start is not kept. */
export function forgetDefaultPath(channel: Channel, places: Places): Channel {
  if (channel.type !== "unix" || channel.target?.type !== "virtio") return channel;
  const { path } = channel.source ?? {};
  const { name } = channel.target;
  if (path === undefined || name === undefined || !isDefaultPath(path, name, places))
    return channel;
  const { source: _, ...rest } = channel;
  return rest;
}

/** Ours, libvirt's, or one of those that older daemons of libvirt chose. */
function isDefaultPath(
  path: string,
  name: string,
  { channelTargetDir: directory, channelRunDir: own }: Places,
): boolean {
  const ofDomain = path.endsWith(`/${name}`) ? path.slice(0, -name.length) : "";
  if (own !== undefined && ofDomain.startsWith(`${own}/`)) return true;
  const file = path.startsWith(`${directory}/`)
    ? path.slice(directory.length + 1).replace(/^target\//, "")
    : "";
  return /domain-[^/]+\/$/.test(ofDomain) || /^[^/]+\./.test(file);
}

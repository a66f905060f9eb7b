/** Ports on USB buses, with hubs added when there are too few. */
import { virError } from "../../error.ts";
import type { Address, UsbAddress } from "../device/address.ts";
import type { Controller } from "../device/controller.ts";
import type { Devices } from "../device/devices.ts";
import type { Hub } from "../device/hub.ts";
import type { Domain } from "../domain.ts";
import type { ResolveOptions } from "./facts.ts";

const HUB_PORTS = 8;
interface Addressed {
  readonly address?: Address;
}

const XHCI_PORTS = 4;
/** Ports of a controller; companions serve ports of their main controller. */
function portsOf(controller: Extract<Controller, { type: "usb" }>): number {
  switch (controller.model) {
    case "ehci":
    case "ich9-ehci1":
      return 6;
    case "nec-xhci":
    case "qemu-xhci":
      return controller.ports ?? XHCI_PORTS;
    case "pci-ohci":
      return 3;
    case "none":
      return 0;
    case "ich9-uhci1":
    case "ich9-uhci2":
    case "ich9-uhci3":
      return controller.master === undefined ? 2 : 0;
    default:
      return 2;
  }
}

/** A bus or a hub: what hangs on each port, from 1. */
class PortRow {
  readonly ports: number;
  readonly taken = new Set<number>();
  readonly hubs = new Map<number, PortRow>();

  constructor(ports: number) {
    this.ports = ports;
  }

  free(): number | undefined {
    for (let port = 1; port <= this.ports; port += 1) if (!this.taken.has(port)) return port;
    return undefined;
  }
}

/**
 * @throws {VireoError} for ports that do not exist or are used twice, and when there are not enough.
 */
export function addressUsb(domain: Domain, { abiUpdate = true }: ResolveOptions): Domain {
  const devices = domain.devices ?? {};
  const controllers = (devices.controllers ?? []).filter((one) => one.type === "usb");
  const disabled = controllers.some(({ model }) => model === "none");
  if (disabled || controllers.length === 0) return domain;
  const hubs = abiUpdate ? withEnoughHubs(devices, controllers) : (devices.hubs ?? []);
  const complete: Devices = { ...devices, hubs };
  const map = new UsbMap(controllers);
  map.claimAll(complete);
  // a definition that was resolved before keeps what it has, or has not
  return abiUpdate
    ? { ...domain, devices: withAddresses(complete, map.assignAll(complete)) }
    : domain;
}

/** Devices on USB except hubs, in the order in which libvirt gives them ports. */
function usbDevices(devices: Devices): readonly Addressed[] {
  return [
    ...(devices.hostdevs ?? []).filter(({ type }) => type === "usb"),
    ...(devices.disks ?? []).filter(({ target }) => target?.bus === "usb"),
    ...(devices.controllers ?? []).filter(({ type }) => type === "ccid"),
    ...(devices.inputs ?? []).filter(({ bus }) => bus === "usb"),
    ...(devices.serials ?? []).filter(({ target }) => target?.type === "usb-serial"),
    ...(devices.sounds ?? []).filter(({ model }) => model === "usb"),
    ...(devices.redirdevs ?? []),
  ];
}

function withEnoughHubs(
  devices: Devices,
  controllers: readonly Extract<Controller, { type: "usb" }>[],
): readonly Hub[] {
  const { hubs = [] } = devices;
  const needed = usbDevices(devices).length + hubs.length;
  const available = controllers.reduce((sum, one) => sum + portsOf(one), hubs.length * HUB_PORTS);
  if (needed <= available) return hubs;
  const more = Math.ceil((needed - available + 1) / (HUB_PORTS - 1));
  return [...hubs, ...Array.from({ length: more }, (): Hub => ({ type: "usb" }))];
}

const usbAddressOf = ({ address }: Addressed): UsbAddress | undefined =>
  address?.type === "usb" ? address : undefined;

class UsbMap {
  readonly #buses = new Map<number, PortRow>();

  constructor(controllers: readonly Extract<Controller, { type: "usb" }>[]) {
    for (const controller of controllers) {
      const index = controller.index ?? 0;
      const ports = portsOf(controller);
      if (ports === 0) continue;
      if (this.#buses.has(index))
        throw virError("xmlError", `Duplicate USB controllers with index ${index}`);
      this.#buses.set(index, new PortRow(ports));
    }
  }

  claimAll(devices: Devices): void {
    for (const hub of devices.hubs ?? []) this.claim(hub, true);
    for (const device of usbDevices(devices)) this.claim(device, false);
  }

  assignAll(devices: Devices): ReadonlyMap<Addressed, UsbAddress> {
    const assigned = new Map<Addressed, UsbAddress>();
    for (const hub of devices.hubs ?? []) this.assign(hub, { assigned, hub: true });
    for (const device of usbDevices(devices)) this.assign(device, { assigned, hub: false });
    return assigned;
  }

  /** Takes the port a device has been given. */
  claim(device: Addressed, hub: boolean): void {
    const address = usbAddressOf(device);
    if (address === undefined) return;
    const { bus = 0, port } = address;
    if (!this.#buses.has(bus))
      throw virError(
        "xmlError",
        port === undefined
          ? `USB bus ${bus} requested but no controller with that index is present`
          : `Missing USB bus ${bus}`,
      );
    if (port === undefined) return;
    const [row, last] = this.#rowFor(bus, port);
    if (last < 1 || last > row.ports)
      throw virError("xmlError", `requested USB port ${port} not present on USB bus ${bus}`);
    if (row.taken.has(last))
      throw virError("xmlError", `Duplicate USB address bus ${bus} port ${port}`);
    row.taken.add(last);
    if (hub) row.hubs.set(last, new PortRow(HUB_PORTS));
  }

  #rowFor(bus: number, port: string): readonly [PortRow, number] {
    const path = port.split(".").map(Number);
    let row = this.#buses.get(bus);
    for (const step of path.slice(0, -1)) {
      const next: PortRow | undefined = row?.hubs.get(step);
      if (next === undefined)
        throw virError(
          "xmlError",
          `there is no hub at port ${step} in USB address bus: ${bus} port: ${port}`,
        );
      row = next;
    }
    return [row ?? new PortRow(0), path.at(-1) ?? 0];
  }

  assign(
    device: Addressed,
    { assigned, hub }: { assigned: Map<Addressed, UsbAddress>; hub: boolean },
  ): void {
    const given = usbAddressOf(device);
    if (given?.port !== undefined || (device.address !== undefined && given === undefined)) return;
    const buses = [...this.#buses.keys()]
      .sort((a, b) => a - b)
      .filter((bus) => given?.bus === undefined || given.bus === bus);
    for (const bus of buses) {
      const row = this.#buses.get(bus);
      const port = row === undefined ? undefined : take(row, hub);
      if (port === undefined) continue;
      assigned.set(device, { type: "usb", bus, port });
      return;
    }
    throw virError("internalError", "No free USB ports");
  }
}

/** The first free port, nearer to the controller first. */
function take(row: PortRow, hub: boolean): string | undefined {
  const port = row.free();
  if (port !== undefined) {
    row.taken.add(port);
    if (hub) row.hubs.set(port, new PortRow(HUB_PORTS));
    return String(port);
  }
  for (const [at, below] of row.hubs) {
    const rest = take(below, hub);
    if (rest !== undefined) return `${at}.${rest}`;
  }
  return undefined;
}

function withAddresses(devices: Devices, assigned: ReadonlyMap<Addressed, UsbAddress>): Devices {
  const on = <D extends Addressed>(all: readonly D[] = []): readonly D[] =>
    all.map((device) => {
      const address = assigned.get(device);
      return address === undefined ? device : { ...device, address };
    });
  return {
    ...devices,
    hubs: on(devices.hubs),
    hostdevs: on(devices.hostdevs),
    disks: on(devices.disks),
    controllers: on(devices.controllers),
    inputs: on(devices.inputs),
    serials: on(devices.serials),
    sounds: on(devices.sounds),
    redirdevs: on(devices.redirdevs),
  };
}

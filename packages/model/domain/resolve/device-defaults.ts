/** What libvirt fills into devices whatever the hypervisor. The QEMU driver's own defaults are in `device-defaults-qemu`. */
import { virError } from "../../error.ts";
import type { Disk } from "../device/disk.ts";
import type { Devices } from "../device/devices.ts";
import type { Hostdev } from "../device/hostdev.ts";
import type { Input } from "../device/input.ts";
import type { Interface } from "../device/interface.ts";
import type { Domain } from "../domain.ts";
import { isX86 } from "../arch.ts";
import { addressHostdevs } from "./address-drive.ts";
import {
  ensureController,
  implicitControllers,
  scsiControllers,
  indexControllers,
  insertController,
  settleCompanion,
} from "./controller-index.ts";
import { numberChardevs, orderUdp, pairConsole } from "./device-defaults-chardev.ts";
import { diskIndex, driveAddress, orderDisks, settleDisk } from "./device-defaults-disk.ts";
import { settleGraphics, settleVideos } from "./device-defaults-display.ts";
import type { ResolveFacts, ResolveOptions } from "./facts.ts";

type SettleFacts = Pick<ResolveFacts, "newMac" | "newUuid"> & ResolveOptions;

/**
 * Values every device has, order, numbers. Before any hypervisor has its say.
 * @throws {VireoError} for contradictions.
 */
export function settleDevices(domain: Domain, facts: SettleFacts): Domain {
  const { live = false } = facts;
  const devices = domain.devices ?? {};
  const ordered: Devices = {
    ...devices,
    disks: orderDisks(devices.disks ?? []).map((one) => settleDisk(one, live)),
    controllers: indexControllers(
      (devices.controllers ?? []).map(settleCompanion).reduce(insertController, []),
    ),
    interfaces: (devices.interfaces ?? []).map((one) =>
      settleInterface(live ? one : withoutMadeUpName(one), facts),
    ),
    inputs: (devices.inputs ?? []).map((one) => settleInput(one, domain)),
    graphics: (devices.graphics ?? []).map((one) =>
      settleGraphics(one, live && domain.id !== undefined),
    ),
    hostdevs: (devices.hostdevs ?? []).map(settleHostdev),
  };
  return {
    ...domain,
    devices: withScsiControllers(addressHostdevs(orderUdp(numberChardevs(ordered)))),
  };
}

/** What follows from all devices together, after the hypervisor's defaults: addresses on disk buses, controllers, consoles. */
export function completeDevices(domain: Domain): Domain {
  const devices = domain.devices ?? {};
  const paired = domain.os?.type?.name === "hvm" ? pairConsole(devices) : devices;
  const placed: Devices = {
    ...paired,
    disks: (paired.disks ?? []).map(placeDisk),
    smartcards: (paired.smartcards ?? []).map((one, slot) =>
      one.address === undefined ? { ...one, address: { type: "ccid", controller: 0, slot } } : one,
    ),
    videos: settleVideos(paired),
  };
  return { ...domain, devices: { ...placed, controllers: implicitControllers(placed) } };
}

/** SCSI devices of the host bring their controllers along, before those of the board. */
function withScsiControllers(devices: Devices): Devices {
  const { controllers = [], hostdevs = [] } = devices;
  return {
    ...devices,
    controllers: scsiControllers(hostdevs).reduce(ensureController, controllers),
  };
}

function placeDisk(disk: Disk): Disk {
  const dev = disk.target?.dev;
  if (disk.address !== undefined || dev === undefined) return disk;
  const index = diskIndex(dev);
  if (index === undefined)
    throw virError("xmlError", `Unknown disk name '${dev}' and no address specified`);
  const address = driveAddress(disk.target?.bus, index);
  return address === undefined ? disk : { ...disk, address };
}

function settleInterface(given: Interface, { newMac, newUuid }: SettleFacts): Interface {
  const one = withPortId(withFamilies(withoutScript(withoutFilter(withoutPort(given)))), newUuid);
  return one.mac === undefined ? { ...one, mac: { address: newMac() } } : one;
}

/** Open vSwitch knows a port by a UUID. */
function withPortId(one: Interface, newUuid: () => string): Interface {
  const port = one.virtualPort;
  if (port?.type !== "openvswitch" || port.parameters?.interfaceId !== undefined) return one;
  const parameters = { ...port.parameters, interfaceId: newUuid() };
  return { ...one, virtualPort: { ...port, parameters } };
}

/** Names the daemon makes up at start; clients hand them back when they define what they saw running. */
const MADE_UP = /^(?:vnet|macvtap|macvlan)/;
function withoutMadeUpName(one: Interface): Interface {
  const { target, ...rest } = one;
  if (target?.dev === undefined || !MADE_UP.test(target.dev)) return one;
  const { dev: _dev, ...others } = target;
  return Object.keys(others).length === 0 ? rest : { ...rest, target: others };
}

/** Packets of other kinds of interfaces do not pass the host's filters. */
const FILTERED: readonly string[] = ["ethernet", "network", "bridge"];
function withoutFilter(one: Interface): Interface {
  if (FILTERED.includes(one.type)) return one;
  const { filterRef: _, ...rest } = one;
  return rest;
}

/** A script without a name is none. */
function withoutScript(one: Interface): Interface {
  if (one.script === undefined || (one.script.path ?? "") !== "") return one;
  const { script: _script, ...rest } = one;
  return rest;
}

type Ips = NonNullable<Interface["ips"]>;
const familiesIn = (ips: Ips): Ips =>
  ips.map((ip) => ({ ...ip, family: ip.family ?? (ip.address.includes(":") ? "ipv6" : "ipv4") }));

/** libvirt tells the family of each address. */
function withFamilies(one: Interface): Interface {
  const told = one.ips === undefined ? one : { ...one, ips: familiesIn(one.ips) };
  if (told.type !== "ethernet" || told.source?.ips === undefined) return told;
  return { ...told, source: { ...told.source, ips: familiesIn(told.source.ips) } };
}

/** A port of a network means something only together with what the network made of it. */
function withoutPort(one: Interface): Interface {
  if (one.type !== "network" || one.source === undefined) return one;
  const { portid: _, ...source } = one.source;
  return source.bridge === undefined && source.dev === undefined ? { ...one, source } : one;
}

/** Keyboards and mice are on the board of a PC, everything else on USB. */
function settleInput(input: Input, domain: Domain): Input {
  if (input.bus !== undefined) return input;
  if (input.type === "passthrough") return { ...input, bus: "virtio" };
  if (input.type === "evdev") return { ...input, bus: "none" };
  const onBoard = input.type !== "tablet" && isX86(domain.os?.type?.arch);
  return { ...input, bus: onBoard ? "ps2" : "usb" };
}

function settleHostdev(hostdev: Hostdev): Hostdev {
  if (hostdev.mode === "capabilities") return hostdev;
  const settled = { ...hostdev, managed: hostdev.managed ?? false };
  if (settled.type === "pci" && settled.source?.address === undefined)
    return {
      ...settled,
      source: { ...settled.source, address: { domain: 0, bus: 0, slot: 0, function: 0 } },
    };
  if (settled.type !== "scsi" || settled.source?.protocol !== "iscsi") return settled;
  const { name } = settled.source;
  // iSCSI: the first unit of the target
  if (name === undefined || name.includes("/")) return settled;
  return { ...settled, source: { ...settled.source, name: `${name}/0` } };
}

/**
 * Devices of the host for guests: found, refused when somebody else needs them, set aside in the book, taken from
 * their drivers; and all of it backwards.
 *
 *     find -> nobody else has it -> preflight -> written down -> VFIO -> settings of the function -> the guest's
 */
import { explainError, virError, type VireoError } from "@vireo/model/error";
import type { Logger } from "pino";
import type { Hostdev } from "@vireo/model/domain/device/hostdev";
import { hostPciName } from "@vireo/model/domain/host-pci-name";
import type {
  DeviceNode,
  DeviceOwner,
  DeviceVerdict,
  HostDevices,
  NetworkPlace,
  WantedDevice,
} from "../contract.ts";
import type { DeviceBook, FunctionSettings, Holding } from "./device-book.ts";
import type { DeviceTree } from "./device-tree.ts";
import { nodeOf } from "./device-node.ts";
import { findDevice, type FoundOnHost } from "./find-devices.ts";
import { groupMembers } from "./pci.ts";
import {
  bindToHost,
  bindToVfio,
  driverOf,
  needVfioDriver,
  pciDirectory,
  VFIO,
} from "./pci-binding.ts";
import {
  explainPci,
  hasPassthrough,
  hostObjection,
  pciObjections,
  refusal,
} from "./pci-preflight.ts";
import { placeOfFunction, setFunction, settingsOf } from "./virtual-function.ts";

/** A wish, and what of the host it means. */
interface Found extends FoundOnHost {
  readonly wanted: WantedDevice;
}

/** libvirt shows the numbers of USB devices in octal. */
const usbName = (device: string): string =>
  device
    .split(":")
    .map((number) => Number(number).toString(8).padStart(3, "0"))
    .join(":");

/** Each kind has words of its own. */
function inUse({ kind, device, holder, shared }: Holding): VireoError {
  const by = `is in use by driver QEMU, domain ${holder.name}`;
  switch (kind) {
    case "pci":
      return virError("operationInvalid", `PCI device ${device} ${by}`);
    case "usb":
      return virError("operationInvalid", `USB device ${usbName(device)} ${by}`);
    case "mdev":
      return virError("operationInvalid", `mediated device ${mdevPath(device)} ${by}`);
    case "scsi_host":
      return virError("internalError", `Device ${device} is already in use`);
    case "scsi": {
      const how = shared === true ? "shareable" : "non-shareable";
      return virError(
        "operationInvalid",
        `SCSI device ${device} is already in use by other domain(s) as '${how}'`,
      );
    }
  }
}

const mdevPath = (uuid: string): string => `/sys/bus/mdev/devices/${uuid}`;

export class GuestDevices implements HostDevices {
  readonly #tree: DeviceTree;
  readonly #book: DeviceBook;
  readonly #log: Logger;
  /** One work on devices at a time: whether a device is free is asked, and then it is taken. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(tree: DeviceTree, { book, log }: { book: DeviceBook; log: Logger }) {
    this.#tree = tree;
    this.#book = book;
    this.#log = log;
  }

  take(owner: DeviceOwner, wanted: readonly WantedDevice[]): Promise<readonly Hostdev[]> {
    if (wanted.length === 0) return Promise.resolve([]);
    return this.#inTurn(() => this.#take(owner, wanted));
  }

  giveBack(uuid: string, alias?: string): Promise<readonly NetworkPlace[]> {
    if (this.#book.of(uuid, alias).length === 0) return Promise.resolve([]);
    return this.#inTurn(() => this.#release(this.#book.of(uuid, alias)));
  }

  settle(running: ReadonlySet<string>): Promise<readonly NetworkPlace[]> {
    return this.#inTurn(() =>
      this.#release(this.#book.all.filter(({ holder }) => !running.has(holder.uuid))),
    );
  }

  places(): readonly NetworkPlace[] {
    return this.#book.all.flatMap(({ port }) => port ?? []);
  }

  async nodes(uuid: string): Promise<readonly DeviceNode[]> {
    const found = this.#book.of(uuid).map(async (holding) => {
      const path = await nodeOf(this.#tree, holding);
      return path === undefined ? [] : [{ alias: holding.holder.alias, path }];
    });
    return (await Promise.all(found)).flat();
  }

  explain(owner: DeviceOwner, wanted: readonly WantedDevice[]): Promise<readonly DeviceVerdict[]> {
    const together = new Set(
      wanted.flatMap(({ hostdev }) =>
        hostdev.type === "pci" ? hostPciName(hostdev.source?.address ?? {}) : [],
      ),
    );
    return Promise.all(wanted.map((one) => this.#verdict(owner, one, together)));
  }

  async #verdict(
    owner: DeviceOwner,
    ...[wanted, together]: [wanted: WantedDevice, together: ReadonlySet<string>]
  ): Promise<DeviceVerdict> {
    const held = this.#book.of(owner.uuid, wanted.alias).length > 0 && wanted.alias !== "";
    try {
      mustBeVfio(wanted.hostdev);
      const found = await this.#find(wanted);
      if (!held) await this.#mustBeFree(owner, found);
      if (found.device?.kind !== "pci") {
        await this.#needVfio([wanted]);
        return { held, objections: [] };
      }
      const objections = await explainPci(this.#tree, found.device.name, together);
      if (objections.length === 0 && !held) await this.#mustBeGivable(found, together);
      return { held, objections };
    } catch (error) {
      return { held, objections: [explainError(error)] };
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  // --- taking

  async #take(owner: DeviceOwner, wanted: readonly WantedDevice[]): Promise<readonly Hostdev[]> {
    for (const { hostdev } of wanted) mustBeVfio(hostdev);
    await this.#needVfio(wanted);
    const found: Found[] = [];
    for (const one of wanted) found.push(await this.#find(one));
    const together = new Set(
      found.flatMap(({ device }) => (device?.kind === "pci" ? device.name : [])),
    );
    for (const one of found) await this.#mustBeFree(owner, one);
    for (const one of found) await this.#mustBeGivable(one, together);
    const taken: Holding[] = [];
    try {
      for (const one of found) await this.#takeOne(owner, one, taken);
    } catch (error) {
      await this.#release(taken.toReversed());
      throw error;
    }
    return found.map(({ hostdev }) => hostdev);
  }

  /** @throws VireoError `configUnsupported` in libvirt's words and ours */
  async #needVfio(wanted: readonly WantedDevice[]): Promise<void> {
    const types = new Set(wanted.map(({ hostdev }) => hostdev.type));
    if (!types.has("pci") && !types.has("mdev")) return;
    if (await hasPassthrough(this.#tree)) return;
    const why = (await hostObjection(this.#tree)) ?? "VFIO is missing";
    throw virError(
      "configUnsupported",
      types.has("pci")
        ? `host doesn't support passthrough of host PCI devices: ${why}`
        : `Mediated host device assignment requires VFIO support: ${why}`,
    );
  }

  async #find(wanted: WantedDevice): Promise<Found> {
    return { wanted, ...(await findDevice(this.#tree, wanted.hostdev)) };
  }

  /** Nobody else has it, or another of its group. @throws VireoError `operationInvalid` */
  async #mustBeFree(owner: DeviceOwner, { device, hostdev }: Found): Promise<void> {
    if (device === undefined) return;
    const names =
      device.kind === "pci"
        ? [device.name, ...(await groupMembers(this.#tree, pciDirectory(this.#tree, device.name)))]
        : [device.name];
    for (const name of names) {
      const held = this.#book.holder(device.kind, name);
      if (held === undefined) continue;
      if (name === device.name && held.shared === true && hostdev.shareable === true) continue;
      if (name !== device.name && held.holder.uuid === owner.uuid) continue;
      throw inUse(held);
    }
  }

  /** @throws VireoError with what to do */
  async #mustBeGivable({ device, hostdev, wanted }: Found, together: ReadonlySet<string>) {
    if (device?.kind !== "pci") return;
    if (wanted.card !== undefined) await placeOfFunction(this.#tree, device.name);
    const [first] = await pciObjections(this.#tree, device.name, together);
    if (first !== undefined) throw refusal(first);
    if (hostdev.type === "pci" && hostdev.managed === true) return needVfioDriver(this.#tree);
    if ((await driverOf(this.#tree, device.name)) !== VFIO)
      throw virError(
        "operationInvalid",
        `Unmanaged PCI device ${device.name} must be manually detached from the host`,
      );
  }

  async #takeOne(owner: DeviceOwner, one: Found, taken: Holding[]): Promise<void> {
    const { device, hostdev, wanted } = one;
    if (device === undefined) return;
    const { kind, name } = device;
    const { alias, port } = wanted;
    const bound = kind === "pci" ? await driverOf(this.#tree, name) : undefined;
    const moves = kind === "pci" && bound !== VFIO;
    const settings = await this.#settingsBefore(one);
    const holding: Holding = {
      kind,
      device: name,
      holder: { ...owner, alias },
      ...(hostdev.shareable === true && { shared: true }),
      ...(moves && { before: { driver: bound } }),
      ...(settings && { settings }),
      ...(port && { port }),
    };
    await this.#book.add(holding);
    taken.push(holding);
    if (moves) await bindToVfio(this.#tree, name);
    if (settings !== undefined) await setFunction(this.#tree, wishedSettings(settings, wanted));
  }

  async #settingsBefore({ device, wanted }: Found): Promise<FunctionSettings | undefined> {
    if (device?.kind !== "pci" || wanted.card === undefined) return undefined;
    return settingsOf(this.#tree, await placeOfFunction(this.#tree, device.name));
  }

  // --- giving back

  /** Each whatever becomes of the others; one that does not come back stays in the book, for the next daemon. */
  async #release(holdings: readonly Holding[]): Promise<readonly NetworkPlace[]> {
    for (const one of holdings) {
      try {
        await this.#releaseOne(one);
        await this.#book.remove(one);
      } catch (error) {
        this.#log.error(
          { device: one.device, domain: one.holder.name },
          `cannot give the device back to the host: ${explainError(error)}`,
        );
      }
    }
    return holdings.flatMap(({ port }) => port ?? []);
  }

  async #releaseOne({ kind, device, before, settings }: Holding): Promise<void> {
    if (kind !== "pci") return;
    const isThere = (await this.#tree.config(pciDirectory(this.#tree, device))).length > 0;
    if (settings !== undefined && isThere) await setFunction(this.#tree, settings);
    if (before !== undefined && isThere) await bindToHost(this.#tree, device, before.driver);
  }

  // --- for who works on the host's devices without a guest

  /** @throws VireoError `operationInvalid` when a guest has it */
  mustBeUnheld(address: string): void {
    const held = this.#book.holder("pci", address);
    if (held !== undefined) throw inUse(held);
  }

  isHeld(address: string): boolean {
    return this.#book.holder("pci", address) !== undefined;
  }
}

/** Other ways are those of old kernels and other hypervisors. @throws VireoError in libvirt's words */
function mustBeVfio(hostdev: Hostdev): void {
  if (hostdev.type !== "pci") return;
  if (hostdev.driver?.name === "kvm")
    throw virError("configUnsupported", "host doesn't support legacy PCI passthrough");
  if (hostdev.driver?.name === "xen")
    throw virError(
      "operationInvalid",
      `PCI device ${hostPciName(hostdev.source?.address ?? {})} is not assignable`,
    );
}

function wishedSettings(before: FunctionSettings, { card }: WantedDevice): FunctionSettings {
  const { mac: _mac, vlan: _vlan, qos: _qos, ...place } = before;
  return {
    ...place,
    ...(card?.mac === undefined ? {} : { mac: card.mac }),
    vlan: card?.vlan ?? 0,
  };
}

/** Ports of virtio-serial controllers for channels and consoles. */
import { virError } from "../../error.ts";
import type { Address } from "../device/address.ts";
import type { Channel } from "../device/channel.ts";
import type { Console } from "../device/console.ts";
import type { Controller } from "../device/controller.ts";
import type { Devices } from "../device/devices.ts";
import type { Domain } from "../domain.ts";
import { freeIndex, insertController } from "./controller-index.ts";

const PORTS = 31;
type SerialAddress = Extract<Address, { type: "virtio-serial" }>;
type Line = Channel | Console;

const isVirtio = ({ target }: Line): boolean => target?.type === "virtio";
const addressOf = ({ address }: Line): SerialAddress | undefined =>
  address?.type === "virtio-serial" ? address : undefined;
const key = (controller: number, port: number): string => `${controller}:${port}`;

/** @throws {VireoError} when a port is used twice. */
export function addressVirtioSerial(domain: Domain): Domain {
  const devices = domain.devices ?? {};
  const lines = [...(devices.consoles ?? []), ...(devices.channels ?? [])].filter(isVirtio);
  if (lines.length === 0) return domain;
  const ports = new Ports(devices.controllers ?? []);
  for (const line of lines) ports.claim(line);
  const all: Devices = {
    ...devices,
    consoles: (devices.consoles ?? []).map((one) => ports.place(one, 0)),
    channels: (devices.channels ?? []).map((one) => ports.place(one, 1)),
  };
  return { ...domain, devices: { ...all, controllers: ports.controllers } };
}

class Ports {
  controllers: readonly Controller[];
  readonly #taken = new Set<string>();

  constructor(controllers: readonly Controller[]) {
    this.controllers = controllers;
  }

  claim(line: Line): void {
    const address = addressOf(line);
    if (
      address?.port === undefined ||
      (address.port === 0 && line.target?.type === "virtio" && !("port" in line.target))
    )
      return;
    const name = key(address.controller ?? 0, address.port);
    if (this.#taken.has(name))
      throw virError(
        "xmlError",
        `virtio serial port ${address.port} on controller ${address.controller ?? 0} is already occupied`,
      );
    this.#taken.add(name);
  }

  /** `first` is the smallest port that may be given; port 0 is for consoles. */
  place<L extends Line>(line: L, first: number): L {
    const address = addressOf(line);
    if (!isVirtio(line) || (line.address !== undefined && address === undefined)) return line;
    if (address?.port !== undefined && (address.port !== 0 || first === 0)) return line;
    return { ...line, address: this.#next(first, address?.controller) };
  }

  #next(first: number, only: number | undefined): SerialAddress {
    for (const controller of this.controllers) {
      if (controller.type !== "virtio-serial" || controller.index === undefined) continue;
      if (only !== undefined && controller.index !== only) continue;
      const port = this.#free(controller.index, { first, ports: controller.ports ?? PORTS });
      if (port !== undefined) return this.#give(controller.index, port);
    }
    const index = only ?? freeIndex(this.controllers, "virtio-serial");
    if (only !== undefined) throw virError("xmlError", "Unable to find a free virtio-serial port");
    this.controllers = insertController(this.controllers, { type: "virtio-serial", index });
    return this.#give(index, first);
  }

  #free(
    controller: number,
    { first, ports }: { first: number; ports: number },
  ): number | undefined {
    for (let port = first; port < ports; port += 1)
      if (!this.#taken.has(key(controller, port))) return port;
    return undefined;
  }

  #give(controller: number, port: number): SerialAddress {
    this.#taken.add(key(controller, port));
    return { type: "virtio-serial", controller, bus: 0, port };
  }
}

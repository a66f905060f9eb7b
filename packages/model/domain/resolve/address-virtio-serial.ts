/** Ports of virtio-serial controllers for channels and consoles. */
import { virError } from "../../error.ts";
import type { Address } from "../device/address.ts";
import type { Channel } from "../device/channel.ts";
import type { Console } from "../device/console.ts";
import type { Controller } from "../device/controller.ts";
import type { Devices } from "../device/devices.ts";
import type { Domain } from "../domain.ts";
import { freeIndex } from "./controller-index.ts";

const PORTS = 31;
/** Port 0 is for a console. */
const FIRST_PORT = 1;
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
  const ports = new Ports(devices);
  for (const line of lines) ports.claim(line);
  const all: Devices = {
    ...devices,
    channels: (devices.channels ?? []).map((one) => ports.place(one)),
  };
  return { ...domain, devices: { ...all, controllers: ports.controllers } };
}

class Ports {
  controllers: readonly Controller[];
  readonly #taken = new Set<string>();

  readonly #channels: ReadonlySet<Line>;

  constructor({ controllers = [], channels = [] }: Devices) {
    this.controllers = controllers;
    this.#channels = new Set(channels);
  }

  claim(line: Line): void {
    const address = addressOf(line);
    if (address?.port === undefined || (address.port === 0 && this.#channels.has(line))) return;
    const name = key(address.controller ?? 0, address.port);
    if (this.#taken.has(name))
      throw virError(
        "xmlError",
        `virtio serial port ${address.port} on controller ${address.controller ?? 0} is already occupied`,
      );
    this.#taken.add(name);
  }

  place(channel: Channel): Channel {
    const address = addressOf(channel);
    if (!isVirtio(channel) || (channel.address !== undefined && address === undefined))
      return channel;
    if (address?.port !== undefined && address.port !== 0) return channel;
    return { ...channel, address: this.#next(address?.controller) };
  }

  #next(only: number | undefined): SerialAddress {
    const inOrder = [...this.controllers].sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
    for (const controller of inOrder) {
      if (controller.type !== "virtio-serial" || controller.index === undefined) continue;
      if (only !== undefined && controller.index !== only) continue;
      const port = this.#free(controller.index, controller.ports ?? PORTS);
      if (port !== undefined) return this.#give(controller.index, port);
    }
    if (only !== undefined) throw virError("xmlError", "Unable to find a free virtio-serial port");
    const index = freeIndex(this.controllers, "virtio-serial");
    this.controllers = [...this.controllers, { type: "virtio-serial", index }];
    return this.#give(index, FIRST_PORT);
  }

  #free(controller: number, ports: number): number | undefined {
    for (let port = FIRST_PORT; port < ports; port += 1)
      if (!this.#taken.has(key(controller, port))) return port;
    return undefined;
  }

  #give(controller: number, port: number): SerialAddress {
    this.#taken.add(key(controller, port));
    return { type: "virtio-serial", controller, bus: 0, port };
  }
}

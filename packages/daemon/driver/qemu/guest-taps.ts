/** Tap devices for one start: made, named, plugged into their bridges, limited. */
import { closeSync } from "node:fs";
import type { Interface } from "@vireo/model/domain/device/interface";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { AllocatedPort, PortPlug } from "@vireo/model/network/allocate-port";
import { explainError, virError } from "@vireo/model/error";
import type { NetworkPort } from "@vireo/model/network/network-port";
import type { Networks, PacketFilters } from "../contract.ts";
import { checkConnection } from "@vireo/model/domain/check/check-connection";
import type { Tap } from "../../host/tap.ts";
import type { Paths } from "../../host/paths.ts";
import {
  filterLink,
  type GuestLink,
  limitOf,
  releaseLink,
  withLink,
  withLinks,
} from "./guest-links.ts";
import { connectionOf } from "./nic/connection.ts";

const interfaceOf = ({ devices }: ResolvedDomain, alias: string): Interface => {
  const net = devices.interfaces?.find((one) => one.alias?.name === alias);
  if (net === undefined) throw virError("internalError", `no interface with alias ${alias}`);
  return net;
};

/** What an interface is to be plugged into. */
export interface GuestPlug {
  readonly plug: PortPlug;
  readonly port?: AllocatedPort;
  readonly mtu?: number;
}

type Owner = Pick<ResolvedDomain, "name" | "uuid">;

const wishOf = (net: Interface, { name, uuid }: Owner): NetworkPort => ({
  owner: { name, uuid },
  ...(net.type === "network" && net.source?.portgroup && { group: net.source.portgroup }),
  ...(net.mac && { mac: net.mac }),
  ...(net.bandwidth && { bandwidth: net.bandwidth }),
  ...(net.vlan && { vlan: net.vlan }),
  ...(net.port && { port: net.port }),
  ...(net.virtualPort && { virtualPort: net.virtualPort }),
});

const NOTHING: GuestPlug = { plug: { type: "none" } };

/** @throws VireoError `noNetwork`, `operationInvalid`, `configUnsupported` */
export async function plugOf(
  net: Interface,
  owner: Owner,
  networks: Networks | undefined,
): Promise<GuestPlug> {
  if (net.type === "bridge" && net.source !== undefined)
    return { plug: { type: "bridge", bridge: net.source.bridge } };
  if (net.type === "direct" && net.source !== undefined)
    return { plug: { type: "direct", dev: net.source.dev, mode: net.source.mode ?? "vepa" } };
  if (net.type !== "network") return NOTHING;
  const name = net.source?.network ?? "";
  if (networks === undefined)
    throw virError("noNetwork", `no network with matching name '${name}'`);
  const { port, mtu } = await networks.allocate(name, wishOf(net, owner));
  return { plug: port.plug, port, ...(mtu === undefined ? {} : { mtu }) };
}

interface Beside {
  readonly paths: Pick<Paths, "run">;
  readonly networks?: Networks;
  readonly filters?: PacketFilters;
}

/** Gives descriptors of taps. */
export type TapSource = Pick<GuestTaps, "descriptor">;

/** For what has no network cards. */
export const NO_TAPS: TapSource = {
  descriptor: (alias) => Promise.reject(virError("internalError", `${alias} is no network card`)),
};

/** Opens each interface's tap once, however many queues ask for a descriptor of it. */
export class GuestTaps {
  readonly #taps = new Map<string, Tap>();
  readonly #links = new Map<string, GuestLink>();
  /** Opened for a queue that nobody has asked for yet. */
  readonly #untaken = new Set<number>();
  readonly #config: ResolvedDomain;
  readonly #beside: Beside;

  constructor(config: ResolvedDomain, beside: Beside) {
    this.#config = config;
    this.#beside = beside;
  }

  /** What was made, by alias, for the running configuration. */
  get links(): ReadonlyMap<string, GuestLink> {
    return this.#links;
  }

  /**
   * Descriptor of one queue of the interface with this alias.
   * @throws VireoError `systemError`, `noNetwork`, `internalError`
   */
  async descriptor(alias: string, queue: number): Promise<number> {
    const tap = this.#taps.get(alias) ?? (await this.#open(alias));
    const fd = tap.fds[queue];
    if (fd === undefined)
      throw virError("internalError", `interface ${alias} has no queue ${queue}`);
    this.#untaken.delete(fd);
    return fd;
  }

  /**
   * Takes everything back: closes what nobody took (a tap without descriptors disappears), and
   * removes what outlives its descriptors.
   */
  async close(): Promise<void> {
    for (const fd of this.#untaken) closeSync(fd);
    this.#untaken.clear();
    const faults: unknown[] = [];
    const report = (error: unknown): void => void faults.push(error);
    const made = withLinks(this.#config, this.#links).devices.interfaces ?? [];
    for (const net of made)
      if (this.#links.has(net.alias?.name ?? ""))
        await releaseLink(net, { ...this.#beside, owner: this.#config.uuid, report });
    this.#links.clear();
    if (faults.length > 0) throw virError("internalError", faults.map(explainError).join("; "));
  }

  async #open(alias: string): Promise<Tap> {
    const net = interfaceOf(this.#config, alias);
    const way = await plugOf(net, this.#config, this.#beside.networks);
    const port = way.port && { port: way.port };
    // even without a device: its place has to be given back
    this.#links.set(alias, { dev: "", ...port });
    const { target: _none, ...placed } = withLink(net, { dev: "", ...port });
    const running = { ...placed, ...(net.target && { target: net.target }) } as Interface; // of the same type
    checkConnection(running);
    const connection = connectionOf(running);
    if (connection === undefined || way.plug.type === "hostdev-pci")
      throw virError("configUnsupported", "a guest cannot join a pool of PCI devices by a tap");
    const { uuid: owner } = this.#config;
    const wiring = { net: running, owner, mtu: way.mtu, root: this.#beside.paths.run };
    const tap = await connection.open(wiring);
    for (const fd of tap.fds) this.#untaken.add(fd);
    this.#taps.set(alias, tap);
    this.#links.set(alias, { dev: tap.name, ...port });
    // what passes a macvtap device passes no bridge, and no filter, as in libvirt
    if (way.plug.type !== "direct")
      await filterLink(withLink(net, { dev: tap.name }), this.#config, this.#beside.filters);
    await connection.join?.(tap.name, wiring);
    const limit = limitOf(withLink(net, { dev: tap.name, ...port }));
    if (limit !== undefined) await this.#beside.networks?.limit(limit);
    return tap;
  }
}

/** Tap devices for one start: made, named, plugged into their bridges. */
import { closeSync } from "node:fs";
import type { Interface } from "@vireo/model/domain/device/interface";
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { Networks } from "../contract.ts";
import { bridgeMtu, configureLink, hostSideMac, openTap, type Tap } from "../../host/tap.ts";

/** The kernel completes it with the first free number, as libvirt names its devices. */
const ANY_NAME = "vnet%d";

const interfaceOf = ({ devices }: ResolvedDomain, alias: string): Interface => {
  const net = devices.interfaces?.find((one) => one.alias?.name === alias);
  if (net === undefined) throw virError("internalError", `no interface with alias ${alias}`);
  return net;
};

/** What an interface is to be plugged into. @throws VireoError `noNetwork`, `operationInvalid` */
export function plugOf(
  net: Interface,
  networks: Networks | undefined,
): { bridge?: string; mtu?: number } {
  if (net.type === "bridge")
    return net.source?.bridge === undefined ? {} : { bridge: net.source.bridge };
  if (net.type !== "network") return {};
  const name = net.source?.network ?? "";
  if (networks !== undefined) return networks.plug(name);
  throw virError("noNetwork", `no network with matching name '${name}'`);
}

const queuesOf = (net: Interface): number =>
  Math.max("driver" in net ? (net.driver.queues ?? 1) : 1, 1);

const macOnHost = (net: Interface): string | undefined =>
  net.mac === undefined ? undefined : hostSideMac(net.mac.address);

/** How the link of its tap is set up; its packets are as long as the bridge's, unless told otherwise. */
function linkOf(
  net: Interface,
  networks: Networks | undefined,
): { bridge?: string; mac?: string; mtu?: number } {
  const { bridge, mtu: usual } = plugOf(net, networks);
  const bridged = bridge === undefined ? undefined : bridgeMtu(bridge);
  const mtu = net.mtu?.size ?? usual ?? bridged;
  const mac = macOnHost(net);
  return {
    ...(bridge === undefined ? {} : { bridge }),
    ...(mac === undefined ? {} : { mac }),
    ...(mtu === undefined ? {} : { mtu }),
  };
}

/** Opens each interface's tap once, however many queues ask for a descriptor of it. */
export class GuestTaps {
  readonly #taps = new Map<string, Tap>();
  /** Opened for a queue that nobody has asked for yet. */
  readonly #untaken = new Set<number>();
  readonly #config: ResolvedDomain;
  readonly #networks: Networks | undefined;

  constructor(config: ResolvedDomain, networks?: Networks) {
    this.#config = config;
    this.#networks = networks;
  }

  /** Names by alias, for the running configuration. */
  get names(): ReadonlyMap<string, string> {
    return new Map([...this.#taps].map(([alias, tap]) => [alias, tap.name]));
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

  /** Closes what nobody took; a tap without descriptors disappears. */
  close(): void {
    for (const fd of this.#untaken) closeSync(fd);
    this.#untaken.clear();
  }

  async #open(alias: string): Promise<Tap> {
    const net = interfaceOf(this.#config, alias);
    const way = linkOf(net, this.#networks);
    const tap = openTap({
      name: net.target?.dev ?? ANY_NAME,
      vnetHeader: net.model?.type?.startsWith("virtio") === true,
      queues: queuesOf(net),
    });
    for (const fd of tap.fds) this.#untaken.add(fd);
    this.#taps.set(alias, tap);
    await configureLink(tap.name, way);
    return tap;
  }
}

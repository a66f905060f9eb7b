/**
 * Guests of networks, the world outside and the host between them, in network namespaces: ends of
 * cables in a namespace that answers nothing, the host's namespace is the one this runs in.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as later } from "node:timers/promises";
import { openWorld, sh } from "./bridge-lab.ts";

/** One end of a cable: a guest's card, or somebody outside. */
export interface End {
  readonly name: string;
  readonly mac: string;
}
/** A packet where it came out. */
export interface Sight {
  readonly number: number;
  readonly place: string;
  readonly bytes: Buffer;
}

const FORWARDING = "3";
const PORT_MS = 15_000;
const LOOK_MS = 20;

const sysctl = (name: string, value: string): void => writeFileSync(`/proc/sys/net/${name}`, value);

/** Interfaces of the host that lead outside. */
export const OUTSIDE = [
  { dev: "out0", four: "198.51.100", six: "2001:db8:100" },
  { dev: "out1", four: "198.51.101", six: "2001:db8:101" },
] as const;
export const outsideEnd = (dev: string): End => ({
  name: `w${dev}`,
  mac: `52:54:00:00:ff:0${dev.slice(-1)}`,
});

export class NetworkWorld {
  readonly #world: ChildProcess;
  readonly #pid: string;

  private constructor(world: ChildProcess) {
    this.#world = world;
    this.#pid = String(world.pid);
  }

  /** With the ways outside, and a host that passes packets on. */
  static async made(): Promise<NetworkWorld> {
    const world = new NetworkWorld(await openWorld());
    for (const name of ["ipv4/conf/all/rp_filter", "ipv4/conf/default/rp_filter"])
      sysctl(name, "0");
    sysctl("ipv4/ip_forward", "1");
    sysctl("ipv6/conf/all/forwarding", "1");
    for (const way of OUTSIDE) await world.#outside(way);
    await sh("ip -4 route add default via 198.51.100.2");
    await sh("ip -6 route add default via 2001:db8:100::2");
    return world;
  }

  async #outside({ dev, four, six }: (typeof OUTSIDE)[number]): Promise<void> {
    const end = outsideEnd(dev);
    await this.#cable(dev, end);
    await sh(`ip address add ${four}.1/24 dev ${dev}`);
    await sh(`ip -6 address add ${six}::1/64 nodad dev ${dev}`);
    await this.knows(dev, end, [`${four}.2`, `${six}::2`]);
  }

  async #cable(dev: string, end: End): Promise<void> {
    await sh(`ip link add ${dev} type veth peer name ${end.name}`);
    await sh(`ip link set ${end.name} netns ${this.#pid}`);
    const inside = `nsenter -t ${this.#pid} -n`;
    await sh(`${inside} sysctl -qw net.ipv6.conf.${end.name}.disable_ipv6=1`);
    await sh(`${inside} ip link set ${end.name} address ${end.mac} arp off promisc on up`);
    await sh(`ip link set ${dev} up`);
  }

  /** Plugs a guest into a bridge; it is gone when the bridge's network is. */
  async plug(end: End, bridge: string): Promise<void> {
    const port = `p${end.name}`;
    await this.#cable(port, end);
    sysctl(`ipv6/conf/${port}/disable_ipv6`, "1");
    await sh(`ip link set ${port} master ${bridge}`);
    const until = Date.now() + PORT_MS;
    while (readFileSync(`/sys/class/net/${port}/brport/state`, "utf8").trim() !== FORWARDING) {
      if (Date.now() > until) throw new Error(`${port} does not forward`);
      await later(LOOK_MS);
    }
  }

  async unplug(end: End): Promise<void> {
    await sh(`ip link delete p${end.name}`);
  }

  /** The host need not ask who has an address. */
  async knows(dev: string, { mac }: End, addresses: readonly string[]): Promise<void> {
    for (const address of addresses)
      await sh(`ip neighbour replace ${address} lladdr ${mac} dev ${dev} nud permanent`);
  }

  /** Sends packets and tells where they came out. */
  courier(ends: readonly End[]): {
    readonly send: (packets: readonly (readonly [string, Buffer])[]) => Promise<readonly Sight[]>;
    readonly end: () => void;
  } {
    const script = join(import.meta.dirname, "network_packets.py");
    const names = ends.map(({ name }) => name);
    const child = spawn("python3", [script, this.#pid, ...names], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      send: async (packets) => {
        const written = packets.map(([place, bytes]) => [place, bytes.toString("hex")]);
        child.stdin.write(`${JSON.stringify(written)}\n`);
        const { value } = await lines.next();
        const seen = JSON.parse(String(value)) as (readonly [number, string, string])[];
        return seen.map(([number, place, hex]) => ({
          number,
          place,
          bytes: Buffer.from(hex, "hex"),
        }));
      },
      end: () => child.stdin.end(),
    };
  }

  close(): void {
    this.#world.kill("SIGKILL");
  }
}

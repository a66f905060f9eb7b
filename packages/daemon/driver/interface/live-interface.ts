/** The host's interfaces as the kernel shows them. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { LINK_STATES, type HostInterface } from "@vireo/model/node/host-interface";
import { BOND_OPTIONS, bondOf } from "./bond-options.ts";
import { listDirectory, readTextIfThere } from "../../host/file.ts";

/** As the kernel tells it; without, as the name does. */
async function vlanTag(name: string): Promise<number> {
  const told = (await readTextIfThere(`/proc/net/vlan/${name}`)) ?? "";
  return Number(/\bVID: (\d+)/.exec(told)?.[1] ?? /\.(\d+)$/.exec(name)?.[1] ?? 0);
}

/** Reads below a directory such as /sys/class/net. */
export class LiveInterfaces {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async #text(name: string, attribute: string): Promise<string | undefined> {
    const path = join(this.#directory, name, attribute);
    // an attribute may be there and refuse to be read, such as the speed of a card that is off
    const text = (await readTextIfThere(path).catch(() => undefined))?.trim();
    return text === "" ? undefined : text;
  }

  /** All but taps, which belong to guests. */
  async names(): Promise<readonly string[]> {
    const all = await listDirectory(this.#directory);
    const taps = await Promise.all(all.map((name) => this.#text(name, "tun_flags")));
    return all.filter((_, at) => taps[at] === undefined);
  }

  async has(name: string): Promise<boolean> {
    return (await this.#text(name, "ifindex")) !== undefined;
  }

  async mac(name: string): Promise<string> {
    return (await this.#text(name, "address")) ?? "";
  }

  async isUp(name: string): Promise<boolean> {
    return (await this.#text(name, "operstate")) === "up";
  }

  async #link(name: string): Promise<NonNullable<HostInterface["link"]>> {
    const told = await this.#text(name, "operstate");
    const state = LINK_STATES.find((one) => one === told) ?? "unknown";
    const speed = state === "up" ? Number(await this.#text(name, "speed")) : Number.NaN;
    return { ...(speed > 0 ? { speed } : {}), state };
  }

  async #kind(name: string): Promise<HostInterface> {
    const directory = join(this.#directory, name);
    const inside: readonly string[] = await readdir(directory).catch(() => []);
    if (inside.includes("bridge")) return this.#bridge(name);
    if (inside.includes("bonding")) return this.#bond(name);
    const [below] = inside.flatMap((entry) => /^lower_(.+)$/.exec(entry)?.[1] ?? []);
    if (!/^DEVTYPE=vlan$/m.test((await this.#text(name, "uevent")) ?? ""))
      return { type: "ethernet", name };
    return {
      type: "vlan",
      name,
      vlan: { tag: await vlanTag(name), ...(below && { interface: { name: below } }) },
    };
  }

  async #bond(name: string): Promise<HostInterface> {
    const text = async (option: string): Promise<readonly [string, string]> => {
      // the word, and after it the kernel's number for it
      const [word = ""] = ((await this.#text(name, `bonding/${option}`)) ?? "").split(" ");
      return [option, word];
    };
    const options = Object.fromEntries(await Promise.all(BOND_OPTIONS.map(text)));
    const inside = await listDirectory(join(this.#directory, name));
    const ports = inside.flatMap((entry) => /^(?:slave|lower)_(.+)$/.exec(entry)?.[1] ?? []);
    const interfaces = await Promise.all([...new Set(ports)].map((port) => this.#port(port)));
    return { type: "bond", name, bond: { ...bondOf(options), interfaces } };
  }

  async #bridge(name: string): Promise<HostInterface> {
    const ports = await listDirectory(join(this.#directory, name, "brif"));
    const hundredths = Number((await this.#text(name, "bridge/forward_delay")) ?? 0);
    return {
      type: "bridge",
      name,
      bridge: {
        stp: (await this.#text(name, "bridge/stp_state")) !== "0",
        delay: String(hundredths / 100),
        interfaces: await Promise.all(ports.map((port) => this.#port(port))),
      },
    };
  }

  /** An interface that is there, with what libvirt tells of its kind. */
  async read(name: string): Promise<HostInterface> {
    const mtu = Number(await this.#text(name, "mtu"));
    return { ...(await this.#port(name)), ...(mtu > 0 ? { mtu: { size: mtu } } : {}) };
  }

  /** What is told of it inside of another. */
  async #port(name: string): Promise<HostInterface> {
    const kind = await this.#kind(name);
    const address = kind.type === "ethernet" ? await this.mac(name) : "";
    return {
      ...kind,
      ...(kind.type === "bridge" ? {} : { link: await this.#link(name) }),
      ...(address === "" ? {} : { mac: { address } }),
    };
  }
}

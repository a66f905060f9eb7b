/** Which keeper of definitions a host runs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { IfupdownKeeper } from "./ifupdown-keeper.ts";
import { type Files, type InterfaceKeeper, unsupported } from "./keeper.ts";
import { NetworkManagerKeeper } from "./network-manager-keeper.ts";
import { NetworkdKeeper } from "./networkd-keeper.ts";
import { OutdatedInterfaces } from "./outdated-interfaces.ts";

export interface InterfaceRoots {
  /** Everything of the host lies below it; empty for the host itself. */
  readonly host: string;
  /** Where the kernel shows interfaces. */
  readonly net: string;
  /** Ours, emptied by a boot. */
  readonly run: string;
}

interface Kept {
  readonly keeper: InterfaceKeeper;
  /** Whether it runs here. */
  readonly runs: () => Promise<boolean>;
}

/** An interface other than the loopback is its. */
const keepsAny = (keeper: InterfaceKeeper, files: Files): boolean =>
  keeper.names(files).some((name) => name !== "lo");

export class HostKeepers {
  readonly #all: readonly Kept[];
  readonly #interfaces: string;

  constructor({ host, net, run }: InterfaceRoots) {
    this.#interfaces = join(host, "/etc/network/interfaces");
    const below = (directory: string): string => join(host, directory);
    const outdated = new OutdatedInterfaces(join(run, "interface"));
    const ifupdown = new IfupdownKeeper({
      interfaces: this.#interfaces,
      scripts: below("/etc/network/if-pre-up.d"),
      outdated,
    });
    const manager = new NetworkManagerKeeper({
      directories: [
        below("/etc/NetworkManager/system-connections"),
        below("/run/NetworkManager/system-connections"),
        below("/usr/lib/NetworkManager/system-connections"),
      ],
      net,
    });
    const networkd = new NetworkdKeeper({
      directories: [
        below("/etc/systemd/network"),
        below("/run/systemd/network"),
        below("/usr/lib/systemd/network"),
      ],
      net,
      outdated,
    });
    // what ifupdown's file has is left alone by the others; each of these is installed on hosts that another sets up
    this.#all = [
      { keeper: ifupdown, runs: async () => keepsAny(ifupdown, await ifupdown.files()) },
      { keeper: manager, runs: async () => existsSync(below("/run/NetworkManager")) },
      { keeper: networkd, runs: async () => existsSync(below("/run/systemd/netif")) },
      { keeper: ifupdown, runs: async () => existsSync(this.#interfaces) },
    ];
  }

  /** Undefined on a host whose interfaces nobody of these sets up. */
  async find(): Promise<InterfaceKeeper | undefined> {
    for (const { keeper, runs } of this.#all) if (await runs()) return keeper;
    return undefined;
  }

  /** @throws VireoError `operationUnsupported` */
  async get(): Promise<InterfaceKeeper> {
    const keeper = await this.find();
    if (keeper !== undefined) return keeper;
    throw unsupported(
      `interfaces of this host cannot be changed: there is no '${this.#interfaces}', and neither NetworkManager nor systemd-networkd runs`,
    );
  }

  get all(): readonly InterfaceKeeper[] {
    return this.#all.map(({ keeper }) => keeper);
  }

  named(name: string): InterfaceKeeper | undefined {
    return this.#all.find(({ keeper }) => keeper.name === name)?.keeper;
  }
}

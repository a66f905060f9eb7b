/**
 * Who has which address and which guest has which card, as libvirt's own helper writes it for those
 * that read files instead of asking, libnss-libvirt above all:
 *
 *     BRIDGE.status   leases
 *     BRIDGE.macs     MAC addresses of guests by their names
 *
 * They are written within the guard's look of a change, and go with the network.
 */
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { explainError } from "@vireo/model/error";
import type { Network } from "@vireo/model/network/network";
import { hasOwnBridge } from "@vireo/model/network/parse-network";
import type { NetworkLease } from "@vireo/model/operation/network";
import { readTextIfThere, removeIfThere, writeFileAtomically } from "../../host/file.ts";
import { bridgeOf } from "./bridge.ts";
import type { Dnsmasq } from "./dnsmasq.ts";
import { readLeases } from "./leases.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

/** Everybody resolves names. */
const READABLE = { mode: 0o644, durable: false };

/** Without what is absent, in the order of libvirt's helper. */
const statusOf = ({ iaid, address, mac, hostname, clientId, expiry }: NetworkLease) => ({
  iaid,
  "ip-address": address,
  "mac-address": mac,
  hostname,
  "client-id": clientId,
  "expiry-time": expiry,
});

/** Cards of guests, by the guests' names. */
function macsOf({ ports }: VirtualNetwork): readonly unknown[] {
  const cards = [...ports.values()].flatMap(({ owner, mac }) =>
    owner === undefined || mac === undefined ? [] : [{ domain: owner.name, mac: mac.address }],
  );
  const by = Map.groupBy(cards, ({ domain }) => domain);
  return [...by]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([domain, own]) => ({ domain, macs: own.map(({ mac }) => mac) }));
}

export class LeaseFiles {
  readonly #directory: string;
  readonly #dnsmasq: Dnsmasq;
  readonly #log: Logger;
  /** When the server's own file was changed last, by bridge. */
  readonly #seen = new Map<string, number>();

  constructor(directory: string, dnsmasq: Dnsmasq, log: Logger) {
    this.#directory = directory;
    this.#dnsmasq = dnsmasq;
    this.#log = log;
  }

  #path(network: Network, suffix: string): string {
    return join(this.#directory, `${bridgeOf(network)}.${suffix}`);
  }

  /** No network fails because nobody can read of it. */
  async #write(network: Network, suffix: string, entries: readonly unknown[]): Promise<void> {
    const path = this.#path(network, suffix);
    const text = `${JSON.stringify(entries, null, 2)}\n`;
    try {
      if ((await readTextIfThere(path)) === text) return;
      await mkdir(this.#directory, { recursive: true, mode: 0o755 });
      await writeFileAtomically(path, text, READABLE);
    } catch (error) {
      this.#log.warn({ network: network.name }, `leases: ${explainError(error)}`);
    }
  }

  /** Writes what has changed. */
  async refresh({ live }: VirtualNetwork): Promise<void> {
    if (live === undefined || !hasOwnBridge(live)) return;
    const file = this.#dnsmasq.leaseFile(live.name);
    const changed = (await stat(file).catch(() => undefined))?.mtimeMs;
    const bridge = bridgeOf(live);
    if (changed === undefined || this.#seen.get(bridge) === changed) return;
    const leases = readLeases((await readTextIfThere(file)) ?? "", live, 0);
    // dnsmasq has the latest first
    await this.#write(live, "status", leases.toReversed().map(statusOf));
    this.#seen.set(bridge, changed);
  }

  /** After a guest has come or gone. */
  async tellCards(network: VirtualNetwork): Promise<void> {
    const { live } = network;
    if (live !== undefined && hasOwnBridge(live)) await this.#write(live, "macs", macsOf(network));
  }

  async forget(network: Network): Promise<void> {
    this.#seen.delete(bridgeOf(network));
    for (const suffix of ["status", "macs"]) await removeIfThere(this.#path(network, suffix));
  }
}

/**
 * Keeps what belongs to active networks on the host while the daemon runs: rules that somebody
 * flushed and servers that ended are put back within some seconds.
 */
import { explainError } from "@vireo/model/error";
import { hasOwnBridge } from "@vireo/model/network/parse-network";
import { execProgram } from "../../host/exec.ts";
import { linkExists } from "./bridge.ts";
import { presentTables } from "./network-backend.ts";
import { healNetwork } from "./network-life.ts";
import type { NetworkList } from "./network-list.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

const LOOK_MS = 2000;
const LIMIT_TABLE = /^netdev vireo_limit_(\w+)$/;

export class NetworkGuard {
  readonly #list: NetworkList;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;

  constructor(list: NetworkList) {
    this.#list = list;
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    }, LOOK_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { limits, log } = this.#list.tools;
    const active = this.#list.all().filter(({ live }) => live !== undefined && hasOwnBridge(live));
    if (active.length === 0 && limits.tables.length === 0) return;
    try {
      const tables = await presentTables();
      for (const network of active) await this.#heal(network, tables);
      await limits.heal(tables);
    } catch (error) {
      log.warn(`networks cannot be looked after: ${explainError(error)}`);
    }
  }

  async #heal(network: VirtualNetwork, tables: ReadonlySet<string>): Promise<void> {
    const { log } = this.#list.tools;
    const { name } = network.identity;
    await network
      .inTurn(async () => {
        if (network.live === undefined) return;
        const { firewall } = this.#list.tools;
        const rules = !(await firewall.isThere(network.live, tables));
        const healed = await healNetwork(this.#list, network.live, rules);
        if (healed.length > 0) log.warn({ network: name, healed }, "network healed");
        await this.#list.tools.leaseFiles.refresh(network);
      })
      .catch((error: unknown) =>
        log.warn({ network: name }, `network cannot be healed: ${explainError(error)}`),
      );
  }
}

/** Removes rules of links that went while no daemon was there. */
export async function sweepLimits(): Promise<void> {
  for (const name of await presentTables()) {
    const dev = LIMIT_TABLE.exec(name)?.[1];
    if (dev === undefined || linkExists(dev)) continue;
    await execProgram("nft", ["delete", "table", ...name.split(" ")]);
  }
}

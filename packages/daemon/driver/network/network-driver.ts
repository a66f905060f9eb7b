/** The network driver: virtual networks, beside every hypervisor. */
import { join } from "node:path";
import type { Logger } from "pino";
import { explainError } from "@vireo/model/error";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import type { NetworkEvent } from "@vireo/model/network-event";
import { EventBus } from "../../event/event-bus.ts";
import type { Paths } from "../../host/paths.ts";
import type { Driver, Networks } from "../contract.ts";
import { bridgeOf } from "./bridge.ts";
import { Dnsmasq } from "./dnsmasq.ts";
import { adoptNetwork, startNetwork } from "./network-life.ts";
import { NetworkList } from "./network-list.ts";
import { leases, networkRole } from "./network-role.ts";
import { networkStore } from "./network-store.ts";
import { VirtualNetwork } from "./virtual-network.ts";

/** Takes an active network over again, or starts one that is to start with the daemon. */
async function revive(list: NetworkList, network: VirtualNetwork): Promise<void> {
  try {
    if (network.live !== undefined) await adoptNetwork(list, network);
    const { live, config, autostart } = network;
    if (live === undefined && autostart && config !== undefined)
      await startNetwork(list, network, config);
  } catch (error) {
    list.tools.log.error({ network: network.identity.name }, `network: ${explainError(error)}`);
  }
}

/** What a guest's interface in the network is plugged into. */
function plugOf(list: NetworkList, name: string): { bridge: string; mtu?: number } {
  const definition = list.find({ name }).active();
  const { mtu } = definition;
  return { bridge: bridgeOf(definition), ...(mtu === undefined ? {} : { mtu: mtu.size }) };
}

/** Resolves when the networks are known, and those that ran or start by themselves are up. */
export async function startNetworkDriver(
  paths: Paths,
  log: Logger,
): Promise<{ readonly driver: Driver; readonly networks: Networks }> {
  const events = new EventBus<NetworkEvent>((error, { event }) =>
    log.error({ event }, `event subscriber failed: ${explainError(error)}`),
  );
  const tools = {
    store: networkStore(paths),
    dnsmasq: new Dnsmasq(paths),
    events,
    log,
    hooks: join(paths.etc, "hooks"),
  };
  const list = new NetworkList(tools);
  const stored = await tools.store.load((path, error) =>
    log.error({ path }, `cannot read network: ${explainError(error)}`),
  );
  for (const { autostart, ...definitions } of stored) {
    const network = new VirtualNetwork(definitions);
    network.autostart = autostart;
    list.add(network);
  }
  for (const network of list.all()) await revive(list, network);
  const driver: Driver = {
    name: "network",
    errorDomain: ErrorDomain.network,
    roles: { network: networkRole(list) },
    events: { network: events },
    close: () => Promise.resolve(),
  };
  const networks: Networks = {
    plug: (name) => plugOf(list, name),
    leases: async (name, mac) => {
      const network = list.all().find((one) => one.definition.name === name);
      return network?.live === undefined ? [] : leases(list, network, mac);
    },
  };
  return { driver, networks };
}

/** Starting and stopping networks: bridge, rules, server; in this order, and back. */
import type { Network } from "@vireo/model/network/network";
import { explainError, virError } from "@vireo/model/error";
import { cardOf, withFunctions, withoutFunctions } from "@vireo/model/network/function-pool";
import { formatNetwork, hasOwnBridge } from "@vireo/model/network/parse-network";
import { bridgeOf, checkRoutes, joinZone, linkExists, makeBridge, removeBridge } from "./bridge.ts";
import type { LinkLimit } from "../contract.ts";
import { virtualFunctionsOf } from "../../host/virtual-functions.ts";
import { wantsServer } from "./dnsmasq.ts";
import { guarantee, shareRest } from "./guaranteed-share.ts";
import { tellHook } from "./network-hook.ts";
import type { NetworkList } from "./network-list.ts";
import { dropPorts } from "./network-ports.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

/** Puts the rules in force, instead of those there were. */
export const applyFirewall = (
  { tools }: NetworkList,
  network: Network,
  before?: Network,
): Promise<void> =>
  hasOwnBridge(network) ? tools.firewall.apply(network, before) : Promise.resolve();

/** What guests together may send and receive through the bridge. */
const limitOf = ({ bandwidth = {}, ...definition }: Network): LinkLimit => ({
  dev: bridgeOf({ ...definition }),
  bandwidth,
  shared: true,
});

/** Puts the limits in force, instead of those there were. */
async function applyBandwidth(list: NetworkList, definition: Network): Promise<void> {
  if (definition.bandwidth !== undefined) await list.tools.limits.set(limitOf(definition));
}

/** Changes the limits of a network that is active, with what guests were promised. @throws VireoError */
export async function changeBandwidth(
  list: NetworkList,
  network: VirtualNetwork,
  wanted: Network,
): Promise<void> {
  if (!hasOwnBridge(wanted)) return;
  await list.tools.limits.clear(bridgeOf(wanted));
  await applyBandwidth(list, wanted);
  for (const port of network.ports.values()) await guarantee(wanted, port);
  await shareRest(wanted, [...network.ports.values()]);
}

/** Takes everything of it off the host, whatever is there. @throws VireoError */
export async function takeDown(list: NetworkList, definition: Network): Promise<void> {
  if (!hasOwnBridge(definition)) return;
  await list.tools.dnsmasq.forget(definition.name);
  await list.tools.leaseFiles.forget(definition);
  await list.tools.limits.clear(bridgeOf(definition));
  await list.tools.firewall.remove(definition);
  await removeBridge(bridgeOf(definition));
}

async function bringUp(list: NetworkList, definition: Network): Promise<void> {
  if (!hasOwnBridge(definition)) return;
  const bridge = bridgeOf(definition);
  if (linkExists(bridge))
    throw virError("internalError", `bridge name '${bridge}' already in use.`);
  await checkRoutes(definition);
  try {
    await makeBridge(definition);
    await joinZone(definition);
    await applyFirewall(list, definition);
    await applyBandwidth(list, definition);
    await list.tools.dnsmasq.start(definition);
  } catch (error) {
    await takeDown(list, definition).catch((fault: unknown) =>
      list.tools.log.warn({ network: definition.name, err: fault }, "network left half started"),
    );
    throw error;
  }
}

/** With the functions of its card, where they are its pool. @throws VireoError `internalError` */
export async function withPool(definition: Network): Promise<Network> {
  const card = cardOf(definition);
  return card === undefined
    ? definition
    : withFunctions(definition, await virtualFunctionsOf(card));
}

/** What a daemon that comes after this one needs to know. */
const entryOf = (operation: "start" | "stop", definition: Network) => ({
  uuid: definition.uuid,
  operation,
  note: { definition: formatNetwork(withoutFunctions(definition)) },
});

/** @throws VireoError; then the network is as before */
export async function startNetwork(
  list: NetworkList,
  network: VirtualNetwork,
  definition: Network,
): Promise<void> {
  if (network.live !== undefined) throw virError("operationInvalid", "network is already active");
  await tellHook(list, definition, { operation: "start" });
  const live = await withPool(definition);
  await list.tools.journal.during(entryOf("start", definition), async () => {
    await bringUp(list, definition);
    try {
      await tellHook(list, definition, { operation: "started" });
    } catch (error) {
      await takeDown(list, definition);
      throw error;
    }
    await list.tools.store.saveStatus(definition);
  });
  network.live = live;
  await list.tools.leaseFiles.refresh(network);
  list.tell(network, "started");
}

export async function stopNetwork(list: NetworkList, network: VirtualNetwork): Promise<void> {
  const definition = network.active();
  await list.tools.journal.during(entryOf("stop", definition), async () => {
    await takeDown(list, definition);
    await dropPorts(list, network);
    await list.tools.store.removeStatus(definition.name);
  });
  await tellHook(list, definition, { operation: "stopped" }).catch((error: unknown) =>
    list.tools.log.warn({ network: definition.name }, explainError(error)),
  );
  list.tell(network, "stopped");
  network.live = undefined;
  if (network.config === undefined) list.drop(network);
}

/** After the daemon was away: what is missing is made again; a network without its bridge has ended. */
export async function adoptNetwork(list: NetworkList, network: VirtualNetwork): Promise<void> {
  const definition = network.active();
  if (!hasOwnBridge(definition)) {
    network.live = await withPool(definition);
    return;
  }
  if (!linkExists(bridgeOf(definition))) {
    await stopNetwork(list, network);
    return;
  }
  if (definition.bandwidth !== undefined) list.tools.limits.know(limitOf(definition));
  await healNetwork(list, definition, true);
  await list.tools.leaseFiles.refresh(network);
  await list.tools.leaseFiles.tellCards(network);
}

/** Puts back what is gone; tells what was. @throws VireoError */
export async function healNetwork(
  list: NetworkList,
  definition: Network,
  rules: boolean,
): Promise<readonly string[]> {
  const healed: string[] = [];
  if (!linkExists(bridgeOf(definition))) return healed;
  if (rules) {
    await applyFirewall(list, definition);
    healed.push("rules");
  }
  const { dnsmasq } = list.tools;
  if (wantsServer(definition) && (await dnsmasq.running(definition.name)) === undefined) {
    await dnsmasq.start(definition);
    healed.push("dnsmasq");
  }
  return healed;
}

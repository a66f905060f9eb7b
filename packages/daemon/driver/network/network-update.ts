/** A network's change, of its definition and while it runs. */
import { isDeepStrictEqual } from "node:util";
import { explainError, virError } from "@vireo/model/error";
import { withoutFunctions } from "@vireo/model/network/function-pool";
import type { Network } from "@vireo/model/network/network";
import { formatNetwork, hasOwnBridge } from "@vireo/model/network/parse-network";
import { type NetworkUpdate, updateNetwork } from "@vireo/model/network/update-network";
import { tellHook } from "./network-hook.ts";
import { applyFirewall, changeBandwidth, withPool } from "./network-life.ts";
import type { NetworkList } from "./network-list.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

export type Update = NetworkUpdate & {
  readonly live?: boolean | undefined;
  readonly config?: boolean | undefined;
};

/** What is meant when neither is said: the running network, else the definition. */
function placesOf(network: VirtualNetwork, { live, config }: Update) {
  const neither = live !== true && config !== true;
  const running = network.live !== undefined;
  return {
    live: live === true || (neither && running),
    config: config === true || (neither && !running),
  };
}

/** How the network is to be; what is absent stays. */
export interface Next {
  readonly config?: Network | undefined;
  readonly live?: Network | undefined;
}

async function nextOf(network: VirtualNetwork, change: Update): Promise<Next> {
  const { live, config } = placesOf(network, change);
  if (config && network.config === undefined)
    throw virError("operationInvalid", "can't update persistent config of a transient network");
  if (live && network.live === undefined)
    throw virError("operationInvalid", "network is not running");
  return {
    live: live
      ? await withPool(updateNetwork(withoutFunctions(network.active()), change))
      : undefined,
    config:
      config && network.config !== undefined ? updateNetwork(network.config, change) : undefined,
  };
}

/** @throws VireoError; then definition and running network are as before */
export async function update(
  list: NetworkList,
  network: VirtualNetwork,
  change: Update,
): Promise<void> {
  const next = await nextOf(network, change);
  const { uuid } = network.identity;
  const note = Object.fromEntries(
    Object.entries(next).flatMap(([place, wanted]: [string, Network | undefined]) =>
      wanted === undefined ? [] : [[place, formatNetwork(withoutFunctions(wanted))]],
    ),
  );
  await list.tools.journal.during({ uuid, operation: "update", note }, () =>
    putInForce(list, network, next),
  );
  if (next.live !== undefined) await tellHook(list, next.live, { operation: "updated" });
}

/** @throws VireoError; then definition and running network are as before */
export async function putInForce(
  list: NetworkList,
  network: VirtualNetwork,
  { config, live }: Next,
): Promise<void> {
  const before = network.config;
  if (config !== undefined) await list.tools.store.saveDefinition(config);
  try {
    if (live !== undefined) await changeLive(list, network, live);
  } catch (error) {
    if (config !== undefined && before !== undefined) await list.tools.store.saveDefinition(before);
    throw error;
  }
  network.config = config ?? before;
}

async function changeLive(
  list: NetworkList,
  network: VirtualNetwork,
  wanted: Network,
): Promise<void> {
  const before = network.active();
  try {
    await changeHost(list, network, { from: before, to: wanted });
    await list.tools.store.saveStatus(withoutFunctions(wanted));
  } catch (error) {
    await changeHost(list, network, { from: wanted, to: before }).catch((fault: unknown) =>
      list.tools.log.warn({ network: wanted.name }, `left half changed: ${explainError(fault)}`),
    );
    throw error;
  }
  network.live = wanted;
}

async function changeHost(
  list: NetworkList,
  network: VirtualNetwork,
  { from, to }: { from: Network; to: Network },
): Promise<void> {
  await applyFirewall(list, to, from);
  if (hasOwnBridge(to)) {
    await list.tools.dnsmasq.stop(to.name);
    await list.tools.dnsmasq.start(to);
  }
  if (!isDeepStrictEqual(from.bandwidth, to.bandwidth)) await changeBandwidth(list, network, to);
}

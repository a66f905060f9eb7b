/** Operations on networks. */
import { virError } from "@vireo/model/error";
import type { NetworkLease } from "@vireo/model/operation/network";
import { parseMac } from "@vireo/model/mac";
import { withNatPorts } from "@vireo/model/network/nat-ports";
import { withConnections } from "@vireo/model/network/allocate-port";
import { checkNetwork } from "@vireo/model/network/check-network";
import { withoutFunctions } from "@vireo/model/network/function-pool";
import type { Network } from "@vireo/model/network/network";
import { formatNetwork, parseNetwork } from "@vireo/model/network/parse-network";
import { LIVE_VIEW } from "@vireo/model/schema/view";
import { readTextIfThere } from "../../host/file.ts";
import type { Role } from "../contract.ts";
import { readLeases } from "./leases.ts";
import { startNetwork, stopNetwork } from "./network-life.ts";
import type { NetworkList } from "./network-list.ts";
import { update } from "./network-update.ts";
import { newUuid } from "../../state/new-uuid.ts";
import { VirtualNetwork } from "./virtual-network.ts";

/** @throws VireoError as libvirt words it */
function readNetwork(xml: string, validate: boolean | undefined): Network {
  const { network, issues } = parseNetwork(xml, newUuid);
  const [issue] = issues;
  if (validate === true && issue !== undefined)
    throw virError("xmlInvalidSchema", `${issue.path}: ${issue.message}`);
  checkNetwork(network);
  return network;
}

async function define(list: NetworkList, written: Network): Promise<VirtualNetwork> {
  const known = list.same(written);
  const wanted = list.completed(written);
  await list.tools.store.saveDefinition(wanted);
  const network = known ?? new VirtualNetwork({ config: wanted });
  network.config = wanted;
  list.add(network);
  list.tell(network, "defined");
  return network;
}

async function create(list: NetworkList, written: Network): Promise<VirtualNetwork> {
  const known = list.same(written);
  if (known?.live !== undefined)
    throw virError("operationInvalid", `network is already active as '${written.name}'`);
  const wanted = list.completed(written);
  // it must be in the list before it is started, so that no second one takes its name
  const network = known ?? new VirtualNetwork({ config: wanted });
  list.add(network);
  try {
    await network.inTurn(() => startNetwork(list, network, wanted));
  } catch (error) {
    if (known === undefined) list.drop(network);
    throw error;
  }
  if (known === undefined) network.config = undefined;
  return network;
}

async function undefine(list: NetworkList, network: VirtualNetwork): Promise<void> {
  if (network.config === undefined)
    throw virError("operationInvalid", "can't undefine transient network");
  await list.tools.store.removeDefinition(network.identity.name);
  list.tell(network, "undefined");
  network.autostart = false;
  if (network.live === undefined) list.drop(network);
  else network.config = undefined;
}

async function setAutostart(
  list: NetworkList,
  network: VirtualNetwork,
  wanted: boolean,
): Promise<void> {
  if (network.config === undefined)
    throw virError("operationInvalid", "cannot set autostart for transient network");
  await list.tools.store.setAutostart(network.identity.name, wanted);
  network.autostart = wanted;
}

export async function leases(
  list: NetworkList,
  network: VirtualNetwork,
  mac: string | undefined,
): Promise<readonly NetworkLease[]> {
  if (mac !== undefined && parseMac(mac) === undefined) throw virError("invalidMac", mac);
  const { definition } = network;
  const text = await readTextIfThere(list.tools.dnsmasq.leaseFile(definition.name));
  const all = readLeases(text ?? "", definition, Date.now() / 1000);
  return mac === undefined ? all : all.filter((one) => one.mac === parseMac(mac));
}

export const networkRole = (list: NetworkList): Role<"network"> => ({
  list: () => list.all().map(({ summary }) => summary),
  lookup: ({ network }) => list.find(network).summary,
  define: async ({ xml, validate }) => (await define(list, readNetwork(xml, validate))).identity,
  create: async ({ xml, validate }) => (await create(list, readNetwork(xml, validate))).identity,
  start: ({ network }) => {
    const found = list.find(network);
    return found.inTurn(() => startNetwork(list, found, found.config ?? found.definition));
  },
  destroy: ({ network }) => {
    const found = list.find(network);
    return found.inTurn(() => stopNetwork(list, found));
  },
  undefine: ({ network }) => {
    const found = list.find(network);
    return found.inTurn(() => undefine(list, found));
  },
  update: ({ network, ...change }) => {
    const found = list.find(network);
    return found.inTurn(() => update(list, found, change));
  },
  xml: ({ network, inactive }) => {
    const { live, config, definition, ports } = list.find(network);
    return live === undefined || inactive === true
      ? formatNetwork(withoutFunctions(config ?? definition))
      : formatNetwork(withConnections(withNatPorts(live), [...ports.values()]), LIVE_VIEW);
  },
  setAutostart: ({ network, autostart }) => setAutostart(list, list.find(network), autostart),
  leases: ({ network, mac }) => leases(list, list.find(network), mac),
});

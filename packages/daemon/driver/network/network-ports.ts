/** Places that guests have in networks: taken, kept on disk, given back. */
import { explainError, virError } from "@vireo/model/error";
import {
  allocatePort,
  checkFloor,
  type AllocatedPort,
  withConnections,
} from "@vireo/model/network/allocate-port";
import type { NetworkPort } from "@vireo/model/network/network-port";
import { guarantee, shareRest, takeBack, withClass } from "./guaranteed-share.ts";
import { tellHook } from "./network-hook.ts";
import type { NetworkList } from "./network-list.ts";
import { newUuid } from "../../state/new-uuid.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

/** @throws VireoError `noNetworkPort` */
export function findPort(network: VirtualNetwork, uuid: string): AllocatedPort {
  const port = network.ports.get(uuid);
  if (port !== undefined) return port;
  throw virError("noNetworkPort", `Network port with UUID ${uuid} does not exist`);
}

/** Takes a place for who wishes one. @throws VireoError */
export function takePort(
  list: NetworkList,
  network: VirtualNetwork,
  wish: NetworkPort,
): Promise<AllocatedPort> {
  return network.inTurn(async () => {
    const definition = network.active();
    const uuid = wish.uuid ?? newUuid();
    if (network.ports.has(uuid))
      throw virError("networkPortExist", `Network port with UUID ${uuid} already exists`);
    const others = [...network.ports.values()];
    const port = withClass(allocatePort(definition, { wish, uuid }, others), others);
    await guarantee(definition, port);
    if (port.bandwidth?.classId !== undefined) await shareRest(definition, [...others, port]);
    try {
      await list.tools.ports.save(definition.name, port);
      const told = withConnections(definition, [...others, port]);
      await tellHook(list, told, { operation: "port-created", port });
    } catch (error) {
      await list.tools.ports.remove(definition.name, uuid);
      await takeBack(definition, port);
      throw error;
    }
    network.ports.set(uuid, port);
    await list.tools.leaseFiles.tellCards(network);
    return port;
  });
}

/** @throws VireoError `noNetworkPort` */
export function givePort(list: NetworkList, network: VirtualNetwork, uuid: string): Promise<void> {
  return network.inTurn(async () => {
    const port = findPort(network, uuid);
    network.ports.delete(uuid);
    await list.tools.ports.remove(network.identity.name, uuid);
    if (network.live === undefined) return;
    await list.tools.leaseFiles.tellCards(network);
    await takeBack(network.live, port);
    if (port.bandwidth?.classId !== undefined)
      await shareRest(network.live, [...network.ports.values()]);
    const told = withConnections(network.live, [...network.ports.values()]);
    await tellHook(list, told, { operation: "port-deleted", port }).catch((error: unknown) =>
      list.tools.log.warn({ network: told.name }, explainError(error)),
    );
  });
}

/** Other limits for a place. @throws VireoError `noNetworkPort`, `operationInvalid`, `operationUnsupported` */
export function tunePort(
  list: NetworkList,
  network: VirtualNetwork,
  { uuid, bandwidth }: { uuid: string; bandwidth: NetworkPort["bandwidth"] },
): Promise<void> {
  return network.inTurn(async () => {
    const definition = network.active();
    const { bandwidth: _before, ...port } = findPort(network, uuid);
    const others = [...network.ports.values()].filter((one) => one.uuid !== uuid);
    const wanted = { ...port, ...(bandwidth === undefined ? {} : { bandwidth }) };
    checkFloor(definition, wanted, others);
    const next = withClass(wanted, others);
    await takeBack(definition, findPort(network, uuid));
    await guarantee(definition, next);
    await shareRest(definition, [...others, next]);
    await list.tools.ports.save(definition.name, next);
    network.ports.set(uuid, next);
  });
}

/** With the network go its places. */
export async function dropPorts(list: NetworkList, network: VirtualNetwork): Promise<void> {
  network.ports.clear();
  await list.tools.ports.removeAll(network.identity.name);
}

/** Shares of a network's throughput that are guaranteed to guests: classes on its bridge. */
import { hostProgram } from "./host-program.ts";
import type { AllocatedPort } from "@vireo/model/network/allocate-port";
import type { Network } from "@vireo/model/network/network";
import { bridgeOf, linkExists } from "./bridge.ts";
import { htbWords } from "./link-limits.ts";

/** 1 is the network's, 2 of those that are guaranteed nothing. */
const FIRST_CLASS = 3;

const floorOf = ({ bandwidth }: AllocatedPort): number => bandwidth?.inbound?.floor ?? 0;

/** The port with a class of its own when it is guaranteed something. */
export function withClass(port: AllocatedPort, others: readonly AllocatedPort[]): AllocatedPort {
  if (floorOf(port) === 0) return port;
  const used = new Set(others.map(({ bandwidth }) => bandwidth?.classId));
  let classId = FIRST_CLASS;
  while (used.has(classId)) classId += 1;
  return { ...port, bandwidth: { ...port.bandwidth, classId } };
}

const tc = (...words: readonly string[]): Promise<unknown> => hostProgram("tc", words);
/**
 * What is left for those that are guaranteed nothing: together all get what the network has.
 * @throws VireoError `internalError`
 */
export async function shareRest(network: Network, ports: readonly AllocatedPort[]): Promise<void> {
  const { average = 0, peak } = network.bandwidth?.inbound ?? {};
  if (average === 0) return;
  const dev = bridgeOf(network);
  if (!linkExists(dev)) return;
  const given = ports.reduce((all, port) => all + floorOf(port), 0);
  const rate = htbWords({ average: Math.max(average - given, 1), peak: peak || average });
  await tc("class", "change", "dev", dev, "parent", "1:1", "classid", "1:2", ...rate);
}

const handleOf = (classId: number): string => `800::${classId.toString(16)}`;

/** @throws VireoError `internalError` */
export async function guarantee(network: Network, port: AllocatedPort): Promise<void> {
  const { classId } = port.bandwidth ?? {};
  const mac = port.mac?.address;
  if (classId === undefined || mac === undefined) return;
  const dev = bridgeOf(network);
  const { average, peak } = network.bandwidth?.inbound ?? {};
  const rate = htbWords({ average: floorOf(port), peak: peak || (average ?? 0) });
  const flow = `1:${classId.toString(16)}`;
  await tc("class", "replace", "dev", dev, "parent", "1:1", "classid", flow, ...rate);
  const match = ["match", "ether", "dst", mac, "flowid", flow];
  const place = ["dev", dev, "parent", "1:", "protocol", "all", "prio", "1"];
  await tc("filter", "replace", ...place, "handle", handleOf(classId), "u32", ...match);
}

/** @throws VireoError `internalError` */
export async function takeBack(network: Network, { bandwidth }: AllocatedPort): Promise<void> {
  const classId = bandwidth?.classId;
  if (classId === undefined) return;
  const dev = bridgeOf(network);
  if (!linkExists(dev)) return;
  const place = ["dev", dev, "parent", "1:", "prio", "1", "handle", handleOf(classId), "u32"];
  await tc("filter", "del", ...place);
  await tc("class", "del", "dev", dev, "classid", `1:${classId.toString(16)}`);
}

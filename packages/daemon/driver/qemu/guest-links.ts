/** What guests' network cards have on the host, in the running configuration; and its removal. */
import { actualType } from "@vireo/model/domain/device/actual-interface";
import type { Interface } from "@vireo/model/domain/device/interface";
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { AllocatedPort } from "@vireo/model/network/allocate-port";
import type { FilteredCard, LinkLimit, Networks, PacketFilters } from "../contract.ts";
import { connectionOf } from "./nic/connection.ts";

/** One card's device on the host, and its place in a network. */
export interface GuestLink {
  readonly dev: string;
  readonly port?: AllocatedPort;
}

type NetworkSource = NonNullable<Extract<Interface, { type: "network" }>["source"]>;

/** What the live XML tells of a place. */
function placeOf({ uuid, plug }: AllocatedPort): Partial<NetworkSource> {
  switch (plug.type) {
    case "network":
    case "bridge":
      return {
        portid: uuid,
        bridge: plug.bridge,
        ...(plug.type === "bridge" ? { actual: "bridge" } : {}),
        ...(plug.macTableManager && { macTableManager: plug.macTableManager }),
      };
    case "direct":
      return {
        portid: uuid,
        actual: "direct",
        dev: plug.dev,
        ...(plug.mode && { mode: plug.mode }),
      };
    case "none":
    case "hostdev-pci":
      return { portid: uuid };
  }
}

/** The interface as it runs: its device, its place, and what its group or network adds. */
export function withLink(net: Interface, { dev, port }: GuestLink): Interface {
  const target = { ...net.target, dev };
  if (net.type !== "network" || port === undefined || net.source === undefined)
    return { ...net, target };
  const { bandwidth, vlan, virtualPort, port: options } = port;
  return {
    ...net,
    target,
    source: { ...net.source, ...placeOf(port) },
    ...(bandwidth && { bandwidth }),
    ...(vlan && { vlan }),
    ...(virtualPort && { virtualPort }),
    ...(options && { port: options }),
  };
}

/** Names and places, by alias of the interface. */
export function withLinks(
  config: ResolvedDomain,
  links: ReadonlyMap<string, GuestLink>,
): ResolvedDomain {
  const { interfaces } = config.devices;
  if (interfaces === undefined || links.size === 0) return config;
  const linked = interfaces.map((net) => {
    const link = links.get(net.alias?.name ?? "");
    return link === undefined ? net : withLink(net, link);
  });
  return { ...config, devices: { ...config.devices, interfaces: linked } };
}

/** Whether the guest's card is a macvtap device, by its own wish or its network's. */
export const isDirect = (net: Interface): boolean => actualType(net) === "direct";

/** How its device is to be limited; undefined when it is not. */
export function limitOf(net: Interface): LinkLimit | undefined {
  const { bandwidth, target } = net;
  if (bandwidth === undefined || (target?.dev ?? "") === "") return undefined;
  return { dev: target?.dev ?? "", bandwidth, own: isDirect(net) };
}

interface Releasing {
  readonly networks?: Networks | undefined;
  readonly filters?: PacketFilters | undefined;
  /** UUID of the guest. */
  readonly owner: string;
  readonly report: (error: unknown) => void;
}

/** Gives back the card's place in its network. */
export async function leavePlace(
  net: Interface,
  { networks, report }: Omit<Releasing, "owner">,
): Promise<void> {
  if (net.type !== "network" || net.source?.portid === undefined) return;
  await networks?.release(net.source.network, net.source.portid).catch(report);
}

const hasFilter = ({ filterRef, target }: Interface): boolean =>
  filterRef !== undefined && (target?.dev ?? "") !== "";

/** The card with its filter, when it has one. */
export function filteredCard(
  net: Interface,
  { name, uuid }: Pick<ResolvedDomain, "name" | "uuid">,
): FilteredCard | undefined {
  const { filterRef, mac, target } = net;
  if (!hasFilter(net) || filterRef === undefined || mac === undefined) return undefined;
  return { dev: target?.dev ?? "", mac: mac.address, owner: { name, uuid }, filterRef };
}

/** Puts the card's packet filter in force, before its first packet can pass. @throws VireoError */
export async function filterLink(
  net: Interface,
  domain: ResolvedDomain,
  filters: PacketFilters | undefined,
): Promise<void> {
  const card = filteredCard(net, domain);
  if (card === undefined) return;
  if (filters === undefined)
    throw virError("configUnsupported", "there are no packet filters on this host");
  await filters.bind(card);
}

/** Takes away what does not end with QEMU: macvtap devices, limits, filters, places in networks. */
export async function releaseLink(net: Interface, releasing: Releasing): Promise<void> {
  const { networks, filters, owner, report } = releasing;
  const dev = net.target?.dev;
  const limit = limitOf(net);
  const works = [
    async () => limit && networks?.unlimit(limit.dev),
    async () => hasFilter(net) && filters?.unbind(dev ?? "", owner),
    async () => dev !== undefined && dev !== "" && connectionOf(net)?.leave?.(dev, net),
    () => leavePlace(net, releasing),
  ];
  for (const work of works) await work().catch(report);
}

/** All that runs, for networks that were looked after by an earlier daemon. */
export function linksOf(configs: readonly ResolvedDomain[]): {
  readonly ports: ReadonlySet<string>;
  readonly limits: readonly LinkLimit[];
} {
  const nets = configs.flatMap(({ devices }) => devices.interfaces ?? []);
  return {
    ports: new Set(
      nets.flatMap((net) => (net.type === "network" ? (net.source?.portid ?? []) : [])),
    ),
    limits: nets.flatMap((net) => limitOf(net) ?? []),
  };
}

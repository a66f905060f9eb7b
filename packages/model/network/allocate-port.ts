/** Which place in a network a guest gets. Pure: who uses what is told. */
import { virError, type VireoError } from "../error.ts";
import type { ForwardInterface } from "./network-forward.ts";
import type { NetworkPort } from "./network-port.ts";
import type { Network, PortGroup } from "./network.ts";
import { forwardMode, hasOwnBridge } from "./parse-network.ts";

export type PortPlug = NonNullable<NetworkPort["plug"]>;
/** A place in a network that somebody has. */
export type AllocatedPort = NetworkPort & { readonly uuid: string; readonly plug: PortPlug };
type VirtualPort = NonNullable<NetworkPort["virtualPort"]>;

const MACVTAP_MODES = ["bridge", "private", "vepa", "passthrough"] as const;

/** The group of that name; the default one when none is named. */
const groupOf = ({ portGroups = [] }: Network, name: string | undefined): PortGroup | undefined =>
  portGroups.find((group) => (name === undefined ? group.isDefault === true : group.name === name));

/** What guest, group and network say together; the guest comes first. @throws VireoError */
function virtualPortOf(
  written: readonly (VirtualPort | undefined)[],
  network: string,
): VirtualPort | undefined {
  const given = written.filter((one) => one !== undefined);
  const types = new Set(given.flatMap(({ type }) => type ?? []));
  const [type, other] = [...types];
  if (other !== undefined)
    throw virError(
      "configUnsupported",
      `attempt to merge virtualports of type '${type}' and '${other}' of network '${network}'`,
    );
  if (given.length === 0) return undefined;
  const parameters = given.reduceRight<VirtualPort["parameters"]>(
    (all, one) => (one.parameters === undefined ? all : { ...all, ...one.parameters }),
    undefined,
  );
  return {
    ...(type === undefined ? {} : { type }),
    ...(parameters === undefined ? {} : { parameters }),
  };
}

/** Only some switches know port profiles. @throws VireoError `configUnsupported` */
function refuseProfile(
  { type }: VirtualPort,
  known: readonly string[],
  { name, uses }: { name: string; uses: string },
): void {
  if (type === undefined || known.includes(type)) return;
  throw virError(
    "configUnsupported",
    `<virtualport type='${type}'> not supported for network '${name}' which uses ${uses}`,
  );
}

const noneFree = (name: string): VireoError =>
  virError(
    "internalError",
    `network '${name}' requires exclusive access to interfaces, but none are available`,
  );

/** The least used of the network's interfaces; alone when the guest has to have it for itself. */
function interfaceOf(
  network: Network,
  others: readonly AllocatedPort[],
  alone: boolean,
): ForwardInterface {
  const { name, forward } = network;
  const pool = forward?.interfaces ?? [];
  if (pool.length === 0)
    throw virError(
      "internalError",
      `network '${name}' uses a direct mode, but has no forward dev and no interface pool`,
    );
  const used = usesOf(others);
  const [least] = pool.toSorted((a, b) => (used.get(a.dev) ?? 0) - (used.get(b.dev) ?? 0));
  if (least === undefined || (alone && used.has(least.dev))) throw noneFree(name);
  return least;
}

/** How many guests have a place on each interface of the host. */
export function usesOf(ports: readonly AllocatedPort[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { plug } of ports)
    if (plug.type === "direct") uses.set(plug.dev, (uses.get(plug.dev) ?? 0) + 1);
  return uses;
}

type Address = NonNullable<Extract<PortPlug, { type: "hostdev-pci" }>["address"]>;
const slotOf = ({ domain, bus, slot, function: fn }: Partial<Address>): string =>
  [domain ?? 0, bus, slot, fn].join(":");

/** A virtual function of the pool that nobody has. */
function deviceOf(
  { name, forward }: Network,
  others: readonly AllocatedPort[],
): Extract<PortPlug, { type: "hostdev-pci" }> {
  const used = new Set(
    others.flatMap(({ plug }) =>
      plug.type === "hostdev-pci" && plug.address !== undefined ? [slotOf(plug.address)] : [],
    ),
  );
  const free = forward?.addresses?.find((one) => !used.has(slotOf(one)));
  if (free === undefined) throw noneFree(name);
  const { connections: _count, type: _bus, ...address } = free;
  const driver = forward?.driver?.name;
  return {
    type: "hostdev-pci",
    managed: forward?.managed === true,
    address,
    ...(driver === undefined ? {} : { driver: { name: driver } }),
  };
}

function plugOf(
  network: Network,
  profile: VirtualPort,
  others: readonly AllocatedPort[],
): PortPlug {
  const { name, bridge } = network;
  const mode = forwardMode(network);
  if (hasOwnBridge(network)) {
    refuseProfile(profile, [], { name, uses: "IP forwarding" });
    return { type: "network", bridge: bridge?.name ?? "", ...macTable(network) };
  }
  if (mode === "bridge" && bridge?.name !== undefined) {
    refuseProfile(profile, ["openvswitch"], { name, uses: "a bridge device" });
    return { type: "bridge", bridge: bridge.name, ...macTable(network) };
  }
  if (mode === "hostdev") {
    refuseProfile(profile, ["802.1Qbh"], {
      name,
      uses: "an SR-IOV Virtual Function via PCI passthrough",
    });
    return deviceOf(network, others);
  }
  refuseProfile(profile, ["802.1Qbg", "802.1Qbh"], { name, uses: "a macvtap device" });
  const macvtap = MACVTAP_MODES.find((one) => one === mode) ?? "bridge";
  const alone = macvtap === "passthrough" || profile.type === "802.1Qbh";
  return { type: "direct", dev: interfaceOf(network, others, alone).dev, mode: macvtap };
}

const macTable = ({ bridge }: Network): { macTableManager?: "kernel" | "libvirt" } =>
  bridge?.macTableManager === undefined ? {} : { macTableManager: bridge.macTableManager };

/** Linux's bridges are not told of VLANs; who asks for one would get none. @throws VireoError */
function checkVlan({ vlan, plug, virtualPort, mac }: AllocatedPort): void {
  if ((vlan?.tags ?? []).length === 0) return;
  const byHardware =
    plug.type === "hostdev-pci" || (plug.type === "direct" && plug.mode === "passthrough");
  if (byHardware || (plug.type === "bridge" && virtualPort?.type === "openvswitch")) return;
  throw virError(
    "configUnsupported",
    `interface ${mac?.address ?? ""} - vlan tag not supported for this connection type`,
  );
}

const bridgeName = ({ bridge, name }: Network): string => bridge?.name ?? name;

const floorOf = ({ bandwidth }: Pick<NetworkPort, "bandwidth">): number =>
  bandwidth?.inbound?.floor ?? 0;

/**
 * What is guaranteed to guests has to fit into what the network has.
 * @throws VireoError `operationUnsupported` when the network has no limit, `operationInvalid` when it is full
 */
export function checkFloor(
  network: Network,
  port: NetworkPort,
  others: readonly NetworkPort[],
): void {
  const floor = floorOf(port);
  if (floor === 0) return;
  const { name, bandwidth } = network;
  const mac = port.mac?.address ?? "";
  const inbound = bandwidth?.inbound;
  if (inbound === undefined || !hasOwnBridge(network))
    throw virError(
      "operationUnsupported",
      `Invalid use of 'floor' on interface with MAC address ${mac} - network '${name}' has no inbound QoS set`,
    );
  const sum = others.reduce((all, other) => all + floorOf(other), floor);
  const most = inbound.peak ? "peak" : "average";
  if (sum <= (inbound[most] ?? 0)) return;
  throw virError(
    "operationInvalid",
    `Cannot plug '${mac}' interface into '${bridgeName(network)}' because it would overcommit '${most}' on network '${name}'`,
  );
}

/** What a network or a group of it says of ports; a network's bandwidth is that of all together. */
const settingsOf = (of: Network | PortGroup): Omit<NetworkPort, "plug"> => ({
  ...(of.vlan && { vlan: of.vlan }),
  ...("uuid" in of || of.bandwidth === undefined ? {} : { bandwidth: of.bandwidth }),
  ...(of.trustGuestRxFilters !== undefined && {
    rxFilters: { trustGuest: of.trustGuestRxFilters },
  }),
});

/**
 * The port for a guest that wishes one. `others` have theirs already.
 * @throws VireoError `configUnsupported`, `internalError`, `operationUnsupported`, `operationInvalid`
 */
export function allocatePort(
  network: Network,
  { wish, uuid }: { wish: NetworkPort; uuid: string },
  others: readonly AllocatedPort[],
): AllocatedPort {
  const group = groupOf(network, wish.group);
  const profile = virtualPortOf(
    [wish.virtualPort, group?.virtualPort, network.virtualPort],
    network.name,
  );
  const allocated: AllocatedPort = {
    ...(network.port && { port: network.port }),
    ...settingsOf(network),
    ...(group === undefined ? {} : settingsOf(group)),
    ...wish,
    uuid,
    ...(profile === undefined ? {} : { virtualPort: profile }),
    plug: plugOf(network, profile ?? {}, others),
  };
  checkVlan(allocated);
  checkFloor(network, allocated, others);
  return allocated;
}

/** The network with what is in use at present, for its live XML. */
export function withConnections(network: Network, ports: readonly AllocatedPort[]): Network {
  if (ports.length === 0) return network;
  const uses = usesOf(ports);
  const { forward } = network;
  const interfaces = forward?.interfaces?.map((one) => {
    const connections = uses.get(one.dev);
    return connections === undefined ? one : { ...one, connections };
  });
  return {
    ...network,
    connections: ports.length,
    ...(forward === undefined
      ? {}
      : { forward: { ...forward, ...(interfaces && { interfaces }) } }),
  };
}

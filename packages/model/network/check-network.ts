/** What a network of its forward mode can have; asked of new definitions. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError, type VireoError } from "../error.ts";
import { prefixOf } from "./check-dhcp.ts";
import { checkPool } from "./check-forward.ts";
import { networkOf, parseIp } from "./ip-address.ts";
import type { NetworkRoute } from "./network-ip.ts";
import type { Network, PortGroup } from "./network.ts";
import { forwardMode, hasOwnBridge } from "./parse-network.ts";

const from = ErrorDomain.network;
const refuse = (detail: string): VireoError => virError("xmlError", detail, { from });
const unsupported = (detail: string): VireoError => virError("configUnsupported", detail, { from });

/** Modes in which the daemon gives the host an address in the network. */
const ADDRESSED = new Set(["nat", "route", "open"]);

function checkAddressed({ name, ips = [] }: Network, mode: string): void {
  if (ADDRESSED.has(mode) && ips.length === 0)
    throw refuse(`${mode} forwarding requested, but no IP address provided for network '${name}'`);
}

/** What only a bridge that we make can have. */
function checkForeignBridge({ name, bridge = {}, mtu }: Network, mode: string): void {
  if (mode !== "bridge" && bridge.name !== undefined)
    throw refuse(`bridge name not allowed in ${mode} mode (network '${name}')`);
  if (mode !== "bridge" && bridge.macTableManager !== undefined)
    throw refuse(`bridge macTableManager setting not allowed in ${mode} mode (network '${name}')`);
  if ([bridge.delay, bridge.stp, bridge.zone].some((one) => one !== undefined))
    throw refuse(
      `bridge delay/stp/zone options only allowed in route, nat, and isolated mode, not in ${mode} (network '${name}')`,
    );
  if (mtu !== undefined)
    throw refuse(
      `mtu size only allowed in open, route, nat, and isolated mode, not in ${mode} (network '${name}')`,
    );
}

function checkInterfaces(network: Network): void {
  const { name, bridge, forward } = network;
  const mode = forwardMode(network);
  const { pf, interfaces = [] } = forward ?? {};
  if (mode === "bridge" && bridge?.name !== undefined && (interfaces.length > 0 || pf))
    throw refuse(
      `A network with forward mode='bridge' can specify a bridge name or a forward dev, but not both (network '${name}')`,
    );
  if (mode === "open" && interfaces.length > 0)
    throw refuse(`forward dev not allowed for network '${name}' with forward mode='open'`);
  if (hasOwnBridge(network) && interfaces.length > 1)
    throw refuse(
      `multiple forwarding interfaces specified for network '${name}', only one is supported`,
    );
}

const hasRecords = ({ dns = {} }: Network): boolean =>
  [dns.hosts, dns.txts, dns.srvs].some((records = []) => records.length > 0);

/** Settings of a host's address, of which a network without a bridge of ours has none. */
function foreignElement(network: Network, mode: string): string | undefined {
  const { mac, ips = [], domain, bandwidth, bridge } = network;
  if (mac !== undefined) return "<mac>";
  if (ips.length > 0) return "<ip>";
  if (hasRecords(network)) return "<dns>";
  if (domain !== undefined) return "<domain>";
  const isBridged = mode === "bridge" && bridge?.name !== undefined;
  return bandwidth !== undefined && !isBridged ? "network-wide <bandwidth>" : undefined;
}

function checkForeign(network: Network, mode: string): void {
  const element = foreignElement(network, mode);
  if (element !== undefined)
    throw unsupported(
      `Unsupported ${element} element in network ${network.name} with forward mode='${mode}'`,
    );
}

const hasVlan = ({ vlan }: Network | PortGroup): boolean => (vlan?.tags ?? []).length > 0;
const isOpenvSwitch = ({ virtualPort }: Network | PortGroup): boolean =>
  virtualPort?.type === "openvswitch";

function checkVlan(network: Network): void {
  const mode = forwardMode(network);
  if (mode === "hostdev" || mode === "passthrough") return;
  const { portGroups = [], name } = network;
  const isSwitched = mode === "bridge" && isOpenvSwitch(network);
  const wrong = [network, ...portGroups].some(
    (one) => hasVlan(one) && !(isSwitched || (mode === "bridge" && isOpenvSwitch(one))),
  );
  if (wrong)
    throw unsupported(
      `<vlan> element specified for network ${name}, whose type doesn't support vlan configuration`,
    );
}

/** One DHCP server for each family. */
function checkDhcpOnce({ ips = [] }: Network): void {
  for (const [family, name] of [
    ["ipv4", "IPv4"],
    ["ipv6", "IPv6"],
  ] as const) {
    const serving = ips.filter((ip) => ip.dhcp !== undefined && (ip.family ?? "ipv4") === family);
    if (serving.length > 1)
      throw unsupported(
        `Multiple ${name} dhcp sections found -- dhcp is supported only for a single ${name} address on each network`,
      );
  }
}

/** Limits say how much on average; what goes by the card itself cannot be limited. */
function checkRates({ bandwidth, portGroups = [], name }: Network, mode: string): void {
  for (const { bandwidth: given = {} } of [{ bandwidth }, ...portGroups])
    for (const rate of [given.inbound, given.outbound])
      if (rate !== undefined && rate.average === undefined && !("floor" in rate))
        throw virError("xmlDetail", "Missing mandatory average or floor attributes", { from });
  const limited = portGroups.find((one) => one.bandwidth !== undefined);
  if (mode === "hostdev" && limited !== undefined)
    throw unsupported(
      `Unsupported <bandwidth> element in network '${name}' in portgroup '${limited.name}' with forward mode='hostdev'`,
    );
}

/** A promise is made to a guest, not to a network. */
function checkFloor({ bandwidth, portGroups = [] }: Network): void {
  for (const { bandwidth: given } of [{ bandwidth }, ...portGroups])
    if (given?.inbound?.floor !== undefined)
      throw unsupported("floor attribute is not supported for this config");
}

/** A route's gateway is a neighbour in the network. @throws VireoError */
function checkGateway({ gateway }: NetworkRoute, { ips = [], name }: Network): void {
  const to = parseIp(gateway);
  const isNear = ips.some((ip) => {
    const own = parseIp(ip.address);
    if (own === undefined || to === undefined || own.family !== to.family) return false;
    const prefix = prefixOf(ip);
    return networkOf(own, prefix).bits === networkOf(to, prefix).bits;
  });
  if (!isNear)
    throw unsupported(
      `unreachable static route gateway '${gateway}' specified for network '${name}'`,
    );
}

/** @throws VireoError `configUnsupported`, `xmlError`, as libvirt words it */
export function checkNetwork(network: Network): void {
  const mode = forwardMode(network);
  const own = hasOwnBridge(network);
  checkAddressed(network, mode);
  if (!own) checkForeignBridge(network, mode);
  checkInterfaces(network);
  for (const route of network.routes ?? []) checkGateway(route, network);
  if (!own) checkForeign(network, mode);
  if (network.forward !== undefined) checkPool(network.forward, network.name);
  checkVlan(network);
  checkDhcpOnce(network);
  checkRates(network, mode);
  checkFloor(network);
}

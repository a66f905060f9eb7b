/** Network XML to model and back. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError, type VireoError } from "../error.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import { parse } from "../schema/parse.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { CONFIG_VIEW, type View } from "../schema/view.ts";
import { readDocument } from "../xml/read-document.ts";
import { checkDhcp } from "./check-dhcp.ts";
import { checkDns } from "./check-dns.ts";
import { checkForward } from "./check-forward.ts";
import { ipWidth, parseIp, prefixOfMask } from "./ip-address.ts";
import type { NetworkForward } from "./network-forward.ts";
import { Network, type WrittenNetwork } from "./network.ts";

const from = ErrorDomain.network;
const refuse = (detail: string): VireoError => virError("xmlError", detail, { from });
const unsupported = (detail: string): VireoError => virError("configUnsupported", detail, { from });
const FAMILIES = { ipv4: "IPv4", ipv6: "IPv6" } as const;

/** Modes in which the daemon makes the bridge itself. */
const OWN_BRIDGE = new Set(["none", "nat", "route", "open"]);
export const forwardMode = ({ forward }: WrittenNetwork): string =>
  forward === undefined ? "none" : (forward.mode ?? "nat");
/** Whether the daemon makes the network's bridge, and with it DHCP, DNS and rules. */
export const hasOwnBridge = (network: WrittenNetwork): boolean =>
  OWN_BRIDGE.has(forwardMode(network));

/** What guests get a place on: listed interfaces, else listed devices, else the functions of a card. */
function placedPool({ dev, pf, interfaces: given = [], addresses = [] }: NetworkForward) {
  const interfaces = given.length === 0 && dev !== undefined ? [{ dev }] : given;
  if (interfaces.length > 0) return { interfaces };
  if (addresses.length > 0) return { addresses };
  return pf === undefined ? {} : { pf };
}

/** `dev` and the first `<interface>` say the same; both are printed. */
function placedForward(forward: NetworkForward): NetworkForward {
  const { dev: _d, pf: _p, interfaces: _i, addresses: _a, managed, ...rest } = forward;
  const pool = placedPool(forward);
  const dev = pool.interfaces?.[0]?.dev;
  return {
    ...rest,
    ...(rest.mode === "hostdev" ? { managed: managed ?? false } : {}),
    ...(dev === undefined ? {} : { dev }),
    ...pool,
  };
}

interface Addressed {
  readonly family?: "ipv4" | "ipv6";
  readonly address: string;
  readonly netmask?: string;
  readonly prefix?: number;
}

/** Family, mask and prefix of an address agree. @throws VireoError */
function checkAddress(
  { address, family = "ipv4", netmask, prefix }: Addressed,
  network: string,
): void {
  if (parseIp(address)?.family !== family)
    throw unsupported(
      `${family} family specified for non-${FAMILIES[family]} address '${address}' in network '${network}'`,
    );
  if (netmask !== undefined) checkMask(netmask, { address, family, prefix, network });
  if (prefix !== undefined && prefix > ipWidth(family))
    throw unsupported(`Invalid ${FAMILIES[family]} prefix '${prefix}' in network '${network}'`);
}

function checkMask(
  netmask: string,
  about: { address: string; family: string; prefix: number | undefined; network: string },
): void {
  const { address, family, prefix, network } = about;
  if (family === "ipv6")
    throw unsupported(`netmask not allowed for IPv6 address '${address}' in network '${network}'`);
  if (prefix !== undefined)
    throw unsupported(`Network '${network}' IP address cannot have both a prefix and a netmask`);
  const mask = parseIp(netmask);
  if (mask?.family !== "ipv4" || prefixOfMask(mask) === undefined)
    throw refuse(
      `netmask '${netmask}' must be specified as a valid IPv4 mask for address '${address}' in network '${network}'`,
    );
}

function placedBridge(written: WrittenNetwork): WrittenNetwork["bridge"] {
  if (!hasOwnBridge(written)) return written.bridge;
  return { stp: true, delay: 0, ...written.bridge };
}

function checkGroups({ portGroups = [], name }: WrittenNetwork): void {
  const names = portGroups.map((one) => one.name);
  const twice = names.find((one, at) => names.indexOf(one) < at);
  if (twice !== undefined)
    throw unsupported(
      `multiple <portgroup> elements with the same name (${twice}) in network '${name}'`,
    );
  const defaults = portGroups.filter((one) => one.isDefault === true);
  if (defaults.length > 1) {
    const [first, second] = defaults;
    throw unsupported(
      `network '${name}' has multiple default <portgroup> elements (${first?.name} and ${second?.name}), but only one default is allowed`,
    );
  }
}

/**
 * Fills in what is left open and refuses what cannot be.
 * @throws VireoError as libvirt words it
 */
export function placeNetwork(written: WrittenNetwork, newUuid: () => string): Network {
  const { name, ips = [], routes = [] } = written;
  const wrong = /[/\n]/.exec(name);
  if (wrong !== null) throw virError("xmlDetail", `invalid char in name: ${wrong[0]}`, { from });
  if (name === "") throw virError("noName", undefined, { from });
  for (const one of [...ips, ...routes]) checkAddress(one, name);
  for (const one of ips) checkDhcp(one, name);
  if (written.dns !== undefined) checkDns(written.dns, name);
  checkGroups(written);
  const { forward, bridge: _bridge, ...rest } = written;
  if (forward !== undefined) checkForward(forward, name);
  const bridge = placedBridge(written);
  return {
    ...rest,
    uuid: written.uuid ?? newUuid(),
    ...(forward === undefined ? {} : { forward: placedForward(forward) }),
    ...(bridge === undefined ? {} : { bridge }),
  };
}

export interface ParsedNetwork {
  readonly network: Network;
  readonly issues: readonly Issue[];
}

/** `%n` in messages stands for the network's name, which its parts do not know. */
export const withName = (issues: readonly Issue[], network: string): readonly Issue[] =>
  issues.map((issue) => ({ ...issue, message: issue.message.replace("%n", () => network) }));

/** @throws VireoError as libvirt words it */
export function parseNetwork(xml: string, newUuid: () => string): ParsedNetwork {
  const root = readDocument(xml, { root: "network", label: "network_definition" });
  const issues: Issue[] = [];
  const written = parse(Network, root, issues);
  throwFirst(withName(issues, written.name), from);
  return { network: placeNetwork(written, newUuid), issues };
}

/** The network's XML in libvirt's layout. */
export const formatNetwork = (network: WrittenNetwork, view: View = CONFIG_VIEW): string =>
  format(Network, network, view);

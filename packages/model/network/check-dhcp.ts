/** What DHCP ranges and hosts must fulfil. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError, type VireoError } from "../error.ts";
import { ipWidth, networkOf, parseIp, prefixOfMask, type IpAddress } from "./ip-address.ts";
import type { DhcpHost, DhcpRange, NetworkIp } from "./network-ip.ts";

const refuse = (detail: string): VireoError =>
  virError("xmlError", detail, { from: ErrorDomain.network });

/** An IPv4 address without a mask has that of its class, as libvirt has it. */
function classPrefix(bits: bigint): number {
  const first = Number(bits >> 24n);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

/** Length of the network's prefix. */
export function prefixOf({ address, netmask, prefix }: NetworkIp): number {
  if (prefix !== undefined) return prefix;
  const mask = netmask === undefined ? undefined : parseIp(netmask);
  const given = mask && prefixOfMask(mask);
  if (given !== undefined) return given;
  const own = parseIp(address);
  return own?.family === "ipv4" ? classPrefix(own.bits) : 64;
}

const inNetwork = (one: IpAddress, ip: NetworkIp): boolean => {
  const own = parseIp(ip.address);
  const prefix = prefixOf(ip);
  return own?.family === one.family && networkOf(one, prefix).bits === networkOf(own, prefix).bits;
};

/** Most addresses of one range: libvirt's limit. */
const MAX_RANGE = 0xffffn;

/** Number of addresses from start to end. @throws VireoError */
export function rangeSize({ start, end }: DhcpRange): number {
  const [first, last] = [parseIp(start), parseIp(end)];
  if (first === undefined || last === undefined || first.family !== last.family)
    throw virError("internalError", `mismatch of address family in range ${start} - ${end}`);
  if (last.bits < first.bits)
    throw virError("internalError", `range ${start} - ${end} is reversed `);
  if (last.bits - first.bits > MAX_RANGE)
    throw virError("internalError", `range ${start} - ${end} is too large (> ${MAX_RANGE})`);
  return Number(last.bits - first.bits) + 1;
}

/** @throws VireoError */
export function checkRange(range: DhcpRange, ip: NetworkIp): void {
  rangeSize(range);
  const { start, end } = range;
  for (const text of [start, end]) {
    const one = parseIp(text);
    if (one === undefined || !inNetwork(one, ip))
      throw virError(
        "internalError",
        `range ${start} - ${end} is not entirely within network ${ip.address}/${prefixOf(ip)}`,
      );
  }
  checkReserved(range, ip);
}

function checkReserved({ start, end }: DhcpRange, ip: NetworkIp): void {
  const [own, first, last] = [parseIp(ip.address), parseIp(start), parseIp(end)];
  if (own?.family !== "ipv4" || first === undefined || last === undefined) return;
  const prefix = prefixOf(ip);
  if (prefix >= 31) return;
  const network = networkOf(own, prefix).bits;
  const broadcast = network + (1n << BigInt(ipWidth("ipv4") - prefix)) - 1n;
  if (first.bits === network)
    throw virError(
      "internalError",
      `start of range ${start} - ${end} in network ${ip.address}/${prefix} is the network address`,
    );
  if (last.bits === broadcast)
    throw virError(
      "internalError",
      `end of range ${start} - ${end} in network ${ip.address}/${prefix} is the broadcast address`,
    );
}

/** @throws VireoError */
export function checkHost(host: DhcpHost, { family = "ipv4" }: NetworkIp, network: string): void {
  if (family === "ipv6" && host.mac !== undefined)
    throw refuse(
      `Invalid to specify MAC address '${host.mac}' in network '${network}' IPv6 static host definition`,
    );
  if (family === "ipv6" && host.id === undefined && host.name === undefined)
    throw refuse(
      `Static host definition in IPv6 network '${network}' must have id or name attribute`,
    );
  if (family === "ipv4" && host.mac === undefined && host.name === undefined)
    throw refuse(
      `Static host definition in IPv4 network '${network}' must have mac or name attribute`,
    );
  if (host.ip === undefined)
    throw refuse(`Missing IP address in static host definition for network '${network}'`);
}

/** @throws VireoError */
export function checkDhcp(ip: NetworkIp, network: string): void {
  for (const range of ip.dhcp?.ranges ?? []) checkRange(range, ip);
  for (const host of ip.dhcp?.hosts ?? []) checkHost(host, ip, network);
}

/** What virtual networks promise about packets, told by their definitions and not by our rules. */
import { isTranslated, rangeOf } from "../../../packages/daemon/driver/network/address-range.ts";
import { prefixOf } from "../../../packages/model/network/check-dhcp.ts";
import { formatIp, networkOf, parseIp } from "../../../packages/model/network/ip-address.ts";
import type { Network } from "../../../packages/model/network/network.ts";
import type { NetworkIp } from "../../../packages/model/network/network-ip.ts";
import { forwardMode } from "../../../packages/model/network/parse-network.ts";
import type { End } from "./network-world.ts";

/** The host's own firewall: lets everything through, or nothing but what somebody asked it for. */
export type HostPolicy = "open" | "closed";

/** One range of addresses of a network, and who has which. */
export interface Place {
  readonly six: boolean;
  readonly ip: NetworkIp;
  readonly host: string;
  readonly guests: readonly [string, string];
  /** Its guests appear with an address of the host. */
  readonly translated: boolean;
}
export interface Site {
  readonly network: Network;
  readonly bridge: string;
  readonly bridgeMac: string;
  readonly ends: readonly [End, End];
  readonly places: readonly Place[];
}

const GUESTS = [0x20n, 0x21n] as const;

export const placesOf = (network: Network): readonly Place[] =>
  (network.ips ?? []).map((ip) => {
    const own = parseIp(ip.address);
    if (own === undefined) throw new Error(`no address: ${ip.address}`);
    const { family, bits } = networkOf(own, prefixOf(ip));
    const [first, second] = GUESTS.map((at) => formatIp({ family, bits: bits + at }));
    return {
      six: family === "ipv6",
      ip,
      host: ip.address,
      guests: [first ?? "", second ?? ""],
      translated: isTranslated(rangeOf(ip), network),
    };
  });

const usesDev = ({ forward }: Network, dev: string): boolean =>
  forward?.dev === undefined || forward.dev === dev;

/** Whether a guest's packet may go by this interface of the host. */
export function mayLeave({ network }: Site, dev: string, policy: HostPolicy): boolean {
  const mode = forwardMode(network);
  if (mode === "none") return false;
  return mode === "open" ? policy === "open" : usesDev(network, dev);
}

interface Arrival {
  readonly dev: string;
  readonly isAnswer: boolean;
}
/** Whether a packet may go to a guest from this interface of the host. */
export function mayEnter(
  { network }: Site,
  { translated }: Place,
  { dev, isAnswer }: Arrival,
  policy: HostPolicy,
): boolean {
  const mode = forwardMode(network);
  if (mode === "none") return false;
  if (mode === "open") return policy === "open";
  return usesDev(network, dev) && (isAnswer || !translated);
}

/** Whether the network's own rules say something about its packets. */
export const hasRules = ({ network }: Site): boolean => forwardMode(network) !== "open";

/** Services of the host that every guest may use, by protocol and port. */
export function mayUse(site: Site, place: Place, port: number, policy: HostPolicy): boolean {
  if (policy === "open") return true;
  if (!hasRules(site)) return false;
  const hasTftp = (site.network.ips ?? []).some(({ tftp }) => tftp !== undefined);
  const known = place.six ? [53, 547] : [53, 67, ...(hasTftp ? [69] : [])];
  return known.includes(port);
}

/** Whether the host may speak to a guest that did not ask, at this port. */
export function mayTell(site: Site, place: Place, port: number, policy: HostPolicy): boolean {
  if (policy === "open") return true;
  return hasRules(site) && (place.six ? [53, 546] : [53, 68]).includes(port);
}

export interface Appearance {
  /** First and last address that it may come from. */
  readonly sources: readonly [string, string];
  /** First and last port; undefined where they stay. */
  readonly ports?: readonly [number, number];
}

/** How guests look outside. */
export function appearance(
  { network }: Site,
  { six, translated }: Place,
  { own, guest }: { readonly own: string; readonly guest: string },
): Appearance {
  if (!translated) return { sources: [guest, guest] };
  const { address, port } = network.forward?.nat ?? {};
  return {
    sources: address === undefined || six ? [own, own] : [address.start, address.end],
    ports: port === undefined ? [1024, 65_535] : [port.start, port.end],
  };
}

/** The addresses of a network, as rules name them. */
import { prefixOf } from "@vireo/model/network/check-dhcp";
import { formatIp, networkOf, parseIp } from "@vireo/model/network/ip-address";
import type { Network } from "@vireo/model/network/network";
import type { NetworkIp } from "@vireo/model/network/network-ip";
import { forwardMode } from "@vireo/model/network/parse-network";

export interface Range {
  readonly match: "ip" | "ip6";
  readonly cidr: string;
}

export function rangeOf(ip: NetworkIp): Range {
  const prefix = prefixOf(ip);
  const address = parseIp(ip.address);
  const network = address === undefined ? ip.address : formatIp(networkOf(address, prefix));
  return { match: ip.family === "ipv6" ? "ip6" : "ip", cidr: `${network}/${prefix}` };
}

/** Whether its guests appear with an address of the host. */
export const isTranslated = ({ match }: Range, network: Network): boolean =>
  forwardMode(network) === "nat" && (match === "ip" || network.forward?.nat?.ipv6 === true);

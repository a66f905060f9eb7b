/** Leases as dnsmasq keeps them: a line for each, `EXPIRY MAC|IAID ADDRESS NAME CLIENT`. */
import { parseMac } from "@vireo/model/mac";
import type { NetworkLease } from "@vireo/model/operation/network";
import { prefixOf } from "@vireo/model/network/check-dhcp";
import type { Network } from "@vireo/model/network/network";
import { parseIp } from "@vireo/model/network/ip-address";

const known = (word: string | undefined): string | undefined =>
  word === undefined || word === "*" ? undefined : word;

function leaseOf(line: string, network: Network): NetworkLease | undefined {
  const [expiry = "", who = "", address = "", name, client] = line.split(" ");
  const family = parseIp(address)?.family;
  if (family === undefined) return undefined; // the server's own DUID
  const ip = network.ips?.find(
    (one) => one.dhcp !== undefined && (one.family ?? "ipv4") === family,
  );
  return {
    interface: network.bridge?.name ?? "",
    expiry: Number(expiry),
    family,
    mac: parseMac(who),
    iaid: family === "ipv6" ? who : undefined,
    address,
    prefix: ip === undefined ? 0 : prefixOf(ip),
    hostname: known(name),
    clientId: known(client),
  };
}

/** `nowSeconds`: leases that ended before are left out. */
export const readLeases = (
  text: string,
  network: Network,
  nowSeconds: number,
): readonly NetworkLease[] =>
  text
    .split("\n")
    .flatMap((line) => leaseOf(line, network) ?? [])
    .filter(({ expiry }) => expiry === 0 || expiry >= nowSeconds);

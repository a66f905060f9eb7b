/** What records of a network's DNS server must have. Words as libvirt has them. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError, type VireoError } from "../error.ts";
import { parseIp } from "./ip-address.ts";
import type { DnsHost, DnsSrv, DnsTxt, NetworkDns } from "./network-dns.ts";

const from = ErrorDomain.network;
const refuse = (detail: string): VireoError => virError("xmlDetail", detail, { from });

/** @throws VireoError */
export function checkDnsHost({ ip, hostnames = [] }: DnsHost, network: string): void {
  const record = `in network '${network}' DNS HOST record`;
  if (ip === undefined) throw refuse(`Missing IP address ${record}`);
  if (parseIp(ip) === undefined) throw refuse(`Invalid IP address ${record}`);
  if (hostnames.length === 0) throw refuse(`Missing hostname ${record}`);
}

/** @throws VireoError */
export function checkTxt({ name, value }: DnsTxt, network: string): void {
  if (name.includes(" "))
    throw refuse(`prohibited character in DNS TXT record name '${name}' of network ${network}`);
  if (value === undefined)
    throw refuse(
      `missing required value attribute in DNS TXT record named '${name}' of network ${network}`,
    );
}

/** @throws VireoError */
export function checkSrv({ service, protocol, port }: DnsSrv, network: string): void {
  if (service === undefined)
    throw refuse(`missing required service attribute in DNS SRV record of network '${network}'`);
  if (protocol === undefined)
    throw refuse(
      `missing required protocol attribute in DNS SRV record '${service}' of network '${network}'`,
    );
  if (port === 0)
    throw refuse(`invalid DNS SRV port attribute for service '${service}' in network '${network}'`);
}

/** @throws VireoError */
export function checkDns(dns: NetworkDns, network: string): void {
  for (const { addr, domain } of dns.forwarders ?? [])
    if (addr === undefined && domain === undefined)
      throw virError(
        "xmlError",
        "Invalid forwarder element, must contain at least one of addr or domain",
        { from },
      );
  for (const host of dns.hosts ?? []) checkDnsHost(host, network);
  for (const srv of dns.srvs ?? []) checkSrv(srv, network);
  for (const txt of dns.txts ?? []) checkTxt(txt, network);
}

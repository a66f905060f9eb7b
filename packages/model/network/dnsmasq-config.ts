/** A virtual network as the files of its dnsmasq: names, addresses, leases. Keywords: dnsmasq(8). */
import { rangeSize, prefixOf } from "./check-dhcp.ts";
import { formatIp, maskOf, networkOf, parseIp } from "./ip-address.ts";
import type { DnsSrv } from "./network-dns.ts";
import type { DhcpHost, DhcpRange, NetworkIp } from "./network-ip.ts";
import type { Network } from "./network.ts";

export interface DnsmasqContext {
  /** Where hosts and extra names are kept. */
  readonly directory: string;
  readonly pidFile?: string;
}
export interface DnsmasqFiles {
  readonly conf: string;
  /** Empty: none is needed. */
  readonly hostsFile: string;
  readonly addnHosts: string;
}

const UNIT_LETTER = { seconds: "s", minutes: "m", hours: "h" } as const;
const leaseText = (lease: DhcpRange["lease"]): string =>
  lease === undefined
    ? ""
    : lease.expiry === 0
      ? ",infinite"
      : `,${lease.expiry}${UNIT_LETTER[lease.unit ?? "minutes"]}`;

const isV6 = ({ family }: NetworkIp): boolean => family === "ipv6";
const servesDhcp = ({ dhcp }: NetworkIp): boolean =>
  (dhcp?.ranges ?? []).length + (dhcp?.hosts ?? []).length > 0;
/** The one address of each family that serves DHCP. */
const dhcpIps = ({ ips = [] }: Network): readonly NetworkIp[] =>
  [false, true].flatMap((v6) => ips.find((one) => isV6(one) === v6 && servesDhcp(one)) ?? []);

function forwarderLines({ dns }: Network): readonly string[] {
  const all = dns?.forwarders ?? [];
  const lines = all.map(({ domain, addr = "#" }) =>
    domain === undefined ? `server=${addr}` : `server=/${domain}/${addr}`,
  );
  const replaced = all.some(({ domain, addr }) => domain === undefined && addr !== undefined);
  return replaced ? [...lines, "no-resolv"] : lines;
}

function domainLines({ domain, dns }: Network): readonly string[] {
  const lines: string[] = [];
  if (domain?.localOnly === true) lines.push(`local=/${domain.name}/`);
  if (domain !== undefined) lines.push(`domain=${domain.name}`, "expand-hosts");
  if (dns?.forwardPlainNames === false) lines.push("domain-needed", "local=//");
  return lines;
}

/** The reverse zone of a network: digits of its prefix, last first. */
function reverseZone(ip: NetworkIp): string {
  const address = parseIp(ip.address);
  if (address === undefined) return "";
  const { bits, family } = networkOf(address, prefixOf(ip));
  const [width, step, radix, zone] =
    family === "ipv4"
      ? ([32, 8, 10, "in-addr.arpa"] as const)
      : ([128, 4, 16, "ip6.arpa"] as const);
  const labels = Array.from({ length: Math.floor(prefixOf(ip) / step) }, (_, at) =>
    ((bits >> BigInt(width - step * (at + 1))) & ((1n << BigInt(step)) - 1n)).toString(radix),
  );
  return [...labels.toReversed(), zone].join(".");
}

/** Optional fields by position: one that is left out before a given one has its default. */
function srvText({ service, protocol, domain, target, port, priority, weight }: DnsSrv): string {
  const name = `_${service}._${protocol}${domain === undefined ? "" : `.${domain}`}`;
  if (target === undefined) return `srv-host=${name}`;
  const rest = [port, priority, weight];
  const last = rest.findLastIndex((one) => one !== undefined);
  const shown = [port ?? 1, priority ?? 0, weight ?? 0].slice(0, last + 1);
  return `srv-host=${[name, target, ...shown].join(",")}`;
}

const recordLines = ({ dns }: Network): readonly string[] => [
  ...(dns?.txts ?? []).map(
    ({ name, value }) => `txt-record=${name}${value === undefined ? "" : `,${value}`}`,
  ),
  ...(dns?.srvs ?? []).map(srvText),
];

function rangeLines(ip: NetworkIp): readonly string[] {
  const { ranges = [], hosts = [] } = ip.dhcp ?? {};
  const mask = isV6(ip)
    ? String(prefixOf(ip))
    : formatIp({ family: "ipv4", bits: maskOf("ipv4", prefixOf(ip)) });
  if (ranges.length === 0 && hosts.length > 0)
    return [`dhcp-range=${ip.address},static${isV6(ip) ? `,${mask}` : ""}`];
  return ranges.map(
    ({ start, end, lease }) => `dhcp-range=${start},${end},${mask}${leaseText(lease)}`,
  );
}

function dhcpLines(ip: NetworkIp): readonly string[] {
  const { bootp } = ip.dhcp ?? {};
  const lines = [...rangeLines(ip)];
  if (isV6(ip)) return lines;
  lines.push("dhcp-no-override", "dhcp-authoritative");
  if (bootp !== undefined)
    lines.push(`dhcp-boot=${bootp.file}${bootp.server === undefined ? "" : `,,${bootp.server}`}`);
  return lines;
}

const tftpLines = ({ ips = [] }: Network): readonly string[] => {
  const root = ips.find(({ tftp }) => tftp !== undefined)?.tftp?.root;
  return root === undefined ? [] : ["enable-tftp", `tftp-root=${root}`];
};

/** Router advertisements: with DHCPv6 for its network, else for each IPv6 address. */
function routerLines(network: Network): readonly string[] {
  const v6 = (network.ips ?? []).filter(isV6);
  if (v6.length === 0) return [];
  if (v6.some(servesDhcp)) return ["enable-ra"];
  return v6.map(({ address }) => `dhcp-range=${address},ra-only`);
}

/** A network that leads nowhere tells its guests of no router and asks nobody. */
const ISOLATED = ["dhcp-option=3", "no-resolv", "ra-param=*,0,0"];

function serviceLines(network: Network, { directory }: DnsmasqContext): readonly string[] {
  const served = dhcpIps(network);
  const leases = served
    .flatMap(({ dhcp }) => dhcp?.ranges ?? [])
    .reduce((sum, range) => sum + rangeSize(range), 0);
  const lines = served.flatMap(dhcpLines);
  if (leases > 0) lines.push(`dhcp-lease-max=${leases}`);
  if (served.length > 0) lines.push(`dhcp-hostsfile=${directory}/${network.name}.hostsfile`);
  if (network.dns?.enable !== false)
    lines.push(`addn-hosts=${directory}/${network.name}.addnhosts`);
  if (network.mtu !== undefined && served.some((one) => !isV6(one)))
    lines.push(`dhcp-option=option:mtu,${network.mtu.size}`);
  return lines;
}

const warning = (name: string): readonly string[] => [
  "##WARNING:  THIS IS AN AUTO-GENERATED FILE. CHANGES TO IT ARE LIKELY TO BE",
  "##OVERWRITTEN AND LOST.  Changes to this configuration should be made using:",
  `##    virsh net-edit ${name}`,
  "## or other application using the libvirt API.",
  "##",
  "## dnsmasq conf file created by libvirt",
];

function confLines(network: Network, context: DnsmasqContext): readonly string[] {
  const { ips = [], dns, bridge, forward, dnsmasqOptions } = network;
  return [
    ...warning(network.name),
    "strict-order",
    ...forwarderLines(network),
    ...(dns?.enable === false ? ["port=0"] : []),
    ...domainLines(network),
    ...ips.filter(({ localPtr }) => localPtr === true).map((ip) => `local=/${reverseZone(ip)}/`),
    ...(context.pidFile === undefined ? [] : [`pid-file=${context.pidFile}`]),
    "except-interface=lo",
    "bind-dynamic",
    `interface=${bridge?.name}`,
    ...(forward === undefined ? ISOLATED : []),
    ...recordLines(network),
    ...tftpLines(network),
    ...serviceLines(network, context),
    ...routerLines(network),
    ...(dnsmasqOptions?.options ?? []).map(({ value }) => value),
  ];
}

const hostLine = (host: DhcpHost, v6: boolean): string => {
  const { mac, id, name, ip, lease } = host;
  const who = v6
    ? [id === undefined ? undefined : `id:${id}`, name, ip && `[${ip}]`]
    : mac === undefined
      ? [name, ip]
      : [mac, ip, name];
  return who.filter((part) => part !== undefined).join(",") + leaseText(lease);
};

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

/** What dnsmasq is told about the network. */
export const dnsmasqFiles = (network: Network, context: DnsmasqContext): DnsmasqFiles => ({
  conf: joined(confLines(network, context)),
  hostsFile: joined(
    dhcpIps(network).flatMap((ip) =>
      (ip.dhcp?.hosts ?? []).map((host) => hostLine(host, isV6(ip))),
    ),
  ),
  addnHosts: joined(
    (network.dns?.hosts ?? []).map(({ ip, hostnames = [] }) => [ip, ...hostnames].join("\t")),
  ),
});

/** `net-update`: one entry of a network added, replaced or taken out. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError, type VireoError } from "../error.ts";
import type { Element } from "../schema/declaration.ts";
import type { Issue } from "../schema/issue.ts";
import { parse } from "../schema/parse.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { readDocument } from "../xml/read-document.ts";
import { checkHost, checkRange } from "./check-dhcp.ts";
import { DnsHost, DnsSrv, DnsTxt } from "./network-dns.ts";
import { ForwardInterface } from "./network-forward.ts";
import { DhcpHost, DhcpRange, type NetworkIp } from "./network-ip.ts";
import { type Network, PortGroup } from "./network.ts";
import { forwardMode, placeNetwork } from "./parse-network.ts";
import type { UpdateCommand, UpdateSection } from "./update-section.ts";

export interface NetworkUpdate {
  readonly command: UpdateCommand;
  readonly section: UpdateSection;
  /** Which of several `<ip>`; -1: the one that serves DHCP, else the first. */
  readonly parentIndex: number;
  readonly xml: string;
}

const from = ErrorDomain.network;
const invalid = (detail: string): VireoError => virError("operationInvalid", detail, { from });

interface Rules<T> {
  readonly element: Element<T>;
  /** For messages: `DHCP HOST`. */
  readonly what: string;
  /** Same entry, for adding and replacing. */
  readonly same: (one: T, given: T) => boolean;
  /** What is to be taken out; as `same` when absent. */
  readonly meant?: (one: T, given: T) => boolean;
  readonly modify: boolean;
  /** Of an entry that is to be in the network afterwards. @throws VireoError */
  readonly check?: (given: T) => void;
}

function read<T>(type: Element<T>, xml: string): T {
  const issues: Issue[] = [];
  const value = parse(
    type,
    readDocument(xml, { root: type.tag, label: "network_update_xml" }),
    issues,
  );
  throwFirst(issues, from);
  return value;
}

/** The list after the update. @throws VireoError */
function changed<T>(
  list: readonly T[],
  { command, xml }: NetworkUpdate,
  rules: Rules<T>,
): readonly T[] {
  const given = read(rules.element, xml);
  if (command === "delete") return without(list, given, rules);
  rules.check?.(given);
  const at = list.findIndex((one) => rules.same(one, given));
  if (command === "modify") {
    if (!rules.modify)
      throw virError(
        "noSupport",
        `${rules.what} entries cannot be modified, only added or deleted`,
        { from },
      );
    if (at < 0) throw invalid(`couldn't locate a matching ${rules.what} entry in network`);
    return list.with(at, given);
  }
  if (at >= 0)
    throw invalid(
      `there is an existing ${rules.what} entry in network that matches '${xml.trim()}'`,
    );
  return command === "add-first" ? [given, ...list] : [...list, given];
}

function without<T>(
  list: readonly T[],
  given: T,
  { what, same, meant = same }: Rules<T>,
): readonly T[] {
  const found = list.filter((one) => meant(one, given));
  if (found.length === 0) throw invalid(`couldn't locate a matching ${what} entry in network`);
  if (found.length > 1) throw invalid(`multiple matching ${what} entries were found in network`);
  return list.filter((one) => one !== found[0]);
}

const bothAre = (a: unknown, b: unknown): boolean => a !== undefined && a === b;
/** A field left out in the request fits everything. */
const fits = <T extends object>(one: T, given: T, keys: readonly (keyof T)[]): boolean =>
  keys.every((key) => given[key] === undefined || given[key] === one[key]);
const shareName = (one: DnsHost, given: DnsHost): boolean =>
  (given.hostnames ?? []).some((name) => one.hostnames?.includes(name) === true);

const hostRules = (ip: NetworkIp, network: string): Rules<DhcpHost> => ({
  element: DhcpHost,
  what: "DHCP HOST",
  modify: true,
  same: (one, given) =>
    bothAre(one.mac, given.mac) ||
    bothAre(one.id, given.id) ||
    bothAre(one.name, given.name) ||
    bothAre(one.ip, given.ip),
  meant: (one, given) => fits(one, given, ["mac", "id", "name", "ip"]),
  check: (given) => checkHost(given, ip, network),
});
const rangeRules = (ip: NetworkIp): Rules<DhcpRange> => ({
  element: DhcpRange,
  what: "DHCP RANGE",
  modify: false,
  same: (one, given) => one.start === given.start && one.end === given.end,
  check: (given) => checkRange(given, ip),
});
const interfaceRules: Rules<ForwardInterface> = {
  element: ForwardInterface,
  what: "FORWARD INTERFACE",
  modify: false,
  same: (one, given) => one.dev === given.dev,
};
const groupRules: Rules<PortGroup> = {
  element: PortGroup,
  what: "PORTGROUP",
  modify: true,
  same: (one, given) => one.name === given.name,
};
const dnsHostRules: Rules<DnsHost> = {
  element: DnsHost,
  what: "DNS HOST",
  modify: false,
  same: (one, given) => bothAre(one.ip, given.ip) || shareName(one, given),
  check: (given) => {
    if (given.ip === undefined || (given.hostnames ?? []).length === 0)
      throw virError("xmlDetail", "Missing IP address or hostname in network DNS HOST record", {
        from,
      });
  },
};
const txtRules: Rules<DnsTxt> = {
  element: DnsTxt,
  what: "DNS TXT",
  modify: false,
  same: (one, given) => one.name === given.name,
};
const srvRules: Rules<DnsSrv> = {
  element: DnsSrv,
  what: "DNS SRV",
  modify: false,
  same: (one, given) => fits(one, given, ["domain", "service", "protocol", "target"]),
  check: ({ service, protocol }) => {
    if (service === undefined || protocol === undefined)
      throw virError(
        "xmlDetail",
        "Missing required service or protocol attribute in DNS SRV record",
        { from },
      );
  },
};

/** Position of the `<ip>` that the update is about. @throws VireoError */
function ipIndex({ ips = [], name }: Network, wanted: number): number {
  const serving = ips.findIndex(({ dhcp }) => dhcp !== undefined);
  const at = wanted >= 0 ? wanted : Math.max(serving, 0);
  if (at >= ips.length)
    throw invalid(`couldn't find the <ip> element with index '${wanted}' in network '${name}'`);
  return at;
}

function withIp(network: Network, update: NetworkUpdate): Network {
  const { ips = [] } = network;
  const at = ipIndex(network, update.parentIndex);
  const ip = ips[at];
  if (ip === undefined) return network;
  const { dhcp = {} } = ip;
  const next =
    update.section === "ip-dhcp-host"
      ? { ...dhcp, hosts: changed(dhcp.hosts ?? [], update, hostRules(ip, network.name)) }
      : { ...dhcp, ranges: changed(dhcp.ranges ?? [], update, rangeRules(ip)) };
  const empty =
    (next.hosts ?? []).length + (next.ranges ?? []).length === 0 && next.bootp === undefined;
  const { dhcp: _dhcp, ...rest } = ip;
  return { ...network, ips: ips.with(at, empty ? rest : { ...rest, dhcp: next }) };
}

/** Modes whose `<interface>` entries can be changed. */
const WITH_INTERFACES = new Set(["nat", "route", "bridge", "private", "vepa", "passthrough"]);

function withInterfaces(network: Network, update: NetworkUpdate): Network {
  const mode = forwardMode(network);
  const { dev: _dev, interfaces = [], ...forward } = network.forward ?? {};
  if (!WITH_INTERFACES.has(mode))
    throw invalid(
      `network '${network.name}' has no forward interfaces to update in mode '${mode}'`,
    );
  return {
    ...network,
    forward: { ...forward, interfaces: changed(interfaces, update, interfaceRules) },
  };
}

function withDns(network: Network, update: NetworkUpdate): Network {
  const { dns = {} } = network;
  const { hosts = [], txts = [], srvs = [] } = dns;
  switch (update.section) {
    case "dns-host":
      return { ...network, dns: { ...dns, hosts: changed(hosts, update, dnsHostRules) } };
    case "dns-txt":
      return { ...network, dns: { ...dns, txts: changed(txts, update, txtRules) } };
    default:
      return { ...network, dns: { ...dns, srvs: changed(srvs, update, srvRules) } };
  }
}

const apply = (network: Network, update: NetworkUpdate): Network => {
  switch (update.section) {
    case "ip-dhcp-host":
    case "ip-dhcp-range":
      return withIp(network, update);
    case "forward-interface":
      return withInterfaces(network, update);
    case "portgroup":
      return { ...network, portGroups: changed(network.portGroups ?? [], update, groupRules) };
    default:
      return withDns(network, update);
  }
};

/**
 * The network after the update.
 * @throws VireoError `operationInvalid` when the entry is missing or there already, `xmlError`
 */
export const updateNetwork = (network: Network, update: NetworkUpdate): Network =>
  placeNetwork(apply(network, update), () => network.uuid);

/** `net-update`: one entry of a network added, replaced or taken out. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError, type VireoError } from "../error.ts";
import type { Element } from "../schema/declaration.ts";
import type { Issue } from "../schema/issue.ts";
import { parse } from "../schema/parse.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { parseDocument } from "../xml/read-document.ts";
import { checkHost, checkRange } from "./check-dhcp.ts";
import { checkDnsHost, checkSrv, checkTxt } from "./check-dns.ts";
import { DnsHost, DnsSrv, DnsTxt } from "./network-dns.ts";
import { ForwardInterface } from "./network-forward.ts";
import { DhcpHost, DhcpRange, type NetworkIp } from "./network-ip.ts";
import { type Network, PortGroup } from "./network.ts";
import { forwardMode, placeNetwork, withName } from "./parse-network.ts";
import type { UpdateCommand, UpdateSection } from "./update-section.ts";

export interface NetworkUpdate {
  readonly command: UpdateCommand;
  readonly section: UpdateSection;
  /** Which of several `<ip>`; -1: the one that serves DHCP, else the first. */
  readonly parentIndex: number;
  readonly xml: string;
}

/** With the name of the network that it is about. */
type NamedUpdate = NetworkUpdate & { readonly network: string };

const from = ErrorDomain.network;
const invalid = (detail: string): VireoError => virError("operationInvalid", detail, { from });

interface Rules<T> {
  readonly element: Element<T>;
  /** Same entry, for adding and replacing. */
  readonly same: (one: T, given: T) => boolean;
  /** What is to be taken out; as `same` when absent. */
  readonly meant?: (one: T, given: T) => boolean;
  /** Of an entry that is to be in the network afterwards. @throws VireoError */
  readonly check?: (given: T) => void;
  /** Why it cannot be done, in libvirt's words, which are others for each section. */
  readonly refusals: {
    readonly exists: (given: T) => string;
    /** Nothing to replace; without it nothing can be replaced. */
    readonly unknown?: (given: T) => string;
    readonly cannotModify?: string;
    readonly nothing: (given: T) => string;
    readonly several?: string;
  };
}

/** @throws VireoError */
function read<T>(type: Element<T>, xml: string, network: string): T {
  const root = parseDocument(xml, "network_update_xml");
  if (root.name !== type.tag)
    throw virError(
      "xmlError",
      `unexpected element <${root.name}>, expecting <${type.tag}>, while updating network '${network}'`,
      { from },
    );
  const issues: Issue[] = [];
  const value = parse(type, root, issues);
  throwFirst(withName(issues, network), from);
  return value;
}

/** The list after the update. @throws VireoError */
function changed<T>(
  list: readonly T[],
  { command, xml, network }: NamedUpdate,
  rules: Rules<T>,
): readonly T[] {
  const { refusals, same, check } = rules;
  if (command === "modify" && refusals.cannotModify !== undefined)
    throw virError(
      "operationUnsupported",
      `${refusals.cannotModify} cannot be modified, only added or deleted`,
      { from },
    );
  const given = read(rules.element, xml, network);
  if (command === "delete") return without(list, given, rules);
  check?.(given);
  const at = list.findIndex((one) => same(one, given));
  if (command === "modify") {
    if (at < 0) throw invalid((refusals.unknown ?? refusals.nothing)(given));
    return list.with(at, given);
  }
  if (at >= 0) throw invalid(refusals.exists(given));
  return command === "add-first" ? [given, ...list] : [...list, given];
}

function without<T>(
  list: readonly T[],
  given: T,
  { same, meant = same, refusals }: Rules<T>,
): readonly T[] {
  const found = list.filter((one) => meant(one, given));
  if (found.length === 0) throw invalid(refusals.nothing(given));
  if (found.length > 1) throw invalid(refusals.several ?? refusals.nothing(given));
  return list.filter((one) => one !== found[0]);
}

const bothAre = (a: unknown, b: unknown): boolean => a !== undefined && a === b;
/** A field left out in the request fits everything. */
const fits = <T extends object>(one: T, given: T, keys: readonly (keyof T)[]): boolean =>
  keys.every((key) => given[key] === undefined || given[key] === one[key]);
const shareName = (one: DnsHost, given: DnsHost): boolean =>
  (given.hostnames ?? []).some((name) => one.hostnames?.includes(name) === true);

const hostWords = ({ mac = "unknown", name = "(null)", ip = "(null)" }: DhcpHost) =>
  [`mac='${mac}'`, `name='${name}'`, `ip='${ip}'`] as const;
const hostRules = (ip: NetworkIp, network: string): Rules<DhcpHost> => ({
  element: DhcpHost,
  same: (one, given) =>
    bothAre(one.mac, given.mac) ||
    bothAre(one.id, given.id) ||
    bothAre(one.name, given.name) ||
    bothAre(one.ip, given.ip),
  meant: (one, given) => fits(one, given, ["mac", "id", "name", "ip"]),
  check: (given) => checkHost(given, ip, network),
  refusals: {
    exists: (given) =>
      `there is an existing dhcp host entry in network '${network}' that matches "<host ${hostWords(given).join(" ")}/>"`,
    unknown: (given) =>
      `couldn't locate an existing dhcp host entry with ${hostWords(given)
        .map((word) => `"${word}"`)
        .join(" ")} in network '${network}'`,
    nothing: () => `couldn't locate a matching dhcp host entry in network '${network}'`,
  },
});
const rangeRules = (ip: NetworkIp, network: string): Rules<DhcpRange> => ({
  element: DhcpRange,
  same: (one, given) => one.start === given.start && one.end === given.end,
  check: (given) => checkRange(given, ip),
  refusals: {
    exists: ({ start, end }) =>
      `there is an existing dhcp range entry in network '${network}' that matches "<range start='${start}' end='${end}'/>"`,
    cannotModify: "dhcp ranges",
    nothing: () => `couldn't locate a matching dhcp range entry in network '${network}'`,
  },
});
const interfaceRules = (network: string): Rules<ForwardInterface> => ({
  element: ForwardInterface,
  same: (one, given) => one.dev === given.dev,
  refusals: {
    exists: ({ dev }) =>
      `there is an existing interface entry in network '${network}' that matches "<interface dev='${dev}'>"`,
    cannotModify: "forward interface entries",
    nothing: ({ dev }) =>
      `couldn't find an interface entry in network '${network}' matching <interface dev='${dev}'>`,
  },
});
const groupRules = (network: string): Rules<PortGroup> => ({
  element: PortGroup,
  same: (one, given) => one.name === given.name,
  refusals: {
    exists: ({ name }) =>
      `there is an existing portgroup entry in network '${network}' that matches "<portgroup name='${name}'>"`,
    nothing: ({ name }) =>
      `couldn't find a portgroup entry in network '${network}' matching <portgroup name='${name}'>`,
  },
});
const recordWords = (kind: string, network: string) => ({
  cannotModify: `DNS ${kind} records`,
  nothing: () => `couldn't locate a matching DNS ${kind} record in network ${network}`,
  several: `multiple matching DNS ${kind} records were found in network ${network}`,
});
const dnsHostRules = (network: string): Rules<DnsHost> => ({
  element: DnsHost,
  same: (one, given) => bothAre(one.ip, given.ip) || shareName(one, given),
  check: (given) => checkDnsHost(given, network),
  refusals: {
    ...recordWords("HOST", network),
    exists: () =>
      `there is already at least one DNS HOST record with a matching field in network ${network}`,
  },
});
const txtRules = (network: string): Rules<DnsTxt> => ({
  element: DnsTxt,
  same: (one, given) => one.name === given.name,
  check: (given) => checkTxt(given, network),
  refusals: {
    ...recordWords("TXT", network),
    exists: ({ name }) =>
      `there is already a DNS TXT record with name '${name}' in network ${network}`,
  },
});
const srvRules = (network: string): Rules<DnsSrv> => ({
  element: DnsSrv,
  same: (one, given) => fits(one, given, ["domain", "service", "protocol", "target"]),
  check: (given) => checkSrv(given, network),
  refusals: {
    ...recordWords("SRV", network),
    exists: () =>
      `there is already at least one DNS SRV record matching all specified fields in network ${network}`,
  },
});

/** Position of the `<ip>` that the update is about. @throws VireoError */
function ipIndex(
  { ips = [], name }: Network,
  { parentIndex: wanted, section }: NetworkUpdate,
): number {
  const serving = ips.findIndex(({ dhcp }) => dhcp !== undefined);
  const at = wanted >= 0 ? wanted : Math.max(serving, 0);
  if (at < ips.length) return at;
  const where = wanted >= 0 ? ` at index ${wanted}` : "";
  throw invalid(
    `couldn't update dhcp ${section === "ip-dhcp-host" ? "host" : "range"} entry - no <ip> element found${where} in network '${name}'`,
  );
}

function withIp(network: Network, update: NamedUpdate): Network {
  const { ips = [] } = network;
  const at = ipIndex(network, update);
  const ip = ips[at];
  if (ip === undefined) return network;
  const { dhcp = {} } = ip;
  const next =
    update.section === "ip-dhcp-host"
      ? { ...dhcp, hosts: changed(dhcp.hosts ?? [], update, hostRules(ip, network.name)) }
      : { ...dhcp, ranges: changed(dhcp.ranges ?? [], update, rangeRules(ip, network.name)) };
  const empty =
    (next.hosts ?? []).length + (next.ranges ?? []).length === 0 && next.bootp === undefined;
  const { dhcp: _dhcp, ...rest } = ip;
  return { ...network, ips: ips.with(at, empty ? rest : { ...rest, dhcp: next }) };
}

/** Modes whose `<interface>` entries can be changed. */
const WITH_INTERFACES = new Set(["nat", "route", "bridge", "private", "vepa", "passthrough"]);

function withInterfaces(network: Network, update: NamedUpdate): Network {
  const mode = forwardMode(network);
  const { dev: _dev, interfaces = [], ...forward } = network.forward ?? {};
  if (!WITH_INTERFACES.has(mode))
    throw invalid(
      `network '${network.name}' has no forward interfaces to update in mode '${mode}'`,
    );
  return {
    ...network,
    forward: { ...forward, interfaces: changed(interfaces, update, interfaceRules(network.name)) },
  };
}

function withDns(network: Network, update: NamedUpdate): Network {
  const { dns = {}, name } = network;
  const { hosts = [], txts = [], srvs = [] } = dns;
  switch (update.section) {
    case "dns-host":
      return { ...network, dns: { ...dns, hosts: changed(hosts, update, dnsHostRules(name)) } };
    case "dns-txt":
      return { ...network, dns: { ...dns, txts: changed(txts, update, txtRules(name)) } };
    default:
      return { ...network, dns: { ...dns, srvs: changed(srvs, update, srvRules(name)) } };
  }
}

const apply = (network: Network, update: NamedUpdate): Network => {
  switch (update.section) {
    case "ip-dhcp-host":
    case "ip-dhcp-range":
      return withIp(network, update);
    case "forward-interface":
      return withInterfaces(network, update);
    case "portgroup":
      return {
        ...network,
        portGroups: changed(network.portGroups ?? [], update, groupRules(network.name)),
      };
    default:
      return withDns(network, update);
  }
};

/**
 * The network after the update.
 * @throws VireoError `operationInvalid` when the entry is missing or there already, `xmlError`
 */
export const updateNetwork = (network: Network, update: NetworkUpdate): Network =>
  placeNetwork(apply(network, { ...update, network: network.name }), () => network.uuid);

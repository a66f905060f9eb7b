import type { XmlElement } from "@vireo/model/xml/tree";
import type { RemoteRet } from "@vireo/sdk/libvirt/procedure";
import { attempt, CommandError, type HandlersOf, line, type View } from "../../answer.ts";
import type { monitorCommands } from "../../catalog/monitor.ts";
import { attributeAt, childAt, devicesOf, readDomain, XmlFlag } from "../../domain-device.ts";
import { findDomain } from "../../lookup.ts";
import { formatTable } from "../../table.ts";

type Addresses = RemoteRet<"domainInterfaceAddresses">["ifaces"];

/** virDomainInterfaceAddressesSource. */
const sources = ["lease", "agent", "arp"];
/** virIPAddrType. */
const protocols = ["ipv4", "ipv6"];

/** What an interface of each type is attached to. */
const sourceAttributes: { readonly [type: string]: string } = {
  network: "network",
  bridge: "bridge",
  direct: "dev",
  vdpa: "dev",
  vhostuser: "path",
};

function describeInterface(device: XmlElement): { [column: string]: string } {
  const type = device.attributes.get("type") ?? "";
  const attribute = sourceAttributes[type];
  return {
    interface: attributeAt(device, "target", "dev") ?? "-",
    type,
    source: (attribute && attributeAt(device, "source", attribute)) ?? "-",
    model: attributeAt(device, "model", "type") ?? "-",
    mac: attributeAt(device, "mac", "address") ?? "-",
  };
}

const statNames = [
  "rx_bytes",
  "rx_packets",
  "rx_errs",
  "rx_drop",
  "tx_bytes",
  "tx_packets",
  "tx_errs",
  "tx_drop",
] as const;

/** virsh's own columns here, not those of its tables. */
function formatAddresses(ifaces: Addresses, full: boolean, { quiet }: View): string {
  const row = (name: string, mac: string, rest: string): string =>
    ` ${name.padEnd(10)} ${mac.padEnd(17)}    ${rest}\n`;
  const lines = ifaces.flatMap(({ name, hwaddr, addrs }) =>
    addrs.length === 0
      ? [row(name, hwaddr ?? "", "N/A          N/A")]
      : addrs.map(({ type, addr, prefix }, index) => {
          const repeated = index === 0 || full;
          const rest = `${(protocols[type] ?? "").padEnd(12)} ${addr}/${prefix}`;
          return row(repeated ? name : "-", repeated ? (hwaddr ?? "") : "-", rest);
        }),
  );
  const header = ` ${"Name".padEnd(10)} ${"MAC address".padEnd(20)} ${"Protocol".padEnd(12)} Address\n${"-".repeat(79)}\n`;
  return quiet ? lines.join("") : header + lines.join("");
}

/** Finds an interface by target or MAC address. */
function findDevice(domain: XmlElement, word: string): XmlElement {
  const found = devicesOf(domain, "interface").filter(
    (device) =>
      attributeAt(device, "target", "dev") === word ||
      attributeAt(device, "mac", "address")?.toLowerCase() === word.toLowerCase(),
  );
  if (found.length > 1) throw new CommandError(`multiple matching interfaces found: '${word}'`);
  const [device] = found;
  if (device === undefined) {
    const kind = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(word) ? "mac" : "dev";
    throw new CommandError(`Interface (${kind}: ${word}) not found.`);
  }
  return device;
}

export const handlers: HandlersOf<typeof monitorCommands> = {
  async domiflist({ domain, inactive }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const root = await readDomain(connection, dom, inactive ? XmlFlag.inactive : 0);
    const rows = devicesOf(root, "interface").map(describeInterface);
    return {
      data: rows,
      text: (view) =>
        formatTable(
          ["Interface", "Type", "Source", "Model", "MAC"],
          rows.map((row) => Object.values(row)),
          view,
        ),
    };
  },

  async domifaddr({ domain, interface: only, full, source }, context) {
    const from = source === undefined ? 0 : sources.indexOf(source);
    if (from === -1) throw new CommandError(`Unknown data source '${source}'`);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const found = await attempt(
      "Failed to query for interfaces addresses",
      connection.call("domainInterfaceAddresses", { dom, source: from, flags: 0 }),
    );
    const ifaces = found.ifaces.filter(({ name }) => only === undefined || name === only);
    const data = ifaces.map(({ name, hwaddr, addrs }) => ({
      name,
      mac: hwaddr,
      addresses: addrs.map(({ type, addr, prefix }) => ({
        protocol: protocols[type],
        address: addr,
        prefix,
      })),
    }));
    return { data, text: (view) => formatAddresses(ifaces, full, view) };
  },

  async domifstat({ domain, interface: device }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const stats = await attempt(
      `Failed to get interface stats ${domain} ${device}`,
      connection.call("domainInterfaceStats", { dom, device }),
    );
    const known = statNames.filter((name) => stats[name] >= 0n);
    return {
      data: Object.fromEntries(known.map((name) => [name, stats[name]])),
      text: known.map((name) => `${device} ${name} ${stats[name]}\n`).join(""),
    };
  },

  async "domif-getlink"({ domain, interface: word, config }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const root = await readDomain(connection, dom, config ? XmlFlag.inactive : 0);
    const state = childAt(findDevice(root, word), "link")?.attributes.get("state") ?? "up";
    return { ...line("", { interface: word, state }), text: `${word} ${state}` };
  },
};

import type { NetworkReference, RemoteRet } from "@vireo/sdk/libvirt/procedure";
import { attempt, CommandError, type HandlersOf } from "../../answer.ts";
import type { networkCommands } from "../../catalog/network.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { Connection } from "../../connection.ts";
import { bits } from "../../flags.ts";
import { findNetwork } from "../../lookup.ts";
import { byName } from "../../order.ts";
import { formatTable } from "../../table.ts";

type ListArguments = ArgumentsOf<(typeof networkCommands)["net-list"]>;

/** virConnectListAllNetworksFlags. */
const listFlags = (args: ListArguments): number =>
  bits(
    [args.inactive || args.all, 1 << 0],
    [!args.inactive || args.all, 1 << 1],
    [args.persistent, 1 << 2],
    [args.transient, 1 << 3],
    [args.autostart, 1 << 4],
    [args["no-autostart"], 1 << 5],
  );

interface Row {
  readonly name: string;
  readonly uuid: string;
  readonly state: string;
  readonly autostart: string;
  readonly persistent: string;
}

async function describe(connection: Connection, net: NetworkReference): Promise<Row> {
  const { active } = await connection.call("networkIsActive", { net });
  const { persistent } = await connection.call("networkIsPersistent", { net });
  const autostart = await connection
    .call("networkGetAutostart", { net })
    .then((found) => (found.autostart === 0 ? "no" : "yes"))
    .catch(() => "no autostart");
  return {
    name: net.name,
    uuid: net.uuid,
    state: active === 0 ? "inactive" : "active",
    autostart,
    persistent: persistent === 0 ? "no" : "yes",
  };
}

type Lease = RemoteRet<"networkGetDhcpLeases">["leases"][number];

/** Local time, as virsh prints when a lease ends. */
function formatTime(seconds: bigint): string {
  const time = new Date(Number(seconds) * 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

const leaseRow = (lease: Lease): string[] => [
  formatTime(lease.expirytime),
  lease.mac ?? "-",
  lease.type === 0 ? "ipv4" : lease.type === 1 ? "ipv6" : "",
  `${lease.ipaddr}/${lease.prefix}`,
  lease.hostname ?? "-",
  lease.clientid ?? "-",
];

export const handlers: HandlersOf<typeof networkCommands> = {
  async "net-list"(args, context) {
    if ([args.table, args.name, args.uuid].filter(Boolean).length > 1)
      throw new CommandError("Only one argument from --table, --name and --uuid may be specified.");
    const connection = await context.connection();
    const wanted = { need_results: 1, flags: listFlags(args) };
    const { nets } = await connection.call("connectListAllNetworks", wanted);
    const sorted = nets.toSorted(byName);
    if (args.name || args.uuid) {
      const text = sorted.map((net) => `${args.name ? net.name : net.uuid}\n`).join("");
      return { data: sorted, text };
    }
    const rows = await Promise.all(sorted.map(async (net) => await describe(connection, net)));
    return {
      data: rows,
      text: (view) =>
        formatTable(
          ["Name", "State", "Autostart", "Persistent"],
          rows.map(({ name, state, autostart, persistent }) => [
            name,
            state,
            autostart,
            persistent,
          ]),
          view,
        ),
    };
  },

  async "net-dhcp-leases"({ network, mac }, context) {
    const connection = await context.connection();
    const net = await findNetwork(connection, network);
    const { leases } = await attempt(
      `Failed to get leases info for ${net.name}`,
      connection.call("networkGetDhcpLeases", {
        net,
        mac: mac ?? null,
        need_results: 1,
        flags: 0,
      }),
    );
    return {
      data: leases,
      text: (view) =>
        formatTable(
          ["Expiry Time", "MAC address", "Protocol", "IP address", "Hostname", "Client ID or DUID"],
          leases.toSorted((a, b) => (a.ipaddr < b.ipaddr ? -1 : 1)).map(leaseRow),
          view,
        ),
    };
  },

  async "net-port-list"({ network, uuid: uuidOnly }, context) {
    const connection = await context.connection();
    const net = await findNetwork(connection, network);
    const { ports } = await connection.call("networkListAllPorts", {
      network: net,
      need_results: 1,
      flags: 0,
    });
    const uuids = ports.map(({ uuid }) => uuid).toSorted();
    return {
      data: uuids,
      text: uuidOnly
        ? uuids.map((uuid) => `${uuid}\n`).join("")
        : (view) =>
            formatTable(
              ["UUID"],
              uuids.map((uuid) => [uuid]),
              view,
            ),
    };
  },
};

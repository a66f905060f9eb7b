import type { Connection } from "./connection.ts";

type Ask = (connection: Connection) => Promise<readonly string[]>;

const all = { need_results: 1, flags: 0 };

/** Which names complete an option. */
const asks: { readonly [option: string]: Ask } = {
  domain: async (connection) =>
    (await connection.call("connectListAllDomains", all)).domains.map(({ name }) => name),
  network: async (connection) =>
    (await connection.call("connectListAllNetworks", all)).nets.map(({ name }) => name),
  pool: async (connection) =>
    (await connection.call("connectListAllStoragePools", all)).pools.map(({ name }) => name),
  nwfilter: async (connection) =>
    (await connection.call("connectListAllNwfilters", all)).filters.map(({ name }) => name),
  secret: async (connection) =>
    (await connection.call("connectListAllSecrets", all)).secrets.map(({ uuid }) => uuid),
  device: async (connection) =>
    (await connection.call("connectListAllNodeDevices", all)).devices.map(({ name }) => name),
  interface: async (connection) =>
    (await connection.call("connectListAllInterfaces", all)).ifaces.map(({ name }) => name),
};

/** Names a daemon knows for an option; none for an option that names nothing. */
export const namesOfObjects = async (
  option: string,
  connection: Connection,
): Promise<readonly string[]> => (await asks[option]?.(connection)) ?? [];

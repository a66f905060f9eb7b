/** URLs that name an image: `nbd+unix:///export?socket=...`, `https://host/path?query`. */
import {
  DEFAULT_PORT,
  NETWORK_PROTOCOLS,
  type NetworkHost,
  type NetworkProtocol,
  type NetworkSource,
} from "./storage-source.ts";

interface Parts {
  readonly protocol: NetworkProtocol;
  readonly transport: "tcp" | "unix" | "rdma";
  readonly host: string;
  readonly port: number | undefined;
  /** With its first slash. */
  readonly path: string;
  readonly query: string | undefined;
}

const URL_FORM =
  /^([a-z0-9]+)(?:\+(tcp|unix|rdma))?:\/\/(?:[^@/?]*@)?(\[[^\]]*\]|[^:/?]*)(?::(\d+))?(\/[^?]*)?(?:\?(.*))?$/is;

function partsOf(text: string): Parts | undefined {
  const [, scheme, transport, host = "", port, path = "", query] = URL_FORM.exec(text) ?? [];
  const protocol = NETWORK_PROTOCOLS.find((one) => one === scheme?.toLowerCase());
  if (protocol === undefined) return undefined;
  return {
    protocol,
    transport: transport === "unix" || transport === "rdma" ? transport : "tcp",
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: port === undefined ? DEFAULT_PORT[protocol] : Number(port),
    path: decodeURIComponent(path),
    query,
  };
}

function hostOf({ transport, host, port, query }: Parts): NetworkHost {
  if (transport === "unix")
    return { transport, socket: new URLSearchParams(query).get("socket") ?? "" };
  return { transport, name: host, ...(port === undefined ? {} : { port }) };
}

/** Everything after the first slash; iSCSI always says which unit. */
function nameOf({ protocol, path }: Parts): string | undefined {
  const name = path.replace(/^\//, "");
  if (protocol === "iscsi") return name.includes("/") ? name : `${name}/0`;
  return name === "" && protocol === "nbd" ? undefined : name;
}

/** The source a URL names; undefined for a scheme that is no storage protocol. */
export function sourceOfUrl(text: string): NetworkSource | undefined {
  const parts = partsOf(text);
  if (parts === undefined) return undefined;
  const name = nameOf(parts);
  const query = parts.transport === "unix" ? undefined : parts.query;
  return {
    type: "network",
    protocol: parts.protocol,
    hosts: [hostOf(parts)],
    ...(name === undefined ? {} : { name }),
    ...(query === undefined ? {} : { query }),
  };
}

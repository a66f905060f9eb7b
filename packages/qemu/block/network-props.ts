/** Blockdev properties of the network protocols, as QEMU's QAPI schema names them. */
import { virError } from "@vireo/model/error";
import { given, type JsonObject } from "../json.ts";
import {
  DEFAULT_PORT,
  type NetworkHost,
  type NetworkSource,
  type SourceObjects,
} from "./storage-source.ts";

const port = (source: NetworkSource, host: { readonly port?: number }): string =>
  String(host.port ?? DEFAULT_PORT[source.protocol] ?? 0);

/** `SocketAddress` of QAPI. */
const socketAddress = (source: NetworkSource, host: NetworkHost): JsonObject =>
  host.transport === "unix"
    ? { type: "unix", path: host.socket }
    : { type: "inet", host: host.name, port: port(source, host) };

/** `InetSocketAddressBase` of QAPI: no type member. */
const inetAddress = (source: NetworkSource, host: NetworkHost): JsonObject =>
  host.transport === "unix" ? {} : { host: host.name, port: port(source, host) };

function onlyHost(source: NetworkSource): NetworkHost {
  const [host, ...others] = source.hosts;
  if (host === undefined || others.length > 0)
    throw virError("internalError", `protocol '${source.protocol}' accepts only one host`);
  return host;
}

/** `volume/path` of a gluster image, `pool/image` of an rbd one. */
export function splitName(name: string | undefined): readonly [string, string | undefined] {
  const at = (name ?? "").indexOf("/");
  if (name === undefined || at < 0) return [name ?? "", undefined];
  return [name.slice(0, at), name.slice(at + 1)];
}

/** gluster alone can be told how much to log. */
const gluster = (source: NetworkSource): JsonObject => {
  const [volume, path] = splitName(source.name);
  return {
    volume,
    path: path ?? "",
    server: source.hosts.map((host) => socketAddress(source, host)),
    debug: source.debugLevel,
  };
};

/** The URL curl is given; IPv6 addresses are bracketed and the port is always written. */
export function sourceUrl(source: NetworkSource): string {
  const host = onlyHost(source);
  const query = source.query === undefined ? "" : `?${source.query}`;
  const path = `/${(source.name ?? "").replace(/^\//, "")}`;
  if (host.transport === "unix") return `${source.protocol}+unix://${path}?socket=${host.socket}`;
  const name = host.name.includes(":") ? `[${host.name}]` : host.name;
  const number = host.port ?? DEFAULT_PORT[source.protocol];
  return `${source.protocol}://${name}${number === undefined ? "" : `:${number}`}${path}${query}`;
}

const curl = (source: NetworkSource, objects: SourceObjects): JsonObject => ({
  url: sourceUrl(source),
  username: source.auth?.username,
  "password-secret": objects.authSecret,
  sslverify: source.sslVerify,
  "cookie-secret": objects.cookieSecret,
  readahead: source.readahead,
  timeout: source.timeout,
});

function iscsi(source: NetworkSource, objects: SourceObjects): JsonObject {
  const host = onlyHost(source);
  if (host.transport === "unix") throw virError("internalError", "iSCSI needs a TCP portal");
  const [target, lun] = splitName(source.name);
  const name = host.name.includes(":") && !host.name.startsWith("[") ? `[${host.name}]` : host.name;
  return {
    portal: `${name}:${port(source, host)}`,
    target,
    lun: lun === undefined ? 0 : Number(lun),
    transport: "tcp",
    user: source.auth?.username,
    "password-secret": objects.authSecret,
    "initiator-name": source.initiator,
  };
}

const nbd = (source: NetworkSource, objects: SourceObjects): JsonObject => ({
  server: socketAddress(source, onlyHost(source)),
  export: source.name,
  "tls-creds": objects.tlsCreds,
  "tls-hostname": source.tlsHostname,
  "reconnect-delay": source.reconnectDelay,
});

/** Monitors without a port let librbd choose; auth says which handshakes are allowed. */
function rbd(source: NetworkSource, objects: SourceObjects): JsonObject {
  const [pool, image] = splitName(source.name);
  const servers = source.hosts.flatMap((host) =>
    host.transport === "unix" ? [] : [{ host: host.name, port: String(host.port ?? 0) }],
  );
  return {
    pool,
    image: image ?? "",
    snapshot: source.snapshot,
    conf: source.config,
    server: servers.length > 0 ? servers : undefined,
    user: source.auth?.username,
    "auth-client-required": source.auth === undefined ? undefined : ["cephx", "none"],
    "key-secret": objects.authSecret,
  };
}

const sheepdog = (source: NetworkSource): JsonObject => ({
  server: socketAddress(source, onlyHost(source)),
  vdi: source.name ?? "",
});

const ssh = (source: NetworkSource): JsonObject => ({
  path: source.name ?? "",
  server: inetAddress(source, onlyHost(source)),
  user: source.user ?? source.auth?.username,
  "host-key-check": source.sshHostKey === "none" ? { mode: "none" } : undefined,
});

/** Users are numbers for QEMU; a leading `+` only says "do not look it up". */
const numericId = (id: string | undefined): number | undefined =>
  id === undefined ? undefined : Number(id.replace(/^\+/, ""));

function nfs(source: NetworkSource): JsonObject {
  const host = onlyHost(source);
  return {
    server: { host: host.transport === "unix" ? "" : host.name, type: "inet" },
    path: source.name ?? "",
    user: numericId(source.user),
    group: numericId(source.group),
  };
}

const vxhs = (source: NetworkSource, objects: SourceObjects): JsonObject => ({
  "tls-creds": objects.tlsCreds,
  "vdisk-id": source.name ?? "",
  server: inetAddress(source, onlyHost(source)),
});

type Write = (source: NetworkSource, objects: SourceObjects) => JsonObject;
/** The others are libcurl's. */
const WRITE: Readonly<Partial<Record<NetworkSource["protocol"], Write>>> = {
  gluster,
  iscsi,
  nbd,
  rbd,
  sheepdog,
  ssh,
  nfs,
  vxhs,
};

const protocolProps = (source: NetworkSource, objects: SourceObjects): JsonObject =>
  (WRITE[source.protocol] ?? curl)(source, objects);

/** What `blockdev-add` takes for the protocol: `driver` and its own members. */
export const networkProps = (source: NetworkSource, objects: SourceObjects): JsonObject =>
  given({ driver: source.protocol, ...protocolProps(source, objects) });

/** libvirt's connection URIs: `driver[+transport]://[user@][host][:port]/path[?parameters]`. */

/** How the daemon is reached. */
export type Transport = "unix" | "tcp" | "tls" | "ssh";

/** A connection URI, taken apart. */
export interface LibvirtUri {
  /** `qemu`, `test`, ...; empty when the daemon shall choose. */
  readonly driver: string;
  readonly transport: Transport;
  readonly user?: string;
  readonly host?: string;
  readonly port?: number;
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** What CONNECT_OPEN is told: the URI without transport, host and the parameters of the transport. */
  readonly name: string;
}

/** A text that is no connection URI. */
export class UriError extends Error {
  override readonly name = "UriError";
}

const SYNTAX =
  /^(?<driver>[a-z][a-z0-9.-]*)(?:\+(?<transport>[a-z]+))?:\/\/(?:(?<user>[^@/?#]*)@)?(?<host>\[[0-9a-fA-F:.%]+\]|[^:/?#]*)(?::(?<port>[0-9]{1,5}))?(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/u;

/** Parameters that concern the way to the daemon and are not passed on. */
const TRANSPORT_PARAMETERS: ReadonlySet<string> = new Set([
  "name",
  "command",
  "socket",
  "auth",
  "sshauth",
  "netcat",
  "keyfile",
  "pkipath",
  "known_hosts",
  "known_hosts_verify",
  "no_sanity",
  "no_verify",
  "no_tty",
  "tls_priority",
  "mode",
  "proxy",
]);

/** Take a URI apart. An empty one means: this host's daemon, and it chooses the driver. */
export function parseLibvirtUri(uri: string): LibvirtUri {
  if (uri === "") {
    return { driver: "", transport: "unix", path: "", parameters: new Map(), name: "" };
  }
  const parts = SYNTAX.exec(uri)?.groups;
  const driver = parts?.["driver"];
  if (parts === undefined || driver === undefined) {
    throw new UriError(`Cannot parse connection URI '${uri}'`);
  }
  const path = parts["path"] ?? "";
  const parameters = new Map(new URLSearchParams(parts["query"] ?? ""));
  return {
    driver,
    transport: transportOf(parts["transport"], parts["host"]),
    ...placeOf(parts),
    path,
    parameters,
    name: nameOf(driver, path, parameters),
  };
}

function transportOf(named: string | undefined, host: string | undefined): Transport {
  switch (named) {
    case undefined:
      return host === undefined || host === "" ? "unix" : "tls";
    case "unix":
    case "tcp":
    case "tls":
    case "ssh":
      return named;
    default:
      throw new UriError(`Transport '${named}' is not supported in connection URIs`);
  }
}

function placeOf(
  parts: Readonly<Record<string, string | undefined>>,
): Pick<LibvirtUri, "user" | "host" | "port"> {
  const { user, host, port } = parts;
  return {
    ...(user === undefined || user === "" ? {} : { user: decodeURIComponent(user) }),
    ...(host === undefined || host === "" ? {} : { host: host.replace(/^\[|\]$/gu, "") }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

function nameOf(driver: string, path: string, parameters: ReadonlyMap<string, string>): string {
  const named = parameters.get("name");
  if (named !== undefined) return named;
  if (driver === "remote") return "";
  const kept = [...parameters].filter(([key]) => !TRANSPORT_PARAMETERS.has(key));
  const query = kept.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
  return `${driver}://${path}${query === "" ? "" : `?${query}`}`;
}

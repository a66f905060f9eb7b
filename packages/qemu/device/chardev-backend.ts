/** The host side of a character device, written as an option string or as a QMP argument. */
import { given, type JsonObject } from "../json.ts";
import { type OptionPair, optionString } from "../command/argument.ts";

/** Copy of everything the guest writes. */
export interface ChardevLog {
  readonly path: string;
  readonly append?: boolean;
}

export type ChardevBackend =
  | { readonly type: "null" | "vc" | "pty" | "stdio" }
  | { readonly type: "serial" | "parallel"; readonly path: string }
  | { readonly type: "file"; readonly path: string; readonly append?: boolean }
  | { readonly type: "pipe"; readonly path: string }
  | {
      readonly type: "udp";
      readonly host: string;
      readonly port: string;
      readonly localHost: string;
      readonly localPort: string;
    }
  | ({
      readonly type: "tcp";
      readonly host: string;
      readonly port: string;
      readonly telnet?: boolean;
      readonly tlsCreds?: string;
    } & Connection)
  | ({ readonly type: "unix"; readonly path: string } & Connection)
  | ({ readonly type: "fd"; readonly fd: number | string } & Connection)
  | { readonly type: "spicevmc"; readonly name: string }
  | { readonly type: "spiceport"; readonly name: string }
  | { readonly type: "dbus"; readonly name: string }
  | { readonly type: "qemu-vdagent"; readonly clipboard?: boolean; readonly mouse?: boolean };

interface Connection {
  /** Listening; QEMU never waits for the client, unless told to. */
  readonly server?: boolean;
  readonly wait?: boolean;
  /** Seconds between attempts to connect again. */
  readonly reconnect?: number;
}

const connection = (backend: Connection): OptionPair[] => [
  ["server", backend.server === true ? true : undefined],
  ["wait", backend.server === true ? backend.wait : undefined],
  ["reconnect", backend.reconnect],
];

/** Head of the option string and its members. */
function option(backend: ChardevBackend): [head: string, pairs: OptionPair[]] {
  switch (backend.type) {
    case "null":
    case "vc":
    case "pty":
    case "stdio":
      return [backend.type, []];
    case "serial":
    case "parallel":
    case "pipe":
      return [backend.type, [["path", backend.path]]];
    case "file":
      return [
        "file",
        [
          ["path", backend.path],
          ["append", backend.append],
        ],
      ];
    case "udp":
      return [
        "udp",
        [
          ["host", backend.host],
          ["port", backend.port],
          ["localaddr", backend.localHost],
          ["localport", backend.localPort],
        ],
      ];
    case "tcp":
      return [
        "socket",
        [
          ["host", backend.host],
          ["port", backend.port],
          ["telnet", backend.telnet === true ? true : undefined],
          ...connection(backend),
          ["tls-creds", backend.tlsCreds],
        ],
      ];
    case "unix":
      return ["socket", [["path", backend.path], ...connection(backend)]];
    case "fd":
      return ["socket", [["fd", backend.fd], ...connection(backend)]];
    case "spicevmc":
    case "spiceport":
    case "dbus":
      return [backend.type, [["name", backend.name]]];
    case "qemu-vdagent":
      return [
        "qemu-vdagent",
        [
          ["name", "vdagent"],
          ["clipboard", backend.clipboard],
          ["mouse", backend.mouse],
        ],
      ];
  }
}

/** Value of `-chardev`: QEMU 7 takes no JSON there. */
export function chardevOption(id: string, backend: ChardevBackend, log?: ChardevLog): string {
  const [head, pairs] = option(backend);
  return optionString(head, [
    ["id", id],
    ...pairs,
    ["logfile", log?.path],
    ["logappend", log === undefined ? undefined : log.append],
  ]);
}

const connectionData = (backend: Connection): JsonObject => ({
  server: backend.server ?? false,
  wait: backend.server === true ? (backend.wait ?? false) : undefined,
  reconnect: backend.reconnect,
});

const unixAddress = (path: string): JsonObject => ({ type: "unix", data: { path } });
const inetAddress = (host: string, port: string): JsonObject => ({
  type: "inet",
  data: { host, port },
});

/** Type and data of QAPI's `ChardevBackend`. */
function data(backend: ChardevBackend): [type: string, data: JsonObject] {
  switch (backend.type) {
    case "null":
    case "vc":
    case "pty":
    case "stdio":
      return [backend.type, {}];
    case "serial":
    case "parallel":
    case "pipe":
      return [backend.type, { device: backend.path }];
    case "file":
      return ["file", { out: backend.path, append: backend.append }];
    case "udp":
      return [
        "udp",
        {
          remote: inetAddress(backend.host, backend.port),
          local:
            backend.localHost === "" && backend.localPort === "0"
              ? undefined
              : inetAddress(backend.localHost, backend.localPort),
        },
      ];
    case "tcp":
      return [
        "socket",
        {
          addr: inetAddress(backend.host, backend.port),
          telnet: backend.telnet ?? false,
          ...connectionData(backend),
          "tls-creds": backend.tlsCreds,
        },
      ];
    case "unix":
      return ["socket", { addr: unixAddress(backend.path), ...connectionData(backend) }];
    case "fd":
      return [
        "socket",
        { addr: { type: "fd", data: { str: String(backend.fd) } }, ...connectionData(backend) },
      ];
    case "spicevmc":
      return ["spicevmc", { type: backend.name }];
    case "spiceport":
      return ["spiceport", { fqdn: backend.name }];
    case "dbus":
      return ["dbus", { name: backend.name }];
    case "qemu-vdagent":
      return ["qemu-vdagent", { clipboard: backend.clipboard, mouse: backend.mouse }];
  }
}

/** The `backend` argument of `chardev-add`. */
export function chardevBackendArgument(backend: ChardevBackend, log?: ChardevLog): JsonObject {
  const [type, members] = data(backend);
  return {
    type,
    data: given({ ...members, logfile: log?.path, logappend: log?.append }),
  };
}

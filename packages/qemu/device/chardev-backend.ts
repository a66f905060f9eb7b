/** The host side of a character device, written as an option string or as a QMP argument. */
import { given, type JsonObject } from "../json.ts";
import { type OptionPair, optionString } from "../command/argument.ts";

/** Copy of everything the guest writes. */
export interface ChardevLog {
  readonly path: string;
  readonly append?: boolean;
}

/** Back ends that are nothing but a word. */
interface BareBackend {
  readonly type: "null" | "vc" | "pty" | "stdio";
}

export type ChardevBackend =
  | BareBackend
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

type Of<T extends ChardevBackend["type"]> = Extract<ChardevBackend, { type: T }>;
type SocketBackend = Of<"tcp" | "unix" | "fd">;
type NamedBackend = Of<"spicevmc" | "spiceport" | "dbus">;

const isBare = (backend: ChardevBackend): backend is BareBackend =>
  ["null", "vc", "pty", "stdio"].includes(backend.type);
const isSocket = (backend: ChardevBackend): backend is SocketBackend =>
  ["tcp", "unix", "fd"].includes(backend.type);
const isNamed = (backend: ChardevBackend): backend is NamedBackend =>
  ["spicevmc", "spiceport", "dbus"].includes(backend.type);

function socketPairs(backend: SocketBackend): OptionPair[] {
  switch (backend.type) {
    case "tcp":
      return [
        ["host", backend.host],
        ["port", backend.port],
        ["telnet", backend.telnet === true ? true : undefined],
        ...connection(backend),
        ["tls-creds", backend.tlsCreds],
      ];
    case "unix":
      return [["path", backend.path], ...connection(backend)];
    case "fd":
      return [["fd", backend.fd], ...connection(backend)];
  }
}

const udpPairs = (backend: Of<"udp">): OptionPair[] => [
  ["host", backend.host],
  ["port", backend.port],
  ["localaddr", backend.localHost],
  ["localport", backend.localPort],
];

const agentPairs = (backend: Of<"qemu-vdagent">): OptionPair[] => [
  ["name", "vdagent"],
  ["clipboard", backend.clipboard],
  ["mouse", backend.mouse],
];

/** Head of the option string and its members. */
function option(backend: ChardevBackend): [head: string, pairs: OptionPair[]] {
  if (isBare(backend)) return [backend.type, []];
  if (isSocket(backend)) return ["socket", socketPairs(backend)];
  if (isNamed(backend)) return [backend.type, [["name", backend.name]]];
  switch (backend.type) {
    case "udp":
      return ["udp", udpPairs(backend)];
    case "qemu-vdagent":
      return ["qemu-vdagent", agentPairs(backend)];
    case "file":
      return [
        "file",
        [
          ["path", backend.path],
          ["append", backend.append],
        ],
      ];
    case "serial":
    case "parallel":
    case "pipe":
      return [backend.type, [["path", backend.path]]];
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

function socketData(backend: SocketBackend): JsonObject {
  switch (backend.type) {
    case "tcp":
      return {
        addr: inetAddress(backend.host, backend.port),
        telnet: backend.telnet ?? false,
        ...connectionData(backend),
        "tls-creds": backend.tlsCreds,
      };
    case "unix":
      return { addr: unixAddress(backend.path), ...connectionData(backend) };
    case "fd":
      return {
        addr: { type: "fd", data: { str: String(backend.fd) } },
        ...connectionData(backend),
      };
  }
}

/** Without a place of its own QEMU receives where it sends from. */
function udpData(backend: Of<"udp">): JsonObject {
  const anywhere = backend.localHost === "" && backend.localPort === "0";
  return {
    remote: inetAddress(backend.host, backend.port),
    local: anywhere ? undefined : inetAddress(backend.localHost, backend.localPort),
  };
}

const NAME_MEMBER = { spicevmc: "type", spiceport: "fqdn", dbus: "name" } as const;

/** Type and data of QAPI's `ChardevBackend`. */
function data(backend: ChardevBackend): [type: string, data: JsonObject] {
  if (isBare(backend)) return [backend.type, {}];
  if (isSocket(backend)) return ["socket", socketData(backend)];
  if (isNamed(backend)) return [backend.type, { [NAME_MEMBER[backend.type]]: backend.name }];
  switch (backend.type) {
    case "udp":
      return ["udp", udpData(backend)];
    case "qemu-vdagent":
      return ["qemu-vdagent", { clipboard: backend.clipboard, mouse: backend.mouse }];
    case "file":
      return ["file", { out: backend.path, append: backend.append }];
    case "serial":
    case "parallel":
    case "pipe":
      return [backend.type, { device: backend.path }];
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

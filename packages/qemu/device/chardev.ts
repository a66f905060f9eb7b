/** The host side of serial lines, channels and other character devices: definition -> `-chardev`. */
import { virError } from "@vireo/model/error";
import type { Channel } from "@vireo/model/domain/device/channel";
import { secretObject } from "../command/secret.ts";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import type { ChardevBackend, ChardevLog } from "./chardev-backend.ts";
import type { DeviceScope } from "./scope.ts";
import { chardevStep, fdsetStep, objectStep } from "./step.ts";

/** What serial, parallel, console, channel, smartcard, redirdev and rng have in common. */
type Source<T extends Channel["type"] = Channel["type"]> =
  Extract<Channel, { type: T }> extends infer C
    ? C extends Channel
      ? Omit<C, "target" | "address" | "alias" | "acpi">
      : never
    : never;
export type ChardevSource = Source;

/** 0 asks QEMU not to connect again. */
export function reconnectOf(
  reconnect: { readonly enabled?: boolean; readonly timeout?: number } | undefined,
): { readonly reconnect?: number } {
  if (reconnect?.enabled === undefined) return {};
  return { reconnect: reconnect.enabled ? (reconnect.timeout ?? 0) : 0 };
}

function tlsId(id: string, source: Source<"tcp">, scope: DeviceScope): string | undefined {
  const wanted = source.source?.tls ?? scope.context.settings.tls.chardev ?? false;
  return wanted ? `obj${id}_tls0` : undefined;
}

/** Certificates, and the password of the private key when there is one. */
function tlsSteps(id: string, source: ChardevSource, scope: DeviceScope): PlugStep[] {
  if (source.type !== "tcp") return [];
  const object = tlsId(id, source, scope);
  if (object === undefined) return [];
  const { tls } = scope.context.settings;
  const listening = source.source?.mode === "bind";
  const secret = tls.chardevSecretUuid === undefined ? undefined : `${id}-secret0`;
  const request = { usageType: "tls", uuid: tls.chardevSecretUuid ?? "", origin: scope.origin };
  const credentials = given({
    "qom-type": "tls-creds-x509",
    id: object,
    dir: tls.chardevDir,
    endpoint: listening ? "server" : "client",
    "verify-peer": listening ? (tls.chardevVerify ?? false) : true,
    passwordid: secret,
  });
  return [
    ...(secret === undefined
      ? []
      : [objectStep(secretObject(secret, request, scope.context), scope.origin)]),
    objectStep(credentials, scope.origin),
  ];
}

function tcpBackend(id: string, source: Source<"tcp">, scope: DeviceScope): ChardevBackend {
  const { source: at, protocol } = source;
  const tlsCreds = tlsId(id, source, scope);
  return {
    type: "tcp",
    host: at?.host ?? "",
    port: at?.service ?? "",
    ...(protocol?.type === "telnet" ? { telnet: true } : {}),
    ...(at?.mode === "bind" ? { server: true, wait: false } : reconnectOf(at?.reconnect)),
    ...(tlsCreds === undefined ? {} : { tlsCreds }),
  };
}

function udpBackend({ sources }: Source<"udp">): ChardevBackend {
  const send = sources?.find((one) => one.mode !== "bind");
  const receive = sources?.find((one) => one.mode === "bind");
  return {
    type: "udp",
    host: send?.host ?? "",
    port: send?.service ?? "",
    localHost: receive?.host ?? "",
    localPort: receive?.service ?? "0",
  };
}

/** A socket QEMU listens on is made by the daemon, so that clients can connect before QEMU runs. */
function unixBackend(id: string, { source }: Source<"unix">, scope: DeviceScope): ChardevBackend {
  const path = source?.path ?? "";
  if (source?.mode !== "bind") return { type: "unix", path, ...reconnectOf(source?.reconnect) };
  const fd = scope.fds.take({ kind: "listen", id, path, origin: scope.origin });
  return { type: "fd", fd, server: true, wait: false };
}

/** Names by which SPICE and its agents know a channel. */
const SPICE_NAME: Readonly<Record<string, string>> = { redir: "usbredir", smart: "smartcard" };
const spiceName = (id: string): string =>
  Object.entries(SPICE_NAME).find(([prefix]) => id.startsWith(`char${prefix}`))?.[1] ?? "vdagent";

/** Names by which D-Bus clients find a channel. */
const dbusName = (id: string): string =>
  id.startsWith("charredir") ? "org.qemu.usbredir" : "org.qemu.vdagent";

/** Device nodes of the host are serial or parallel lines by what they are used for. */
const lineKind = (origin: string): "serial" | "parallel" =>
  origin.includes("/parallel") ? "parallel" : "serial";

/** Files are opened by `backendSteps`; null modems are BSD's. */
function simpleBackend(id: string, source: ChardevSource, scope: DeviceScope): ChardevBackend {
  switch (source.type) {
    case "dev":
      return { type: lineKind(scope.origin), path: source.source?.path ?? "" };
    case "pipe":
      return { type: "pipe", path: source.source?.path ?? "" };
    case "tcp":
      return tcpBackend(id, source, scope);
    case "udp":
      return udpBackend(source);
    case "unix":
      return unixBackend(id, source, scope);
    case "file":
    case "nmdm":
      throw virError("configUnsupported", `unsupported chardev '${source.type}'`);
    default:
      return builtInBackend(id, source);
  }
}

type BuiltIn = Source<
  "null" | "vc" | "pty" | "stdio" | "spicevmc" | "spiceport" | "dbus" | "qemu-vdagent"
>;

/** Back ends that live in QEMU itself. */
function builtInBackend(id: string, source: BuiltIn): ChardevBackend {
  switch (source.type) {
    case "spicevmc":
      return { type: "spicevmc", name: spiceName(id) };
    case "spiceport":
      return { type: "spiceport", name: source.source?.channel ?? "" };
    case "dbus":
      return { type: "dbus", name: source.source?.channel ?? dbusName(id) };
    case "qemu-vdagent":
      return vdagentBackend(source);
    default:
      return { type: source.type };
  }
}

function vdagentBackend({ source }: Source<"qemu-vdagent">): ChardevBackend {
  const mouse = source?.mouse?.mode;
  return {
    type: "qemu-vdagent",
    ...(source?.clipboard?.copypaste === undefined
      ? {}
      : { clipboard: source.clipboard.copypaste }),
    ...(mouse === undefined ? {} : { mouse: mouse === "client" }),
  };
}

/** A file the daemon opens, so that labels and quotas are its business. */
function fileSteps(
  file: {
    readonly id: string;
    readonly suffix: "source" | "log";
    readonly path: string;
    readonly append: boolean | undefined;
  },
  scope: DeviceScope,
): [path: string, PlugStep] {
  const alias = file.id.replace(/^char/, "");
  const need = {
    kind: file.suffix === "log" ? ("log" as const) : ("file" as const),
    id: alias,
    path: file.path,
    append: file.append ?? false,
    origin: scope.origin,
  };
  return fdsetStep(need, `${alias}-${file.suffix}`, scope);
}

function backendSteps(
  id: string,
  source: ChardevSource,
  scope: DeviceScope,
): [ChardevBackend, PlugStep[]] {
  if (source.type !== "file") return [simpleBackend(id, source, scope), []];
  const { path = "", append } = source.source ?? {};
  const [inside, step] = fileSteps({ id, suffix: "source", path, append }, scope);
  return [{ type: "file", path: inside, append: true }, [step]];
}

function logSteps(
  id: string,
  source: ChardevSource,
  scope: DeviceScope,
): [ChardevLog | undefined, PlugStep[]] {
  const { file, append } = source.log ?? {};
  if (file === undefined) return [undefined, []];
  const [inside, step] = fileSteps({ id, suffix: "log", path: file, append }, scope);
  return [{ path: inside, append: true }, [step]];
}

/** The chardev under an id, after the objects it leans on. */
export function chardevSteps(id: string, source: ChardevSource, scope: DeviceScope): PlugStep[] {
  const [backend, files] = backendSteps(id, source, scope);
  const [log, logs] = logSteps(id, source, scope);
  return [
    ...tlsSteps(id, source, scope),
    ...files,
    ...logs,
    chardevStep({ id, backend, ...(log === undefined ? {} : { log }) }, scope.origin),
  ];
}

/** VNC: `-vnc`. */
import type { Graphics } from "@vireo/model/domain/device/graphics";
import {
  type CommandArg,
  jsonArg,
  optionString,
  type OptionPair,
  rawArg,
} from "../command/argument.ts";
import { secretObject } from "../command/secret.ts";
import { given } from "../json.ts";
import { audiodevOf } from "./audiodev-of.ts";
import { listenOf } from "./graphics-listen.ts";
import type { DeviceScope } from "./scope.ts";

type Vnc = Extract<Graphics, { type: "vnc" }>;

/** TCP port of VNC display 0. */
const FIRST_PORT = 5900;
const TLS_CREDS = "vnc-tls-creds0";

const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** First member of the option, or the pair that replaces it: where clients connect. */
function listenAddress(vnc: Vnc, scope: DeviceScope): [head: string | undefined, OptionPair[]] {
  const { settings } = scope.context;
  const listen = listenOf(vnc, settings.vncAutoUnixSocket === true);
  if (listen?.type === "none") return ["none", []];
  if (listen?.type === "socket") {
    const path = listen.socket ?? `${scope.context.domainDir}/vnc.sock`;
    return [undefined, [["vnc", `unix:${path}`]]];
  }
  const display = Math.max(vnc.port ?? FIRST_PORT, FIRST_PORT) - FIRST_PORT;
  return [`${bracketed(listen?.address ?? settings.vncListen)}:${display}`, []];
}

/** -1 asks for a free port, which QEMU derives from the display. */
const websocket = (vnc: Vnc): number | boolean | undefined =>
  vnc.websocket === -1 ? true : vnc.websocket;

/** Certificates of the server, and the password of its key when there is one. */
function tlsArgs({ context, origin }: DeviceScope): CommandArg[] {
  const { vncTls, vncTlsVerify = false, tls } = context.settings;
  if (vncTls !== true) return [];
  const uuid = tls.vncSecretUuid;
  const secret = uuid === undefined ? undefined : `${TLS_CREDS}-secret0`;
  const credentials = given({
    "qom-type": "tls-creds-x509",
    id: TLS_CREDS,
    dir: tls.vncDir,
    endpoint: "server",
    "verify-peer": vncTlsVerify,
    passwordid: secret,
  });
  const key =
    secret === undefined || uuid === undefined
      ? []
      : [
          jsonArg(
            "-object",
            secretObject(secret, { usageType: "tls", uuid, origin }, context),
            origin,
          ),
        ];
  return [...key, jsonArg("-object", credentials, origin)];
}

export function vncArgs(vnc: Vnc, scope: DeviceScope): CommandArg[] {
  const { settings } = scope.context;
  const [head, first] = listenAddress(vnc, scope);
  const password = vnc.passwd !== undefined || settings.vncPassword !== undefined;
  const pairs: OptionPair[] = [
    ...first,
    ["websocket", websocket(vnc)],
    ["share", vnc.sharePolicy],
    ["password", password ? true : undefined],
    ["tls-creds", settings.vncTls === true ? TLS_CREDS : undefined],
    ["sasl", settings.vncSasl === true ? true : undefined],
    ["power-control", vnc.powerControl],
    ["audiodev", audiodevOf(vnc.audio?.id, scope)],
  ];
  const keymap = vnc.keymap === undefined ? [] : [rawArg("-k", vnc.keymap, scope.origin)];
  return [...tlsArgs(scope), rawArg("-vnc", optionString(head, pairs), scope.origin), ...keymap];
}

/** SPICE: `-spice`. */
import { virError } from "@vireo/model/error";
import type { Graphics } from "@vireo/model/domain/device/graphics";
import { type CommandArg, optionString, type OptionPair, rawArg } from "../command/argument.ts";
import { listenOf } from "./graphics-listen.ts";
import type { DeviceScope } from "./scope.ts";

type Spice = Extract<Graphics, { type: "spice" }>;

const isPort = (port: number | undefined): port is number => port !== undefined && port > 0;

/** Plain and encrypted port; 0 is written when there is neither. */
function portPairs({ port, tlsPort }: Spice, { context }: DeviceScope): OptionPair[] {
  if (isPort(tlsPort) && context.settings.spiceTls !== true)
    throw virError(
      "configUnsupported",
      "spice TLS port set in XML configuration, but TLS is disabled in qemu.conf",
    );
  if (!isPort(port) && !isPort(tlsPort)) return [["port", 0]];
  return [
    ["port", isPort(port) ? port : undefined],
    ["tls-port", isPort(tlsPort) ? tlsPort : undefined],
  ];
}

/** Where clients connect; `unix` is a word without a value. */
function listenPairs(spice: Spice, scope: DeviceScope): [head: string | undefined, OptionPair[]] {
  const { settings, domainDir } = scope.context;
  const listen = listenOf(spice, settings.spiceAutoUnixSocket === true);
  if (listen?.type === "socket")
    return ["unix", [["addr", listen.socket ?? `${domainDir}/spice.sock`]]];
  if (listen?.type === "none") return [undefined, [["port", 0]]];
  return [
    undefined,
    [...portPairs(spice, scope), ["addr", listen?.address ?? settings.spiceListen]],
  ];
}

/** A channel may insist on TLS, or on plain text. */
function channelPairs(spice: Spice): OptionPair[] {
  const pair = (mode: string | undefined, name: string): OptionPair[] => {
    if (mode === "secure") return [["tls-channel", name]];
    return mode === "insecure" ? [["plaintext-channel", name]] : [];
  };
  return [
    ...pair(spice.defaultMode, "default"),
    ...(spice.channels ?? []).flatMap((channel) => pair(channel.mode, channel.name)),
  ];
}

const compressionPairs = (spice: Spice): OptionPair[] => [
  ["image-compression", spice.image?.compression],
  ["jpeg-wan-compression", spice.jpeg?.compression],
  ["zlib-glz-wan-compression", spice.zlib?.compression],
  ["playback-compression", spice.playback?.compression],
  ["streaming-video", spice.streaming?.mode],
];

const agentPairs = (spice: Spice): OptionPair[] => [
  ["agent-mouse", agentMouse(spice)],
  ["disable-copy-paste", spice.clipboard?.copypaste === false ? true : undefined],
  ["disable-agent-file-xfer", spice.filetransfer?.enable === false ? true : undefined],
];
const agentMouse = (spice: Spice): boolean | undefined =>
  spice.mouse === undefined ? undefined : spice.mouse.mode === "client";

const glPairs = (spice: Spice, scope: DeviceScope): OptionPair[] =>
  spice.gl?.enable === true
    ? [
        ["gl", true],
        ["rendernode", spice.gl.rendernode ?? scope.context.host.renderNode],
      ]
    : [];

export function spiceArgs(spice: Spice, scope: DeviceScope): CommandArg[] {
  const { settings } = scope.context;
  const [head, listen] = listenPairs(spice, scope);
  const password = spice.passwd !== undefined || settings.spicePassword !== undefined;
  const secure =
    settings.spiceTls === true &&
    listen.some(([key, value]) => key === "tls-port" && value !== undefined);
  const pairs: OptionPair[] = [
    ...listen,
    ["sasl", settings.spiceSasl === true ? true : undefined],
    ["x509-dir", secure ? settings.tls.spiceDir : undefined],
    ...channelPairs(spice),
    ["disable-ticketing", password ? undefined : true],
    ...compressionPairs(spice),
    ...agentPairs(spice),
    ...glPairs(spice, scope),
    ["seamless-migration", true],
  ];
  const keymap = spice.keymap === undefined ? [] : [rawArg("-k", spice.keymap, scope.origin)];
  return [rawArg("-spice", optionString(head, pairs), scope.origin), ...keymap];
}

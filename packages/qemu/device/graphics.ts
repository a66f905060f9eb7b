/** `<graphics>`: how the guest's screens are shown. */
import { virError } from "@vireo/model/error";
import type { Graphics } from "@vireo/model/domain/device/graphics";
import { optionString, type CommandArg, type OptionPair, rawArg } from "../command/argument.ts";
import type { DeviceScope } from "./scope.ts";
import { spiceArgs } from "./graphics-spice.ts";
import { vncArgs } from "./graphics-vnc.ts";

type Of<T extends Graphics["type"]> = Extract<Graphics, { type: T }>;

const sdlArgs = (sdl: Of<"sdl">, { origin }: DeviceScope): CommandArg[] => [
  rawArg("-display", optionString("sdl", [["gl", sdl.gl?.enable]]), origin),
  ...(sdl.fullscreen === true ? [{ option: "-full-screen", origin }] : []),
];

const eglArgs = (egl: Of<"egl-headless">, scope: DeviceScope): CommandArg[] => [
  rawArg(
    "-display",
    optionString("egl-headless", [
      ["rendernode", egl.gl?.rendernode ?? scope.context.host.renderNode],
    ]),
    scope.origin,
  ),
];

function dbusArgs(dbus: Of<"dbus">, scope: DeviceScope): CommandArg[] {
  const pairs: OptionPair[] = [
    ["p2p", dbus.p2p === true ? true : undefined],
    ["addr", dbus.p2p === true ? undefined : dbus.address],
    ["gl", dbus.gl?.enable],
    [
      "rendernode",
      dbus.gl?.enable === true ? (dbus.gl.rendernode ?? scope.context.host.renderNode) : undefined,
    ],
    ["audiodev", dbus.audio === undefined ? undefined : `audio${dbus.audio.id}`],
  ];
  return [rawArg("-display", optionString("dbus", pairs), scope.origin)];
}

/** The arguments of one `<graphics>`. */
export function graphicsArgs(graphics: Graphics, scope: DeviceScope): CommandArg[] {
  switch (graphics.type) {
    case "vnc":
      return vncArgs(graphics, scope);
    case "spice":
      return spiceArgs(graphics, scope);
    case "sdl":
      return sdlArgs(graphics, scope);
    case "egl-headless":
      return eglArgs(graphics, scope);
    case "dbus":
      return dbusArgs(graphics, scope);
    case "rdp":
    case "desktop":
      throw virError("configUnsupported", `unsupported graphics type '${graphics.type}'`);
  }
}

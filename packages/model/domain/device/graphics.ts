/** `<graphics>`: how people see the guest's screen. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, children, choice, discriminant, requiredAttr } from "../../schema/member.ts";
import type { Member } from "../../schema/declaration.ts";
import { int, oneOf, onOff, string, uint, yesNo } from "../../schema/scalar.ts";

export const GRAPHICS_TYPES = [
  "sdl",
  "vnc",
  "rdp",
  "desktop",
  "spice",
  "egl-headless",
  "dbus",
] as const;

const Listen = element("listen", "Where clients connect.", {
  type: discriminant(["address", "network", "socket", "none"], {
    doc: "Kind of place.",
  }),
  address: choice({
    address: attr(string, { doc: "IP address or host name." }),
    network: attr(string, { doc: "Address of the network.", show: "live" }),
  }),
  network: choice({ network: attr(string, { doc: "Network whose address is taken." }) }),
  socket: choice({ socket: attr(string, { doc: "Path of the UNIX socket." }) }),
});
export type GraphicsListen = Infer<typeof Listen>;

const doc = "OpenGL of the host.";
const rendernode = attr(string, { doc: "DRM device of the host." });
const gl = child(element("gl", doc, { enable: attr(yesNo, { doc: "Use it." }), rendernode }), {
  doc,
});
const glNode = child(element("gl", doc, { rendernode }), { doc });
const audio = child(
  element("audio", "Sound that goes with the screen.", {
    id: requiredAttr(uint, { doc: "Number of the `<audio>`." }),
  }),
  { doc: "Sound that goes with the screen." },
);
const CHANNELS = [
  "main",
  "display",
  "inputs",
  "cursor",
  "playback",
  "record",
  "smartcard",
  "usbredir",
] as const;
const MODES = ["any", "secure", "insecure"] as const;
const Channel = element("channel", "Encryption of one SPICE channel.", {
  name: requiredAttr(oneOf(...CHANNELS), { doc: "Channel." }),
  mode: requiredAttr(oneOf(...MODES), { doc: "Encryption." }),
});

const portOf = (protocol: string): Member<number, false> =>
  attr(int, {
    doc: "TCP port; -1: any.",
    invalid: `cannot parse ${protocol} port %s`,
    fault: "internalError",
  });
const autoport = attr(yesNo, { doc: "Any free port." });
const listen = attr(string, {
  doc: "Address of the first `<listen>`; older clients read it here.",
});
const fullscreen = attr(yesNo, { doc: "Fill the screen." });
const password = {
  passwd: attr(string, { doc: "Password.", show: "secure" as const }),
  passwdValidTo: attr(string, { doc: "Until when it is valid, UTC.", show: "secure" as const }),
  connected: attr(oneOf("fail", "disconnect", "keep"), {
    doc: "What a new password does to clients.",
  }),
};
const display = attr(string, { doc: "X display." });
const compression = attr(oneOf("auto", "never", "always"), { doc: "When." });
const keymap = attr(string, { doc: "Keyboard layout." });
const listens = children(Listen, { doc: "Where clients connect." });

export const Graphics = element("graphics", "How people see the screen.", {
  type: discriminant(GRAPHICS_TYPES, {
    doc: "Protocol.",
  }),
  socket: choice({
    vnc: attr(string, { doc: "Path of the UNIX socket; older clients read it here." }),
  }),
  display: choice({ sdl: display, desktop: display }),
  xauth: choice({ sdl: attr(string, { doc: "Path of the X authority file." }) }),
  port: choice({
    vnc: portOf("vnc"),
    spice: attr(int, { doc: "TCP port; -1: any." }),
    rdp: portOf("rdp"),
  }),
  tlsPort: choice({
    spice: attr(int, {
      doc: "Port of encrypted connections.",
      invalid: "cannot parse spice tlsPort %s",
      fault: "internalError",
    }),
  }),
  autoport: choice({ vnc: autoport, spice: autoport, rdp: autoport }),
  websocket: choice({
    vnc: attr(int, {
      doc: "Port of websocket connections; -1: any.",
      invalid: "cannot parse vnc WebSocket port %s",
      fault: "internalError",
    }),
  }),
  replaceUser: choice({
    rdp: attr(yesNo, { doc: "A new user throws the old one out.", omit: false }),
  }),
  multiUser: choice({ rdp: attr(yesNo, { doc: "Several users at once.", omit: false }) }),
  fullscreen: choice({
    sdl: attr(yesNo, { doc: "Fill the screen.", omit: false }),
    desktop: fullscreen,
  }),
  listen: choice({ vnc: listen, spice: listen, rdp: listen }),
  p2p: choice({ dbus: attr(yesNo, { doc: "Without a bus.", omit: false }) }),
  address: choice({ dbus: attr(string, { doc: "Address of the bus." }) }),
  defaultMode: choice({
    spice: attr(oneOf(...MODES), { doc: "Encryption of channels not named.", omit: "any" }),
  }),
  keymap: choice({ vnc: keymap, spice: keymap }),
  sharePolicy: choice({
    vnc: attr(oneOf("allow-exclusive", "force-shared", "ignore"), {
      doc: "Whether a client may be alone.",
    }),
  }),
  powerControl: choice({ vnc: attr(yesNo, { doc: "Clients may switch the guest off." }) }),
  passwd: choice({ vnc: password.passwd, spice: password.passwd }),
  passwdValidTo: choice({ vnc: password.passwdValidTo, spice: password.passwdValidTo }),
  connected: choice({ vnc: password.connected, spice: password.connected }),
  listens: choice({ vnc: listens, spice: listens, rdp: listens }),
  channels: choice({ spice: children(Channel, { doc: "Encryption by channel." }) }),
  image: choice({
    spice: child(
      element("image", "Compression of images.", {
        compression: attr(oneOf("auto_glz", "auto_lz", "quic", "glz", "lz", "off"), {
          doc: "Method.",
        }),
      }),
      { doc: "Compression of images." },
    ),
  }),
  jpeg: choice({
    spice: child(element("jpeg", "JPEG over slow lines.", { compression }), {
      doc: "JPEG over slow lines.",
    }),
  }),
  zlib: choice({
    spice: child(element("zlib", "zlib over slow lines.", { compression }), {
      doc: "zlib over slow lines.",
    }),
  }),
  playback: choice({
    spice: child(
      element("playback", "Sound.", { compression: attr(onOff, { doc: "Compress it." }) }),
      { doc: "Sound." },
    ),
  }),
  streaming: choice({
    spice: child(
      element("streaming", "Video.", {
        mode: attr(oneOf("filter", "all", "off"), { doc: "What is streamed." }),
      }),
      { doc: "Video." },
    ),
  }),
  mouse: choice({
    spice: child(
      element("mouse", "Mouse.", {
        mode: attr(oneOf("server", "client"), { doc: "Who moves the pointer." }),
      }),
      { doc: "Mouse." },
    ),
  }),
  clipboard: choice({
    spice: child(
      element("clipboard", "Clipboard.", { copypaste: attr(yesNo, { doc: "Copy and paste." }) }),
      { doc: "Clipboard." },
    ),
  }),
  filetransfer: choice({
    spice: child(
      element("filetransfer", "Files.", {
        enable: attr(yesNo, { doc: "Clients may send files." }),
      }),
      { doc: "Files." },
    ),
  }),
  gl: choice({ sdl: gl, spice: gl, dbus: gl, "egl-headless": glNode }),
  audio: choice({ vnc: audio, dbus: audio }),
});
export type Graphics = Infer<typeof Graphics>;
export type GraphicsType = (typeof GRAPHICS_TYPES)[number];

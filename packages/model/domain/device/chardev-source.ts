/** Host side of a character device. Shared by serial, parallel, console, channel, smartcard, redirdev, rng. */
import { element } from "../../schema/element.ts";
import { attr, child, children, choice } from "../../schema/member.ts";
import { oneOf, onOff, string, yesNo } from "../../schema/scalar.ts";
import { Reconnect } from "./disk-source.ts";
import { seclabels } from "./seclabel.ts";

export const CHARDEV_TYPES = [
  "null",
  "vc",
  "pty",
  "dev",
  "file",
  "pipe",
  "stdio",
  "udp",
  "tcp",
  "unix",
  "spicevmc",
  "spiceport",
  "nmdm",
  "qemu-vdagent",
  "dbus",
] as const;
export type ChardevType = (typeof CHARDEV_TYPES)[number];

const doc = "Host side of the device.";
const path = attr(string, { doc: "Path." });
const append = attr(onOff, { doc: "Keep what the file holds." });
const mode = attr(oneOf("connect", "bind"), {
  doc: "Whether QEMU connects or listens.",
  default: "connect",
});
const reconnect = child(Reconnect, { doc: "Connect again when the peer goes away." });
const service = attr(string, { doc: "Port." });
const host = attr(string, { doc: "Host." });

const Path = element("source", "A path of the host.", { path, append, seclabels });
/** A terminal's path is allocated at start. */
const Pty = element("source", "A terminal of the host.", {
  path: attr(string, { doc: "Path of the terminal.", show: "live" }),
  append,
  seclabels,
});
const Udp = element("source", "One direction.", { mode, host, service });
const Tcp = element("source", "A TCP connection.", {
  mode,
  host,
  service,
  tls: attr(yesNo, { doc: "Encrypt the connection." }),
  reconnect,
});
const Unix = element("source", "A UNIX socket.", { mode, path, reconnect, seclabels });
const VdAgent = element("source", "What QEMU's own agent offers the guest.", {
  clipboard: child(
    element("clipboard", "Clipboard.", { copypaste: attr(yesNo, { doc: "Copy and paste." }) }),
    { doc: "Clipboard." },
  ),
  mouse: child(
    element("mouse", "Mouse.", {
      mode: attr(oneOf("client", "server"), { doc: "Who moves the pointer." }),
    }),
    { doc: "Mouse." },
  ),
});
const channel = attr(string, { doc: "Name of the channel." });
const Nmdm = element("source", "A null-modem pair.", {
  master: attr(string, { doc: "QEMU's end." }),
  slave: attr(string, { doc: "The other end." }),
});

const chardevSource = choice({
  pty: child(Pty, { doc }),
  dev: child(Path, { doc }),
  file: child(Path, { doc }),
  pipe: child(Path, { doc }),
  tcp: child(Tcp, { doc }),
  // without a path it is named at start
  unix: child(Unix, { doc, show: { decide: ({ path }) => path !== undefined } }),
  spiceport: child(element("source", "A SPICE channel.", { channel }), { doc }),
  nmdm: child(Nmdm, { doc }),
  "qemu-vdagent": child(VdAgent, { doc }),
  dbus: child(element("source", "A D-Bus chardev.", { channel }), { doc }),
});

/** Members that say where the bytes go; the element's `type` is a discriminant over `CHARDEV_TYPES`. */
export const chardev = {
  source: chardevSource,
  sources: choice({
    udp: children(Udp, { doc: "`bind`: where QEMU listens; `connect`: where it sends." }),
  }),
  protocol: choice({
    tcp: child(
      element("protocol", "What is spoken on the connection.", {
        type: attr(oneOf("raw", "telnet", "telnets", "tls"), {
          doc: "Protocol.",
          invalid: "Unknown protocol '%s'",
          fault: "configUnsupported",
        }),
      }),
      { doc: "What is spoken on the connection.", default: { type: "raw" } },
    ),
  }),
  log: child(
    element("log", "Copy of the guest's output.", {
      file: attr(string, { doc: "Path." }),
      append,
    }),
    { doc: "Copy of the guest's output." },
  ),
};

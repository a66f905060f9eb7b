/** `<console>`: where the guest's text console is; the first one mirrors the first serial port. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, choice, discriminant } from "../../schema/member.ts";
import { natural, oneOf, string, unless } from "../../schema/scalar.ts";
import { CHARDEV_TYPES, chardev } from "./chardev-source.ts";
import { info } from "./device-info.ts";

export const CONSOLE_TARGETS = [
  "serial",
  "xen",
  "uml",
  "virtio",
  "lxc",
  "openvz",
  "sclp",
  "sclplm",
] as const;

export const Console = element("console", "A text console.", {
  type: discriminant(CHARDEV_TYPES, {
    doc: "Kind of host side.",
    default: "pty",
    invalid: "unknown type presented to host for character device: %s",
    fault: "configUnsupported",
  }),
  tty: choice({ pty: attr(string, { doc: "Path of the terminal.", show: "live" }) }),
  ...chardev,
  target: child(
    element("target", "What the guest sees.", {
      type: attr(unless("none", oneOf(...CONSOLE_TARGETS)), {
        doc: "Device that carries the console.",
        invalid: "unknown target type '%s' specified for character device",
        fault: "configUnsupported",
      }),
      port: attr(natural, { doc: "Number of the console." }),
    }),
    { doc: "What the guest sees." },
  ),
  ...info,
});
export type Console = Infer<typeof Console>;

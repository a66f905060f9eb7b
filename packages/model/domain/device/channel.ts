/** `<channel>`: a private line between guest and host. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, choice, discriminant } from "../../schema/member.ts";
import { oneOf, string } from "../../schema/scalar.ts";
import { CHARDEV_TYPES, chardev } from "./chardev-source.ts";
import { info } from "./device-info.ts";

const name = attr(string, { doc: "Name the guest finds the port by." });
const Target = element("target", "What the guest sees.", {
  type: discriminant(["virtio", "guestfwd", "xen"], {
    doc: "Kind of line.",
    invalid: "unknown target type '%s' specified for character device",
    fault: "configUnsupported",
    missing: "channel target type is missing",
  }),
  address: choice({ guestfwd: attr(string, { doc: "Address in the guest's network." }) }),
  port: choice({ guestfwd: attr(string, { doc: "Port in the guest's network." }) }),
  name: choice({ virtio: name, xen: name }),
  state: choice({
    virtio: attr(oneOf("connected", "disconnected"), {
      doc: "Whether the guest has it open.",
      show: "live",
    }),
    xen: attr(oneOf("connected", "disconnected"), {
      doc: "Whether the guest has it open.",
      show: "live",
    }),
  }),
});

export const Channel = element("channel", "A private line between guest and host.", {
  type: discriminant(CHARDEV_TYPES, {
    doc: "Kind of host side.",
    default: "pty",
    invalid: "unknown type presented to host for character device: %s",
    fault: "configUnsupported",
  }),
  ...chardev,
  target: child(Target, { doc: "What the guest sees." }),
  ...info,
});
export type Channel = Infer<typeof Channel>;

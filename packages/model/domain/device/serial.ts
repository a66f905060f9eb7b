/** `<serial>`: a serial port. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, discriminant } from "../../schema/member.ts";
import { natural, oneOf, unless } from "../../schema/scalar.ts";
import { CHARDEV_TYPES, chardev } from "./chardev-source.ts";
import { info } from "./device-info.ts";

export const SERIAL_TARGETS = [
  "isa-serial",
  "usb-serial",
  "pci-serial",
  "spapr-vio-serial",
  "system-serial",
  "sclp-serial",
  "isa-debug",
] as const;
export const SERIAL_MODELS = [
  "isa-serial",
  "usb-serial",
  "pci-serial",
  "spapr-vty",
  "pl011",
  "sclpconsole",
  "sclplmconsole",
  "16550a",
  "isa-debugcon",
] as const;

const Target = element("target", "What the guest sees.", {
  type: attr(unless("serial", oneOf(...SERIAL_TARGETS)), {
    doc: "Kind of port.",
    invalid: "unknown target type '%s' specified for character device",
    fault: "configUnsupported",
  }),
  port: attr(natural, { doc: "Number of the port.", invalid: "Invalid port number: %s" }),
  model: child(
    element("model", "Chip.", {
      name: attr(oneOf(...SERIAL_MODELS), {
        doc: "Name.",
        invalid: "unknown target model '%s' specified for character device",
        fault: "configUnsupported",
      }),
    }),
    { doc: "Chip." },
  ),
});

export const Serial = element("serial", "A serial port.", {
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
export type Serial = Infer<typeof Serial>;
export type SerialTarget = (typeof SERIAL_TARGETS)[number];

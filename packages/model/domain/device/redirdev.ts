/** `<redirdev>` and `<redirfilter>`: USB devices of the client. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, children, discriminant, requiredAttr } from "../../schema/member.ts";
import { hex, oneOf, type Scalar, stringWhere, unless, yesNo } from "../../schema/scalar.ts";
import { CHARDEV_TYPES, chardev } from "./chardev-source.ts";
import { bootInfo } from "./device-info.ts";

export const Redirdev = element("redirdev", "A USB device of the client.", {
  bus: attr(oneOf("usb"), {
    doc: "Bus.",
    default: "usb",
    invalid: "unknown redirdev bus '%s'",
    fault: "configUnsupported",
  }),
  type: discriminant(CHARDEV_TYPES, {
    doc: "How it is reached.",
    missing: "missing type in redirdev",
    missingFault: "internalError",
    invalid: "unknown redirdev character device type '%s'",
  }),
  ...chardev,
  ...bootInfo,
});
export type Redirdev = Infer<typeof Redirdev>;

/** Hexadecimal, in capitals as libvirt prints it here. */
const capitals = (digits: number, maximum: number): Scalar<number> => ({
  ...hex(digits, maximum),
  write: (value) => `0x${value.toString(16).toUpperCase().padStart(digits, "0")}`,
});
/** `1.1`, `9.40`; libvirt always prints two digits of the minor number. */
const version = stringWhere("a version such as `1.10`", (raw) => {
  const [, major, minor = ""] = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(raw) ?? [];
  return major === undefined ? undefined : `${Number(major)}.${minor.padEnd(2, "0")}`;
});
const UsbDev = element("usbdev", "A rule; the first that fits decides.", {
  class: attr(unless("-1", capitals(2, 0xff)), { doc: "USB class." }),
  vendor: attr(unless("-1", capitals(4, 0xffff)), { doc: "Vendor." }),
  product: attr(unless("-1", capitals(4, 0xffff)), { doc: "Product." }),
  version: attr(unless("-1", version), { doc: "Version of the device." }),
  allow: requiredAttr(yesNo, { doc: "Whether it may be redirected." }),
});
export const Redirfilter = element("redirfilter", "Which USB devices may be redirected.", {
  usbdevs: children(UsbDev, { doc: "Rules." }),
});
export type Redirfilter = Infer<typeof Redirfilter>;

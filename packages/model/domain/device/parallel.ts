/** `<parallel>`: a parallel port. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, discriminant } from "../../schema/member.ts";
import { natural } from "../../schema/scalar.ts";
import { CHARDEV_TYPES, chardev } from "./chardev-source.ts";
import { info } from "./device-info.ts";

export const Parallel = element("parallel", "A parallel port.", {
  type: discriminant(CHARDEV_TYPES, {
    doc: "Kind of host side.",
    default: "pty",
    invalid: "unknown type presented to host for character device: %s",
    fault: "configUnsupported",
  }),
  ...chardev,
  target: child(
    element("target", "What the guest sees.", {
      port: attr(natural, { doc: "Number of the port." }),
    }),
    { doc: "What the guest sees." },
  ),
  ...info,
});
export type Parallel = Infer<typeof Parallel>;

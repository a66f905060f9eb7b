/** `<panic>`: tells the host when the guest crashes. */
import { element, type Infer } from "../../schema/element.ts";
import { attr } from "../../schema/member.ts";
import { oneOf, unless } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";

export const Panic = element(
  "panic",
  "Tells the host when the guest crashes.",
  {
    model: attr(unless("default", oneOf("isa", "pseries", "hyperv", "s390")), {
      doc: "Kind of device.",
      invalid: "unknown panic model '%s'",
      fault: "configUnsupported",
    }),
    ...info,
  },
  { empty: true },
);
export type Panic = Infer<typeof Panic>;

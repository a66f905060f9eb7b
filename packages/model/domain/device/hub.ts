/** `<hub>`: more ports on a bus. */
import { element, type Infer } from "../../schema/element.ts";
import { requiredAttr } from "../../schema/member.ts";
import { oneOf } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";

export const Hub = element("hub", "A hub.", {
  type: requiredAttr(oneOf("usb"), {
    doc: "Bus.",
    invalid: "unknown hub device type '%s'",
    fault: "configUnsupported",
    missing: "missing hub device type",
    missingFault: "internalError",
  }),
  ...info,
});
export type Hub = Infer<typeof Hub>;

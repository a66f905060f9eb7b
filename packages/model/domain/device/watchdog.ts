/** `<watchdog>`: does something when the guest hangs. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, requiredAttr } from "../../schema/member.ts";
import { oneOf } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";

export const Watchdog = element("watchdog", "Does something when the guest hangs.", {
  model: requiredAttr(oneOf("i6300esb", "ib700", "diag288"), {
    doc: "Kind of device.",
    invalid: "unknown watchdog model '%s'",
    fault: "configUnsupported",
    missing: "watchdog must contain model name",
    missingFault: "internalError",
  }),
  action: attr(oneOf("reset", "shutdown", "poweroff", "pause", "dump", "none", "inject-nmi"), {
    doc: "What is done.",
    invalid: "unknown watchdog action '%s'",
    fault: "configUnsupported",
    default: "reset",
  }),
  ...info,
});
export type Watchdog = Infer<typeof Watchdog>;

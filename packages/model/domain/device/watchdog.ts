/** `<watchdog>`: does something when the guest hangs. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, requiredAttr } from "../../schema/member.ts";
import { oneOf } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";

export const Watchdog = element("watchdog", "Does something when the guest hangs.", {
  model: requiredAttr(oneOf("i6300esb", "ib700", "diag288", "itco"), { doc: "Kind of device." }),
  action: attr(oneOf("reset", "shutdown", "poweroff", "pause", "dump", "none", "inject-nmi"), {
    doc: "What is done.",
    default: "reset",
  }),
  ...info,
});
export type Watchdog = Infer<typeof Watchdog>;

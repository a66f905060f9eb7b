/** `<hub>`: more ports on a bus. */
import { element, type Infer } from "../../schema/element.ts";
import { requiredAttr } from "../../schema/member.ts";
import { oneOf } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";

export const Hub = element("hub", "A hub.", {
  type: requiredAttr(oneOf("usb"), { doc: "Bus." }),
  ...info,
});
export type Hub = Infer<typeof Hub>;

/** `<smartcard>`: a reader with a card. */
import { element, type Infer } from "../../schema/element.ts";
import { discriminant, requiredAttr, text, texts } from "../../schema/member.ts";
import { oneOf, string } from "../../schema/scalar.ts";
import { CHARDEV_TYPES, chardev } from "./chardev-source.ts";
import { info } from "./device-info.ts";

export const Smartcard = element("smartcard", "A reader with a card.", {
  mode: requiredAttr(oneOf("host", "host-certificates", "passthrough"), {
    doc: "The host's card, one made of certificates, or one elsewhere.",
  }),
  type: discriminant(["none", ...CHARDEV_TYPES], {
    doc: "passthrough: how the card is reached.",
    default: "none",
    omit: "none",
  }),
  certificates: texts(string, {
    name: "certificate",
    doc: "host-certificates: names of three certificates.",
  }),
  database: text(string, { doc: "host-certificates: directory of the certificates." }),
  ...chardev,
  ...info,
});
export type Smartcard = Infer<typeof Smartcard>;

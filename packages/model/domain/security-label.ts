/** `<seclabel>`: labels of a security driver on the process and its files. */
import { element, type Infer } from "../schema/element.ts";
import { attr, text } from "../schema/member.ts";
import { oneOf, string, yesNo } from "../schema/scalar.ts";

export const SecurityLabel = element("seclabel", "Label of the QEMU process and of what it uses.", {
  type: attr(oneOf("dynamic", "static", "none"), {
    doc: "Chosen by the driver, given, or none.",
  }),
  model: attr(string, { doc: "Security driver." }),
  relabel: attr(yesNo, { doc: "Label files and devices too." }),
  label: text(string, { doc: "Label of the process." }),
  imageLabel: text(string, { name: "imagelabel", doc: "Label of its files.", show: "live" }),
  baseLabel: text(string, { name: "baselabel", doc: "What the dynamic label is made from." }),
});
export type SecurityLabel = Infer<typeof SecurityLabel>;

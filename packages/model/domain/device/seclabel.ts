/** Security label of one source, overriding the domain's. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, children, text } from "../../schema/member.ts";
import { string, yesNo } from "../../schema/scalar.ts";

export const DeviceSeclabel = element("seclabel", "Security label of this source.", {
  model: attr(string, { doc: "Security driver, such as `selinux` or `dac`." }),
  labelSkip: attr(yesNo, { name: "labelskip", doc: "Could not be labelled.", show: "live" }),
  relabel: attr(yesNo, { doc: "Whether to label it at all." }),
  label: text(string, { doc: "The label." }),
});
export const seclabels = children(DeviceSeclabel, { doc: "Labels, one for each security driver." });
export type DeviceSeclabel = Infer<typeof DeviceSeclabel>;

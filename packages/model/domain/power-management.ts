/** `<pm>`: suspend states the guest sees. */
import { element, type Infer } from "../schema/element.ts";
import { attr, child } from "../schema/member.ts";
import { yesNo } from "../schema/scalar.ts";

const enabled = { enabled: attr(yesNo, { doc: "Whether the guest sees it." }) };
export const PowerManagement = element("pm", "Suspend states the guest sees.", {
  suspendToMem: child(element("suspend-to-mem", "S3.", enabled), { doc: "S3." }),
  suspendToDisk: child(element("suspend-to-disk", "S4.", enabled), { doc: "S4." }),
});
export type PowerManagement = Infer<typeof PowerManagement>;

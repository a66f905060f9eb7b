/** `<resource>`: where the host keeps the domain. */
import { element, type Infer } from "../schema/element.ts";
import { child, requiredAttr, text } from "../schema/member.ts";
import { string } from "../schema/scalar.ts";

export const Resource = element("resource", "Where the host keeps the domain.", {
  partition: text(string, { doc: "Control group, as an absolute path." }),
  fibreChannel: child(
    element("fibrechannel", "Name on the Fibre Channel fabric.", {
      appid: requiredAttr(string, { doc: "Name." }),
    }),
    { doc: "Name on the Fibre Channel fabric." },
  ),
});
export type Resource = Infer<typeof Resource>;

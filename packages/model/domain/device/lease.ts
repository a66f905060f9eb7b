/** `<lease>`: a lock that only one running domain may hold. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, requiredAttr, text } from "../../schema/member.ts";
import { string, ulong } from "../../schema/scalar.ts";

export const Lease = element("lease", "A lock that only one running domain may hold.", {
  lockspace: text(string, { doc: "Space of names." }),
  key: text(string, { doc: "Name of the lock." }),
  target: child(
    element("target", "Where the lock is kept.", {
      path: requiredAttr(string, {
        doc: "Path.",
        missing: "Missing 'path' in target element for lease",
      }),
      offset: attr(ulong, { doc: "First byte in the file.", omit: 0 }),
    }),
    { doc: "Where the lock is kept." },
  ),
});
export type Lease = Infer<typeof Lease>;

/** `<domaincheckpoint>`: a moment since which the changes of a domain's disks are known. */
import { Domain } from "../domain/domain.ts";
import { element, type Infer } from "../schema/element.ts";
import { attr, child, children, requiredAttr, text } from "../schema/member.ts";
import { oneOf, string, ulong } from "../schema/scalar.ts";

const CheckpointDisk = element(
  "disk",
  "What the checkpoint does with a disk.",
  {
    name: requiredAttr(string, {
      missing: "missing name from disk checkpoint element",
      doc: "Target or path of the disk.",
    }),
    checkpoint: attr(oneOf("no", "bitmap"), {
      invalid: "unknown disk checkpoint setting '%s'",
      doc: "Whether changes of the disk are noted.",
    }),
    bitmap: attr(string, { doc: "Name of the dirty bitmap that notes them." }),
    size: attr(ulong, { doc: "Bytes changed since." }),
  },
  { empty: true },
);
export type CheckpointDisk = Infer<typeof CheckpointDisk>;

export const CheckpointXml = element("domaincheckpoint", "A moment of a domain's disks.", {
  name: text(string, { doc: "Name, unique in the domain." }),
  description: text(string, { doc: "Description." }),
  parent: child(
    element("parent", "The checkpoint before.", { name: text(string, { doc: "Name." }) }),
    { doc: "The checkpoint before." },
  ),
  creationTime: text(ulong, { doc: "Seconds since 1970." }),
  disks: child(
    element("disks", "What it does with the disks.", {
      disks: children(CheckpointDisk, { doc: "A disk." }),
    }),
    { doc: "What it does with the disks." },
  ),
  domain: child(Domain, { doc: "The domain as it was." }),
});
export type CheckpointXml = Infer<typeof CheckpointXml>;

/** What one may do with the checkpoints of a domain. */
import { domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { doc, list, nothing, optional, record, text, truth } from "./value.ts";

const domain = domainRef;
const name = doc(text, "Name of the checkpoint.");
const yes = (about: string) => doc(optional(truth), about);
const look = { access: ["domain:read"], lane: "read" } as const;

export const domainCheckpointOperations = {
  create: operation("domainCheckpoint.create", {
    access: ["domain:checkpoint"],
    lane: "modify",
    doc: "From now on note what changes on the domain's disks.",
    input: {
      domain,
      xml: doc(text, "The wish, as `<domaincheckpoint>`."),
      redefine: yes("Take the XML for what is known already; nothing is made."),
    },
    output: name,
  }),
  list: operation("domainCheckpoint.list", {
    ...look,
    doc: "Names of checkpoints, each after its parent.",
    input: {
      domain,
      below: doc(
        optional(text),
        "Only children of this checkpoint; without it those without parent.",
      ),
      deep: yes("All below, not only the nearest."),
      leaves: yes("Those without children."),
      noLeaves: yes("Those with children."),
    },
    output: list(name),
  }),
  find: operation("domainCheckpoint.find", {
    ...look,
    doc: "Whether the domain has the checkpoint, and which one was before.",
    input: { domain, name },
    output: record({ name, parent: doc(optional(text), "Name of the checkpoint before.") }),
  }),
  xml: operation("domainCheckpoint.xml", {
    access: ["domain:read", { permission: "domain:readSecure", if: "secure" }],
    lane: "read",
    doc: "What is known of a checkpoint.",
    input: {
      domain,
      name,
      secure: yes("With passwords and keys."),
      noDomain: yes("Without the domain as it was."),
      size: yes("With the bytes changed since; the domain must run."),
    },
    output: text,
  }),
  delete: operation("domainCheckpoint.delete", {
    access: ["domain:checkpoint"],
    lane: "modify",
    doc: "Forget what changed since the checkpoint.",
    input: {
      domain,
      name,
      children: yes("And all below."),
      childrenOnly: yes("Only those below."),
      metadataOnly: yes("Forget the checkpoint, keep its bitmaps."),
    },
    output: nothing,
  }),
} as const;

/** What one may do with the snapshots of a domain. */
import { domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { doc, list, nothing, optional, record, text, truth } from "./value.ts";

const domain = domainRef;
const name = doc(text, "Name of the snapshot.");
const yes = (about: string) => doc(optional(truth), about);
const change = { access: ["domain:snapshot"], lane: "long" } as const;
const look = { access: ["domain:read"], lane: "read" } as const;

export const domainSnapshotOperations = {
  create: operation("domainSnapshot.create", {
    access: ["domain:snapshot", { permission: "domain:fsFreeze", if: "quiesce" }],
    lane: "long",
    job: "domain",
    doc: "Keep the domain's disks, and its memory while it runs, as they are at this moment.",
    input: {
      domain,
      xml: doc(text, "The wish, as `<domainsnapshot>`."),
      redefine: yes("Take the XML for what is known already; nothing is made."),
      current: yes("With redefine: the domain's present state came from it."),
      noMetadata: yes("Make it and forget it."),
      halt: yes("The domain is off afterwards."),
      diskOnly: yes("Without the memory of a domain that runs."),
      reuseExternal: yes("The files of external disks are there already."),
      quiesce: yes("The guest's agent freezes its file systems meanwhile."),
      atomic: yes("All disks or none; it always is."),
      live: yes("The guest runs on while its memory is written."),
      validate: yes("Refuse XML that the schema does not know."),
    },
    output: name,
  }),
  list: operation("domainSnapshot.list", {
    ...look,
    doc: "Names of snapshots, each after its parent.",
    input: {
      domain,
      below: doc(
        optional(text),
        "Only children of this snapshot; without it those without parent.",
      ),
      deep: yes("All below, not only the nearest."),
      leaves: yes("Those without children."),
      noLeaves: yes("Those with children."),
      noMetadata: yes("Those that the daemon keeps nothing of: there are none."),
      metadata: yes("Those that the daemon keeps something of."),
      inactive: yes("Of a domain that was off."),
      active: yes("With the memory of a domain that ran."),
      diskOnly: yes("Only of the disks of a domain that ran."),
      internal: yes("Inside the images."),
      external: yes("In files beside the images."),
    },
    output: list(name),
  }),
  find: operation("domainSnapshot.find", {
    ...look,
    doc: "Whether the domain has the snapshot, what it came from, whether it is the current one.",
    input: { domain, name },
    output: record({
      name,
      parent: doc(optional(text), "Name of the snapshot before."),
      current: doc(truth, "The domain's present state came from it."),
    }),
  }),
  current: operation("domainSnapshot.current", {
    ...look,
    doc: "The snapshot that the domain's present state came from.",
    input: { domain },
    output: record({ name: doc(optional(text), "Absent when there is none.") }),
  }),
  xml: operation("domainSnapshot.xml", {
    access: ["domain:read", { permission: "domain:readSecure", if: "secure" }],
    lane: "read",
    doc: "What is known of a snapshot.",
    input: { domain, name, secure: yes("With passwords and keys.") },
    output: text,
  }),
  revert: operation("domainSnapshot.revert", {
    ...change,
    doc: "Bring the domain back to that moment; what happened since is lost.",
    input: {
      domain,
      name,
      running: yes("The guest runs afterwards, whatever it did then."),
      paused: yes("The guest stands still afterwards, whatever it did then."),
      force: yes("Also where something may be lost that is not expected."),
      resetNvram: yes("Start with fresh firmware variables."),
    },
    output: nothing,
  }),
  delete: operation("domainSnapshot.delete", {
    ...change,
    doc: "Forget a moment; what happened since is kept.",
    input: {
      domain,
      name,
      children: yes("Also those made after it."),
      metadataOnly: yes("Only what the daemon knows; nothing in images."),
      childrenOnly: yes("Only those made after it."),
    },
    output: nothing,
  }),
} as const;

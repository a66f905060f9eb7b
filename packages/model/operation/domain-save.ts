/** What one may do to keep a running domain in a file and bring it back. */
import { domainIdentity, domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { doc, nothing, optional, text, truth } from "./value.ts";

const domain = domainRef;
const yes = (about: string) => doc(optional(truth), about);
const file = doc(text, "Absolute path of the file on the daemon's host.");
const secure = yes("With passwords and keys.");
const ways = {
  bypassCache: yes("Go past the host's page cache where that helps."),
  running: yes("The restored guest runs, whatever it did when it was saved."),
  paused: yes("The restored guest stands still, whatever it did when it was saved."),
};
const hibernate = { access: ["domain:hibernate"], lane: "long" } as const;

export const domainSaveOperations = {
  save: operation("domain.save", {
    ...hibernate,
    doc: "Write memory and state to a file and end the domain.",
    input: { domain, path: file, ...ways },
    output: nothing,
  }),
  managedSave: operation("domain.managedSave", {
    ...hibernate,
    doc: "Save the domain where its next start finds it.",
    input: { domain, ...ways },
    output: nothing,
  }),
  removeManagedSave: operation("domain.removeManagedSave", {
    access: ["domain:hibernate"],
    lane: "modify",
    doc: "Remove the managed save image, so that the next start boots.",
    input: { domain },
    output: nothing,
  }),
  managedSaveXml: operation("domain.managedSaveXml", {
    access: ["domain:read", { permission: "domain:readSecure", if: "secure" }],
    lane: "read",
    doc: "The domain as it is in its managed save image.",
    input: { domain, secure },
    output: text,
  }),
  saveImageXml: operation("domain.saveImageXml", {
    access: ["domain:write"],
    lane: "read",
    doc: "The domain as it is in a saved file.",
    input: { path: file, secure },
    output: text,
  }),
  restore: operation("domain.restore", {
    access: ["domain:start", "domain:write"],
    lane: "long",
    doc: "Bring a saved domain back; the file stays.",
    input: { path: file, ...ways, resetNvram: yes("Start with fresh firmware variables.") },
    output: domainIdentity,
  }),
} as const;

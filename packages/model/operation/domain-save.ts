/** What one may do to keep a running domain in a file and bring it back. */
import { domainIdentity, domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { doc, nothing, optional, text, truth } from "./value.ts";

const domain = domainRef;
const yes = (about: string) => doc(optional(truth), about);
const file = doc(text, "Absolute path of the file on the daemon's host.");
const secure = yes("With passwords and keys.");
const ways = {
  bypassCache: yes("The file does not stay in the host's page cache."),
  running: yes("The restored guest runs, whatever it did when it was saved."),
  paused: yes("The restored guest stands still, whatever it did when it was saved."),
};
const other = doc(optional(text), "A definition that replaces the domain's: the same machine.");
const { running, paused } = ways;
const hibernate = { access: ["domain:hibernate"], lane: "long", job: "domain" } as const;

export const domainSaveOperations = {
  save: operation("domain.save", {
    ...hibernate,
    doc: "Write memory and state to a file and end the domain.",
    input: { domain, path: file, xml: other, ...ways },
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
  defineManagedSave: operation("domain.defineManagedSave", {
    access: ["domain:write", "domain:hibernate"],
    lane: "modify",
    doc: "Replace the definition, or the state, in the managed save image.",
    input: { domain, xml: doc(text, "The definition: the same machine."), running, paused },
    output: nothing,
  }),
  defineSaveImage: operation("domain.defineSaveImage", {
    access: ["domain:write", "domain:hibernate"],
    lane: "modify",
    doc: "Replace the definition, or the state, in a saved file.",
    input: { path: file, xml: doc(text, "The definition: the same machine."), running, paused },
    output: nothing,
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
    input: {
      path: file,
      xml: other,
      ...ways,
      resetNvram: yes("Start with fresh firmware variables."),
    },
    output: domainIdentity,
  }),
} as const;

/** What one may do with a domain: its definition and its life. */
import { affect, domainIdentity, domainRef } from "./domain-value.ts";
import { operation, streaming } from "./operation.ts";
import {
  dictionary,
  doc,
  integer,
  nothing,
  oneOf,
  optional,
  record,
  text,
  truth,
} from "./value.ts";

const domain = domainRef;
const modify = { lane: "modify" } as const;
const read = { access: ["domain:read"], lane: "read" } as const;
const yes = (about: string) => doc(optional(truth), about);
const xml = doc(text, "The domain as XML.");
const validate = yes("Refuse what the schema does not know.");

const starting = {
  paused: yes("Leave the vCPUs stopped."),
  autodestroy: yes("Destroy the domain when this connection ends."),
  bypassCache: yes(
    "A saved image does not stay in the host's page cache: it is removed once it is read.",
  ),
  forceBoot: yes("Discard a managed save image instead of resuming from it."),
  resetNvram: yes("Start with fresh firmware variables."),
};

export const domainOperations = {
  define: operation("domain.define", {
    ...modify,
    access: ["domain:write", "domain:save"],
    doc: "Make a domain known for good, or replace its persistent definition.",
    input: { xml, validate },
    output: domainIdentity,
  }),
  undefine: operation("domain.undefine", {
    ...modify,
    access: ["domain:delete"],
    doc: "Forget the persistent definition; an active domain becomes transient.",
    input: {
      domain,
      managedSave: yes("Remove the managed save image too."),
      snapshotsMetadata: yes("Forget snapshots too."),
      checkpointsMetadata: yes("Forget checkpoints too."),
      nvram: yes("Remove the firmware variables too."),
      keepNvram: yes("Keep the firmware variables."),
    },
    output: nothing,
  }),
  create: operation("domain.create", {
    ...modify,
    access: ["domain:write", "domain:start"],
    doc: "Boot a transient domain from XML.",
    input: { xml, validate, ...starting },
    output: domainIdentity,
  }),
  start: operation("domain.start", {
    ...modify,
    access: ["domain:start"],
    doc: "Boot a defined, inactive domain.",
    input: { domain, ...starting },
    output: domainIdentity,
  }),
  shutdown: operation("domain.shutdown", {
    ...modify,
    access: ["domain:initControl", { permission: "domain:write", if: "agent" }],
    doc: "Ask the guest to power off; it may ignore the request.",
    input: {
      domain,
      acpi: yes("Press the ACPI power button."),
      agent: yes("Ask the guest agent."),
    },
    output: nothing,
  }),
  reboot: operation("domain.reboot", {
    ...modify,
    access: ["domain:initControl", { permission: "domain:write", if: "agent" }],
    doc: "Ask the guest to reboot; it may ignore the request.",
    input: {
      domain,
      acpi: yes("Press the ACPI power button, then reset instead of powering off."),
      agent: yes("Ask the guest agent."),
    },
    output: nothing,
  }),
  reset: operation("domain.reset", {
    ...modify,
    access: ["domain:reset"],
    doc: "Reset the machine at once, without asking the guest.",
    input: { domain },
    output: nothing,
  }),
  destroy: operation("domain.destroy", {
    ...modify,
    access: ["domain:stop"],
    doc: "End the domain at once. The answer waits until its process is gone.",
    input: {
      domain,
      graceful: yes("Fail rather than kill a process that does not react."),
      removeLogs: yes("Remove the log file of the domain as well."),
    },
    output: nothing,
  }),
  suspend: operation("domain.suspend", {
    ...modify,
    access: ["domain:suspend"],
    doc: "Stop the vCPUs; memory and devices stay.",
    input: { domain },
    output: nothing,
  }),
  resume: operation("domain.resume", {
    ...modify,
    access: ["domain:suspend"],
    doc: "Let stopped vCPUs run again.",
    input: { domain },
    output: nothing,
  }),
  rename: operation("domain.rename", {
    ...modify,
    access: ["domain:write", "domain:save"],
    doc: "Give an inactive domain another name.",
    input: { domain, name: doc(text, "The new name.") },
    output: nothing,
  }),
  xml: operation("domain.xml", {
    access: [
      "domain:read",
      { permission: "domain:readSecure", if: "secure" },
      { permission: "domain:readSecure", if: "migratable" },
    ],
    lane: "read",
    doc: "The domain as XML.",
    input: {
      domain,
      secure: yes("With passwords and keys."),
      inactive: yes("The persistent definition, also while the domain runs."),
      updateCpu: yes("With the CPU features that the host would give."),
      migratable: yes("As another host of the same family understands it."),
    },
    output: text,
  }),
  autostart: operation("domain.autostart", {
    ...read,
    doc: "Whether the domain starts with the host.",
    input: { domain },
    output: truth,
  }),
  setAutostart: operation("domain.setAutostart", {
    ...modify,
    access: ["domain:write"],
    doc: "Say whether the domain starts with the host.",
    input: { domain, autostart: truth },
    output: nothing,
  }),
  metadata: operation("domain.metadata", {
    ...read,
    doc: "Title, description or one element of <metadata>.",
    input: {
      domain,
      kind: oneOf("description", "title", "element"),
      uri: doc(optional(text), "XML namespace of the element."),
      ...affect,
    },
    output: text,
  }),
  setMetadata: operation("domain.setMetadata", {
    ...modify,
    access: ["domain:write", { permission: "domain:save", if: "config" }],
    doc: "Change or remove title, description or one element of <metadata>.",
    input: {
      domain,
      kind: oneOf("description", "title", "element"),
      value: doc(optional(text), "The new text or element; absent removes it."),
      prefix: doc(optional(text), "XML prefix for the element's namespace."),
      uri: doc(optional(text), "XML namespace of the element."),
      ...affect,
    },
    output: nothing,
  }),
  setLifecycleAction: operation("domain.setLifecycleAction", {
    ...modify,
    access: ["domain:write", { permission: "domain:save", if: "config" }],
    doc: "Say what happens when the guest powers off, reboots or panics.",
    input: {
      domain,
      type: oneOf("poweroff", "reboot", "crash"),
      action: oneOf(
        "destroy",
        "restart",
        "rename-restart",
        "preserve",
        "coredump-destroy",
        "coredump-restart",
      ),
      ...affect,
    },
    output: nothing,
  }),
  openConsole: streaming("domain.openConsole", "both", {
    ...modify,
    access: ["domain:openDevice"],
    doc: "A serial, parallel, console or channel device as a stream of bytes.",
    input: {
      domain,
      device: doc(optional(text), "Alias of the device; the first console when absent."),
      force: yes("Take the device from whoever has it."),
      safe: yes("Only when exclusive use can be proven."),
    },
    output: nothing,
  }),
  openGraphics: streaming("domain.openGraphics", "both", {
    ...modify,
    access: ["domain:openGraphics"],
    doc: "The guest's screen as a stream of bytes of its protocol (RFB for VNC).",
    input: {
      domain,
      index: doc(optional(integer(0)), "Which <graphics>; the first VNC one when absent."),
    },
    output: nothing,
  }),
  lookup: operation("domain.lookup", {
    access: ["domain:getattr"],
    lane: "read",
    doc: "Find a domain by name, UUID or id.",
    input: { domain },
    output: domainIdentity,
  }),
  hasManagedSave: operation("domain.hasManagedSave", {
    ...read,
    doc: "Whether a managed save image exists.",
    input: { domain },
    output: truth,
  }),
  launchSecurity: operation("domain.launchSecurity", {
    ...read,
    doc: "How the running guest's memory was measured; nothing for a guest whose memory is not encrypted.",
    input: { domain },
    output: dictionary(text),
  }),
  securityLabel: operation("domain.securityLabel", {
    ...read,
    doc: "The label that confines the guest's process.",
    input: { domain },
    output: record({ label: text, enforcing: truth, index: integer(0) }),
  }),
} as const;

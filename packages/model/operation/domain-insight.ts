/** Why a domain is as it is, and what changing it would do. */
import { IMPACTS } from "../domain/plan-rules.ts";
import { domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { count, doc, list, oneOf, optional, record, text, truth, type ValueType } from "./value.ts";

const source = record({
  path: doc(text, "XPath of the element, attribute or text."),
  value: doc(optional(text), "Absent for elements and secrets."),
  rule: doc(text, "`written`, `default`, or the step that filled it in or changed it."),
  why: doc(text, "What that rule says."),
  line: doc(optional(count), "Line of the written XML."),
  was: doc(optional(text), "The value before the rule changed it."),
});

const explainedLine = record({
  xml: text,
  path: doc(optional(text), "XPath of the element that begins on the line."),
  sources: doc(list(source), "The element first, then its attributes and text."),
  args: doc(list(count), "Positions in `args` of the arguments that the element makes."),
  silent: doc(optional(text), "Why it makes none."),
});

const explainedArg = record({
  option: text,
  value: doc(optional(text), "Absent for options that take none."),
  id: doc(optional(text), "QEMU's name of what it makes."),
  qmp: doc(optional(text), "The monitor command that makes the same in a running QEMU."),
  origin: doc(text, "XPath of the element that it realises."),
  anchor: doc(text, "The nearest element there is; another than `origin` when that is absent."),
  absent: doc(optional(text), "Why an absent element makes an argument."),
});

const plannedChange = record({
  path: doc(text, "XPath; of the new definition, unless the place is gone."),
  kind: oneOf("added", "removed", "changed"),
  old: doc(optional(text), "As XML writes it."),
  new: doc(optional(text), "As XML writes it."),
  impact: doc(
    oneOf(...IMPACTS),
    "`live`: at once; `nextBoot`: when the domain starts again; `replace`: it makes another domain or loses data.",
  ),
  why: text,
});

const revision = doc(text, "Names the persistent definition: changes whenever that changes.");

const pathStep = record({
  part: oneOf(
    "card",
    "tap",
    "filter",
    "limit",
    "bridge",
    "network",
    "firewall",
    "nat",
    "route",
    "lease",
  ),
  state: doc(
    oneOf("passes", "limits", "drops"),
    "`limits`: some packets only, or not as fast as they come.",
  ),
  text: doc(text, "What it is, or what stops packets there."),
  mend: doc(optional(text), "A command for the host that lets them pass."),
});
export type PathStep = ValueType<typeof pathStep>;

export const domainInsightOperations = {
  hostDevices: operation("domain.hostDevices", {
    access: ["domain:read"],
    lane: "read",
    doc: "The devices of the host that a domain is to have or has, and what speaks against it.",
    input: { domain: domainRef },
    output: list(
      record({
        device: doc(text, "What it is, in libvirt's words."),
        held: doc(truth, "The running domain has it."),
        objections: doc(list(text), "What to do first, most serious first; then remarks."),
      }),
    ),
  }),
  networkPath: operation("domain.networkPath", {
    access: ["domain:read"],
    lane: "read",
    doc: "The way of a guest's packets over the host, and which rule stops them.",
    input: {
      domain: domainRef,
      interface: doc(optional(text), "MAC address or device on the host; all when absent."),
    },
    output: list(
      record({
        interface: doc(text, "Its device on the host, or its alias."),
        mac: text,
        steps: doc(list(pathStep), "From the card outwards."),
      }),
    ),
  }),
  explain: operation("domain.explain", {
    access: ["domain:read"],
    lane: "read",
    doc: "Where each line of a domain's XML comes from, and which QEMU arguments realise it.",
    input: {
      domain: optional(domainRef),
      xml: doc(optional(text), "A definition instead of a known domain."),
      inactive: doc(optional(truth), "The persistent definition, also while the domain runs."),
      path: doc(optional(text), "Only what is at or below this XPath."),
      arg: doc(optional(text), "Only arguments with this text, and what they realise."),
    },
    output: record({
      name: text,
      running: truth,
      lines: list(explainedLine),
      args: list(explainedArg),
      problem: doc(optional(text), "Why there is no command line."),
    }),
  }),
  history: operation("domain.history", {
    access: ["domain:read"],
    lane: "read",
    doc: "When the persistent definition was changed, newest first; the last revisions are kept.",
    input: { domain: domainRef },
    output: list(
      record({
        at: doc(count, "When it was saved, in milliseconds since 1970; names the revision."),
        current: doc(truth, "Whether it is the definition now."),
        by: doc(
          optional(text),
          "Who saved it, as in the log; unknown of what the daemon did by itself.",
        ),
        operation: doc(optional(text), "By which operation, as `domain.define`."),
      }),
    ),
  }),
  historyXml: operation("domain.historyXml", {
    access: ["domain:read", { permission: "domain:readSecure", if: "secure" }],
    lane: "read",
    doc: "The persistent definition as it was.",
    input: {
      domain: domainRef,
      at: doc(count, "As `domain.history` tells it."),
      secure: doc(optional(truth), "With passwords."),
    },
    output: text,
  }),
  plan: operation("domain.plan", {
    access: ["domain:read"],
    lane: "read",
    doc: "What a new definition would change, and when each change takes effect.",
    input: { domain: domainRef, xml: doc(text, "The new definition.") },
    output: record({ revision, running: truth, changes: list(plannedChange) }),
  }),
  apply: operation("domain.apply", {
    access: ["domain:write", "domain:save"],
    lane: "modify",
    doc: "Change the definition, and the running domain as far as it can be changed.",
    input: {
      domain: domainRef,
      xml: doc(text, "The new definition."),
      revision: doc(
        optional(text),
        "Refuse when the definition is no longer the one of this revision.",
      ),
    },
    output: record({
      revision,
      running: truth,
      changes: doc(list(plannedChange), "What was changed, and when it takes effect."),
    }),
  }),
} as const;

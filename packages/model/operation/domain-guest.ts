/** What one may do to a guest past its definition: keys, interrupts, the monitor itself. */
import { affect, domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { count, doc, integer, list, nothing, oneOf, optional, text, truth } from "./value.ts";

const domain = domainRef;
const modify = { lane: "modify" } as const;

/** libvirt's numbered sets of key codes, in order. */
export const KEY_CODE_SETS = [
  "linux",
  "xt",
  "atset1",
  "atset2",
  "atset3",
  "osx",
  "xtKbd",
  "usb",
  "win32",
  "qnum",
] as const;

export const domainGuestOperations = {
  sendKey: operation("domain.sendKey", {
    ...modify,
    access: ["domain:sendInput"],
    doc: "Press keys together and let go of them.",
    input: {
      domain,
      codeSet: oneOf(...KEY_CODE_SETS),
      holdMs: doc(count, "How long the keys stay down; 0 is QEMU's own time."),
      keys: doc(list(integer(0, 0xffff), 16), "Codes of the set."),
    },
    output: nothing,
  }),
  injectNmi: operation("domain.injectNmi", {
    ...modify,
    access: ["domain:injectNmi"],
    doc: "Interrupt the guest so that it cannot look away.",
    input: { domain },
    output: nothing,
  }),
  setMemory: operation("domain.setMemory", {
    ...modify,
    access: ["domain:write", { permission: "domain:save", if: "config" }],
    doc: "Change how much memory the guest may use, by its balloon, or how much it is started with.",
    input: {
      domain,
      kib: doc(count, "The memory in KiB."),
      maximum: doc(optional(truth), "The most it can have, in the definition only."),
      ...affect,
    },
    output: nothing,
  }),
  monitorCommand: operation("domain.monitorCommand", {
    ...modify,
    access: ["domain:write"],
    doc: "Send a command to QEMU's monitor as it stands. The domain is tainted by that.",
    input: {
      domain,
      command: doc(text, "A QMP command in JSON, or a line for people."),
      human: doc(optional(truth), "The command is a line for people (HMP)."),
    },
    output: text,
  }),
} as const;

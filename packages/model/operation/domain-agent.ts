/** What the agent inside the guest is asked; every answer is the guest's word. */
import { statistic } from "./domain-monitor.ts";
import { domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import {
  count,
  dictionary,
  doc,
  integer,
  list,
  nothing,
  oneOf,
  optional,
  record,
  text,
  truth,
} from "./value.ts";

const domain = domainRef;
const write = { access: ["domain:write"], lane: "long" } as const;

/** Groups of guest information, in libvirt's order. */
export const GUEST_INFO_KINDS = [
  "users",
  "os",
  "timezone",
  "hostname",
  "filesystem",
  "disks",
  "interfaces",
] as const;

/** Where addresses come from, in libvirt's order. */
export const ADDRESS_SOURCES = ["lease", "agent", "arp"] as const;

/** Ways to sleep, in libvirt's order. */
export const SLEEP_KINDS = ["memory", "disk", "hybrid"] as const;

const MOUNTPOINTS_LIMIT = 256;
const KEYS_LIMIT = 2048;
const timeoutS = integer(-(2 ** 31), 2 ** 31 - 1);

const asking = {
  hostname: operation("domain.hostname", {
    ...write,
    doc: "The guest's own name.",
    input: { domain, source: doc(optional(oneOf("lease", "agent")), "The agent when absent.") },
    output: text,
  }),
  guestVcpuCount: operation("domain.guestVcpuCount", {
    ...write,
    doc: "Number of vCPUs that the guest uses, as its agent tells.",
    input: { domain },
    output: count,
  }),
  guestInfo: operation("domain.guestInfo", {
    ...write,
    doc: "What the guest says of its users, system, time zone, file systems, disks and interfaces.",
    input: { domain, kinds: doc(list(oneOf(...GUEST_INFO_KINDS)), "What it can tell when empty.") },
    output: dictionary(statistic),
  }),
  guestVcpus: operation("domain.guestVcpus", {
    ...write,
    doc: "Which vCPUs the guest has, uses, and could do without: lists such as `0-3`.",
    input: { domain },
    output: record({ vcpus: text, online: text, offlinable: text }),
  }),
  time: operation("domain.time", {
    ...write,
    doc: "The guest's clock.",
    input: { domain },
    output: record({ seconds: integer(), nanoseconds: count }),
  }),
  fsInfo: operation("domain.fsInfo", {
    access: ["domain:fsFreeze"],
    lane: "long",
    doc: "The guest's mounted file systems and the domain's disks below them.",
    input: { domain },
    output: list(record({ mountpoint: text, name: text, type: text, targets: list(text) })),
  }),
  interfaceAddresses: operation("domain.interfaceAddresses", {
    access: ["domain:read"],
    lane: "read",
    doc: "Addresses of the guest's interfaces.",
    input: { domain, source: oneOf(...ADDRESS_SOURCES) },
    output: list(
      record({
        name: text,
        mac: optional(text),
        addresses: list(record({ family: oneOf("ipv4", "ipv6"), address: text, prefix: count })),
      }),
    ),
  }),
  userSshKeys: operation("domain.userSshKeys", {
    ...write,
    doc: "The public keys with which a user of the guest may sign in.",
    input: { domain, user: text },
    output: list(text, KEYS_LIMIT),
  }),
} as const;

const changing = {
  agentCommand: operation("domain.agentCommand", {
    ...write,
    doc: "Send a command to the guest agent as it stands. The domain is tainted by that.",
    input: {
      domain,
      command: doc(text, "In JSON."),
      timeoutS: doc(
        timeoutS,
        "Seconds; 0 does not wait, -1 is the default, -2 the longest there is.",
      ),
    },
    output: text,
  }),
  setAgentTimeout: operation("domain.setAgentTimeout", {
    ...write,
    doc: "How long the agent may take to answer while the domain runs.",
    input: {
      domain,
      timeoutS: doc(
        timeoutS,
        "Seconds; 0 does not wait, -1 is the default, -2 the longest there is.",
      ),
    },
    output: nothing,
  }),
  setGuestVcpus: operation("domain.setGuestVcpus", {
    ...write,
    doc: "Let the guest use these vCPUs, or do without them.",
    input: { domain, vcpus: doc(text, "A list such as `1,3-4`."), online: truth },
    output: nothing,
  }),
  setGuestVcpuCount: operation("domain.setGuestVcpuCount", {
    ...write,
    doc: "Let the guest use so many of the vCPUs that it has.",
    input: { domain, count: doc(integer(1, 16_384), "Not more than the domain has.") },
    output: nothing,
  }),
  setTime: operation("domain.setTime", {
    access: ["domain:setTime"],
    lane: "long",
    doc: "Set the guest's clock.",
    input: {
      domain,
      seconds: integer(),
      nanoseconds: count,
      sync: doc(optional(truth), "From its hardware clock instead."),
    },
    output: nothing,
  }),
  setUserPassword: operation("domain.setUserPassword", {
    access: ["domain:setPassword"],
    lane: "long",
    doc: "Give a user of the guest a new password.",
    input: {
      domain,
      user: text,
      password: text,
      encrypted: doc(optional(truth), "The password is hashed already."),
    },
    output: nothing,
  }),
  setUserSshKeys: operation("domain.setUserSshKeys", {
    ...write,
    doc: "Set, add or remove the public keys of a user of the guest.",
    input: {
      domain,
      user: text,
      keys: list(text, KEYS_LIMIT),
      append: optional(truth),
      remove: optional(truth),
    },
    output: nothing,
  }),
} as const;

const sleeping = {
  fsFreeze: operation("domain.fsFreeze", {
    access: ["domain:fsFreeze"],
    lane: "long",
    doc: "Stop the guest's file systems in a consistent state; answers how many.",
    input: {
      domain,
      mountpoints: doc(list(text, MOUNTPOINTS_LIMIT), "All when empty."),
    },
    output: count,
  }),
  fsThaw: operation("domain.fsThaw", {
    access: ["domain:fsFreeze"],
    lane: "long",
    doc: "Let the guest's file systems go on; answers how many.",
    input: { domain, mountpoints: list(text, MOUNTPOINTS_LIMIT) },
    output: count,
  }),
  fsTrim: operation("domain.fsTrim", {
    access: ["domain:fsTrim"],
    lane: "long",
    doc: "Tell the disks which blocks the guest's file systems do not use.",
    input: {
      domain,
      mountpoint: optional(text),
      minimum: doc(count, "Smallest free range in bytes."),
    },
    output: nothing,
  }),
  sleep: operation("domain.sleep", {
    access: ["domain:pmControl"],
    lane: "long",
    doc: "Have the guest suspend itself.",
    input: { domain, kind: oneOf(...SLEEP_KINDS) },
    output: nothing,
  }),
  wakeUp: operation("domain.wakeUp", {
    access: ["domain:pmControl"],
    lane: "modify",
    doc: "Wake a guest that suspended itself to memory.",
    input: { domain },
    output: nothing,
  }),
} as const;

export const domainAgentOperations = { ...asking, ...changing, ...sleeping } as const;

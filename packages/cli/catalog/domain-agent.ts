/** Commands of the group "Domain Management": agent. */
import { type Commands, data, flag, number, text, words } from "./option.ts";
import { domain, eventOption, loop, pretty, timeout, timestamp } from "./shared.ts";

export const domainAgentCommands = {
  domfsfreeze: {
    summary: "Freeze file systems in the guest",
    options: {
      domain,
      mountpoint: words("where the file system is mounted in the guest"),
    },
  },
  domfsthaw: {
    summary: "Thaw file systems in the guest",
    options: {
      domain,
      mountpoint: words("where the file system is mounted in the guest"),
    },
  },
  domfsinfo: {
    summary: "List file systems mounted in the guest",
    options: {
      domain,
    },
  },
  domfstrim: {
    summary: "Discard unused blocks of the guest's file systems",
    options: {
      domain,
      minimum: number("size", "smallest free range to discard, in bytes"),
      mountpoint: text("where the file system is mounted in the guest"),
    },
  },
  domhostname: {
    summary: "Print the host name of the guest",
    options: {
      domain,
      source: text("who to ask: 'lease' or 'agent'"),
    },
  },
  "get-user-sshkeys": {
    summary: "List the authorised SSH keys of a user in the guest",
    options: {
      domain,
      user: data("name of the user in the guest"),
    },
  },
  "set-user-sshkeys": {
    summary: "Set the authorised SSH keys of a user in the guest",
    options: {
      domain,
      user: data("name of the user in the guest"),
      file: text("file with the keys"),
      reset: flag("remove all other keys"),
      remove: flag("remove these keys"),
    },
  },
  "set-user-password": {
    summary: "Set the password of a user in the guest",
    options: {
      domain,
      user: data("name of the user in the guest"),
      password: data("the new password"),
      encrypted: flag("the password is a hash already"),
    },
  },
  guestinfo: {
    summary: "Show what the guest agent knows",
    options: {
      domain,
      user: flag("who is logged in"),
      os: flag("the operating system"),
      timezone: flag("the time zone"),
      hostname: flag("the host name"),
      filesystem: flag("the file systems"),
      disk: flag("the disks"),
      interface: flag("the network interfaces"),
    },
  },
  "qemu-agent-command": {
    summary: "Send a command to the guest agent",
    options: {
      domain,
      timeout: number("int", "seconds to wait for the agent", { named: true }),
      async: flag("do not wait for an answer"),
      block: flag("wait for the agent without a limit"),
      pretty,
      cmd: words("the command", { required: true, free: true }),
    },
  },
  "guest-agent-timeout": {
    summary: "Set how long to wait for the guest agent",
    options: {
      domain,
      timeout: number("int", "seconds to wait for the agent in later calls", { named: true }),
    },
  },
  "qemu-monitor-command": {
    summary: "Send a command to the monitor of a domain",
    options: {
      domain,
      hmp: flag("the command is for the human monitor"),
      pretty,
      "return-value": flag("only what the reply returns"),
      "pass-fds": text("file descriptors to hand over: N,M,...", { named: true }),
      cmd: words("the command", { required: true, free: true }),
    },
  },
  "qemu-monitor-event": {
    summary: "Wait for events of a domain's monitor",
    options: {
      domain: text("only events of this domain"),
      event: eventOption,
      pretty,
      loop,
      timeout,
      regex: flag("the event name is a regular expression"),
      "no-case": flag("take upper and lower case alike"),
      timestamp,
    },
  },
} as const satisfies Commands;

/** Commands of the group "Domain Monitoring". */
import { type Commands, alias, flag, number, text, words } from "./option.ts";
import {
  config,
  current,
  domain,
  inactive,
  interfaceOption,
  live,
  name,
  pretty,
  uuid,
} from "./shared.ts";

export const monitorCommands = {
  domblkerror: {
    summary: "Show errors of disks",
    options: {
      domain,
    },
  },
  domblkinfo: {
    summary: "Show the sizes of a disk",
    options: {
      domain,
      device: text("target or source of the disk"),
      human: flag("easier to read"),
      all: flag("every disk"),
    },
  },
  domblklist: {
    summary: "List the disks of a domain",
    options: {
      domain,
      inactive: flag("what the next boot uses"),
      details: flag("more columns"),
    },
  },
  domblkstat: {
    summary: "Show the figures of a disk",
    options: {
      domain,
      device: text("target or source of the disk; all together when empty", { emptyOk: true }),
      human: flag("easier to read"),
    },
  },
  domcontrol: {
    summary: "Show whether a domain can be controlled",
    options: {
      domain,
    },
  },
  "domif-getlink": {
    summary: "Show whether the cable of an interface is plugged",
    options: {
      domain,
      interface: interfaceOption,
      persistent: alias("config"),
      config: flag("of the definition"),
    },
  },
  domifaddr: {
    summary: "List the addresses of a domain's interfaces",
    options: {
      domain,
      interface: text("only this interface"),
      full: flag("repeat name and MAC on every line"),
      source: text("who to ask: 'lease', 'agent' or 'arp'"),
    },
  },
  domiflist: {
    summary: "List the interfaces of a domain",
    options: {
      domain,
      inactive: flag("what the next boot uses"),
    },
  },
  domifstat: {
    summary: "Show the figures of an interface",
    options: {
      domain,
      interface: interfaceOption,
    },
  },
  dominfo: {
    summary: "Show the basic facts about a domain",
    options: {
      domain,
    },
  },
  dommemstat: {
    summary: "Show the memory figures of a domain",
    options: {
      domain,
      period: number("int", "seconds between refreshes of the figures", { named: true }),
      config,
      live,
      current,
    },
  },
  domstate: {
    summary: "Show the state of a domain",
    options: {
      domain,
      reason: flag("and why"),
    },
  },
  domstats: {
    summary: "Show figures of some or all domains",
    options: {
      state: flag("the state"),
      "cpu-total": flag("CPU time of the host used"),
      balloon: flag("figures of the memory balloon"),
      vcpu: flag("figures of each CPU"),
      interface: flag("figures of the interfaces"),
      block: flag("figures of the disks"),
      perf: flag("counted performance events"),
      iothread: flag("figures of the I/O threads"),
      memory: flag("memory bandwidth"),
      dirtyrate: flag("how fast memory changes"),
      vm: flag("figures of the hypervisor itself"),
      "list-active": flag("only active domains"),
      "list-inactive": flag("only inactive domains"),
      "list-persistent": flag("only persistent domains"),
      "list-transient": flag("only transient domains"),
      "list-running": flag("only running domains"),
      "list-paused": flag("only paused domains"),
      "list-shutoff": flag("only domains that are shut off"),
      "list-other": flag("only domains in other states"),
      raw: flag("plain figures"),
      enforce: flag("fail if a group of figures is not known"),
      backing: flag("include the backing images"),
      nowait: flag("leave out what would have to be waited for"),
      domain: words("name, id or UUID of the domain"),
    },
  },
  domtime: {
    summary: "Show or set the clock of the guest",
    options: {
      domain,
      now: flag("set the time of this host"),
      pretty,
      sync: flag("take the time from its hardware clock"),
      time: number("long", "seconds since 1970 to set"),
    },
  },
  list: {
    summary: "List domains",
    detail: "Lists the active domains unless told otherwise.",
    options: {
      inactive,
      all: flag("both active and inactive domains"),
      transient: flag("only transient ones"),
      persistent: flag("only persistent domains"),
      "with-snapshot": flag("only domains with snapshots"),
      "without-snapshot": flag("only domains without snapshots"),
      "with-checkpoint": flag("only domains with checkpoints"),
      "without-checkpoint": flag("only domains without checkpoints"),
      "state-running": flag("only running domains"),
      "state-paused": flag("only paused domains"),
      "state-shutoff": flag("only domains that are shut off"),
      "state-other": flag("only domains in other states"),
      autostart: flag("only those that start with the host"),
      "no-autostart": flag("only those that do not start with the host"),
      "with-managed-save": flag("only domains with a saved state"),
      "without-managed-save": flag("only domains without a saved state"),
      uuid,
      name,
      id: flag("print ids only"),
      table: flag("print a table (what happens anyway)"),
      "managed-save": flag("mark domains that have a saved state"),
      title: flag("add a column with the title"),
    },
  },
} as const satisfies Commands;

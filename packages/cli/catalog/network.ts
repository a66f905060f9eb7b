/** Commands of the group "Networking". */
import { type Commands, data, flag, number, text } from "./option.ts";
import {
  all,
  config,
  current,
  eventOption,
  file,
  inactive,
  list,
  live,
  loop,
  name,
  network,
  timeout,
  timestamp,
  uuid,
  validate,
  wrap,
  xpath,
} from "./shared.ts";

export const networkCommands = {
  "net-autostart": {
    summary: "Start a network together with the host, or no longer",
    options: {
      network,
      disable: flag("do not start it with the host"),
    },
  },
  "net-create": {
    summary: "Create a transient network from a file",
    options: {
      file,
      validate,
    },
  },
  "net-define": {
    summary: "Define a network, without starting it",
    options: {
      file,
      validate,
    },
  },
  "net-destroy": {
    summary: "Stop a network",
    options: {
      network,
    },
  },
  "net-dhcp-leases": {
    summary: "List DHCP leases of a network",
    options: {
      network,
      mac: text("only leases of this MAC address"),
    },
  },
  "net-dumpxml": {
    summary: "Print the XML of a network",
    options: {
      network,
      inactive: flag("what the next start uses"),
      xpath,
      wrap,
    },
  },
  "net-edit": {
    summary: "Change a network in an editor",
    options: {
      network,
    },
  },
  "net-event": {
    summary: "Wait for events of networks",
    options: {
      network: text("only events of this network"),
      event: eventOption,
      loop,
      timeout,
      list,
      timestamp,
    },
  },
  "net-info": {
    summary: "Show the facts about a network",
    options: {
      network,
    },
  },
  "net-list": {
    summary: "List networks",
    options: {
      inactive,
      all,
      persistent: flag("only persistent ones"),
      transient: flag("only transient ones"),
      autostart: flag("only those that start with the host"),
      "no-autostart": flag("only those that do not start with the host"),
      uuid,
      name,
      table: flag("print a table (what happens anyway)"),
    },
  },
  "net-name": {
    summary: "Print the name of a network",
    options: {
      network,
    },
  },
  "net-start": {
    summary: "Start a network",
    options: {
      network,
    },
  },
  "net-undefine": {
    summary: "Remove the definition of a network",
    options: {
      network,
    },
  },
  "net-update": {
    summary: "Change a part of a network",
    options: {
      network,
      command: data("add-first, add-last, add, delete or modify"),
      section: data("part of the network, as ip-dhcp-host"),
      xml: data("the element, or a file that holds it"),
      "parent-index": number("int", "which of several parents"),
      config,
      live,
      current,
    },
  },
  "net-uuid": {
    summary: "Print the UUID of a network",
    options: {
      network,
    },
  },
  "net-port-list": {
    summary: "List ports of a network",
    options: {
      network,
      uuid,
      table: flag("print a table (what happens anyway)"),
    },
  },
  "net-port-create": {
    summary: "Create a port of a network from a file",
    options: {
      network,
      file,
      validate,
    },
  },
  "net-port-dumpxml": {
    summary: "Print the XML of a port of a network",
    options: {
      network,
      port: data("UUID of the port"),
      xpath,
      wrap,
    },
  },
  "net-port-delete": {
    summary: "Delete a port of a network",
    options: {
      network,
      port: data("UUID of the port"),
    },
  },
} as const satisfies Commands;

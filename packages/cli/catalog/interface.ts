/** Commands of the group "Interface". */
import { type Commands, data, flag, number } from "./option.ts";
import { all, file, inactive, interfaceOption, validate, wrap, xpath } from "./shared.ts";

export const interfaceCommands = {
  "iface-begin": {
    summary: "Begin a change of host interfaces that can be taken back",
    options: {},
  },
  "iface-bridge": {
    summary: "Put a host interface under a new bridge",
    options: {
      interface: interfaceOption,
      bridge: data("name of the bridge"),
      "no-stp": flag("switch STP off"),
      delay: number("int", "forwarding delay in seconds"),
      "no-start": flag("do not bring it up"),
    },
  },
  "iface-commit": {
    summary: "Keep the changes since iface-begin",
    options: {},
  },
  "iface-define": {
    summary: "Define a host interface from a file",
    options: {
      file,
      validate,
    },
  },
  "iface-destroy": {
    summary: "Bring a host interface down",
    options: {
      interface: interfaceOption,
    },
  },
  "iface-dumpxml": {
    summary: "Print the XML of a host interface",
    options: {
      interface: interfaceOption,
      inactive: flag("what the next start uses"),
      xpath,
      wrap,
    },
  },
  "iface-edit": {
    summary: "Change a host interface in an editor",
    options: {
      interface: interfaceOption,
    },
  },
  "iface-list": {
    summary: "List host interfaces",
    options: {
      inactive,
      all,
    },
  },
  "iface-mac": {
    summary: "Print the MAC address of a host interface",
    options: {
      interface: interfaceOption,
    },
  },
  "iface-name": {
    summary: "Print the name of a host interface",
    options: {
      interface: interfaceOption,
    },
  },
  "iface-rollback": {
    summary: "Take back the changes since iface-begin",
    options: {},
  },
  "iface-start": {
    summary: "Bring a host interface up",
    options: {
      interface: interfaceOption,
    },
  },
  "iface-unbridge": {
    summary: "Remove a bridge and free its host interface",
    options: {
      bridge: data("name of the bridge"),
      "no-start": flag("do not bring it up"),
    },
  },
  "iface-undefine": {
    summary: "Remove the definition of a host interface",
    options: {
      interface: interfaceOption,
    },
  },
} as const satisfies Commands;

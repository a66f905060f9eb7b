/** Commands of the group "Node Device". */
import { type Commands, alias, flag, text } from "./option.ts";
import {
  all,
  device,
  eventOption,
  file,
  inactive,
  list,
  loop,
  timeout,
  timestamp,
  validate,
  wrap,
  xpath,
} from "./shared.ts";

export const nodeDeviceCommands = {
  "nodedev-create": {
    summary: "Create a device of the host from a file",
    options: {
      file,
      validate,
    },
  },
  "nodedev-destroy": {
    summary: "Stop a device of the host",
    options: {
      name: alias("device"),
      device,
    },
  },
  "nodedev-detach": {
    summary: "Take a device away from its host driver",
    options: {
      device,
      driver: text("driver to hand the device to, as 'vfio'"),
    },
  },
  "nodedev-dettach": {
    summary: "Take a device away from its host driver",
    hidden: true,
    aliasOf: "nodedev-detach",
    options: {
      device,
      driver: text("driver to hand the device to, as 'vfio'"),
    },
  },
  "nodedev-dumpxml": {
    summary: "Print the XML of a device of the host",
    options: {
      device,
      xpath,
      wrap,
    },
  },
  "nodedev-list": {
    summary: "List devices of the host",
    options: {
      tree: flag("draw the tree"),
      cap: text("only with these capabilities, separated by commas"),
      inactive,
      all,
    },
  },
  "nodedev-reattach": {
    summary: "Give a device back to its host driver",
    options: {
      device,
    },
  },
  "nodedev-reset": {
    summary: "Reset a device of the host",
    options: {
      device,
    },
  },
  "nodedev-event": {
    summary: "Wait for events of devices of the host",
    options: {
      device: text("only events of this device"),
      event: eventOption,
      loop,
      timeout,
      list,
      timestamp,
    },
  },
  "nodedev-define": {
    summary: "Define a device of the host from a file",
    options: {
      file,
      validate,
    },
  },
  "nodedev-undefine": {
    summary: "Remove the definition of a device of the host",
    options: {
      device,
    },
  },
  "nodedev-start": {
    summary: "Start a device of the host",
    options: {
      device,
    },
  },
  "nodedev-autostart": {
    summary: "Start a device together with its parent, or no longer",
    options: {
      device,
      disable: flag("do not start it with its parent"),
    },
  },
  "nodedev-info": {
    summary: "Show the facts about a device of the host",
    options: {
      device,
    },
  },
} as const satisfies Commands;

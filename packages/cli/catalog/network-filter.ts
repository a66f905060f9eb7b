/** Commands of the group "Network Filter". */
import { type Commands, data } from "./option.ts";
import { file, validate, wrap, xpath } from "./shared.ts";

export const networkFilterCommands = {
  "nwfilter-define": {
    summary: "Define or change a network filter from a file",
    options: {
      file,
      validate,
    },
  },
  "nwfilter-dumpxml": {
    summary: "Print the XML of a network filter",
    options: {
      nwfilter: data("name or UUID of the filter"),
      xpath,
      wrap,
    },
  },
  "nwfilter-edit": {
    summary: "Change a network filter in an editor",
    options: {
      nwfilter: data("name or UUID of the filter"),
    },
  },
  "nwfilter-list": {
    summary: "List network filters",
    options: {},
  },
  "nwfilter-undefine": {
    summary: "Remove a network filter",
    options: {
      nwfilter: data("name or UUID of the filter"),
    },
  },
  "nwfilter-binding-create": {
    summary: "Bind a network filter to a port, from a file",
    options: {
      file,
      validate,
    },
  },
  "nwfilter-binding-delete": {
    summary: "Remove a binding of a network filter",
    options: {
      binding: data("port device of the binding"),
    },
  },
  "nwfilter-binding-dumpxml": {
    summary: "Print the XML of a binding of a network filter",
    options: {
      binding: data("port device of the binding"),
      xpath,
      wrap,
    },
  },
  "nwfilter-binding-list": {
    summary: "List bindings of network filters",
    options: {},
  },
} as const satisfies Commands;

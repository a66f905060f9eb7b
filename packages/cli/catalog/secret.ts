/** Commands of the group "Secret". */
import { type Commands, flag, text } from "./option.ts";
import {
  eventOption,
  file,
  list,
  loop,
  secret,
  timeout,
  timestamp,
  validate,
  wrap,
  xpath,
} from "./shared.ts";

export const secretCommands = {
  "secret-define": {
    summary: "Define or change a secret from a file",
    options: {
      file,
      validate,
    },
  },
  "secret-dumpxml": {
    summary: "Print the XML of a secret",
    options: {
      secret,
      xpath,
      wrap,
    },
  },
  "secret-event": {
    summary: "Wait for events of secrets",
    options: {
      secret: text("only events of this secret"),
      event: eventOption,
      loop,
      timeout,
      list,
      timestamp,
    },
  },
  "secret-get-value": {
    summary: "Print the value of a secret",
    options: {
      secret,
      plain: flag("the value itself, not base64"),
    },
  },
  "secret-list": {
    summary: "List secrets",
    options: {
      ephemeral: flag("only those kept in memory"),
      "no-ephemeral": flag("only those kept on disk"),
      private: flag("only those nobody may read"),
      "no-private": flag("only those that may be read"),
    },
  },
  "secret-set-value": {
    summary: "Set the value of a secret",
    options: {
      secret,
      file: text("file with the value", { named: true }),
      plain: flag("the value itself, not base64"),
      interactive: flag("ask for the value"),
      base64: text("the value, in base64"),
    },
  },
  "secret-undefine": {
    summary: "Remove a secret",
    options: {
      secret,
    },
  },
} as const satisfies Commands;

/** Commands of the group "Vireo itself". */
import { type Commands, alias, data, flag, text, words } from "./option.ts";

export const itselfCommands = {
  cd: {
    summary: "Change the working directory",
    options: {
      dir: text("directory (home when absent)"),
    },
  },
  echo: {
    summary: "Print its words, quoted if asked",
    options: {
      shell: flag("quote for a shell"),
      xml: flag("quote for XML"),
      split: flag("split at commas"),
      err: flag("to standard error"),
      str: alias("string"),
      hi: alias("string", "hello"),
      string: words("the words", { free: true }),
    },
  },
  exit: {
    summary: "Leave the interactive terminal",
    options: {},
  },
  help: {
    summary: "Show help",
    detail:
      "Without a word lists all commands; with one explains that command or lists that group.",
    options: {
      command: text("command or group"),
    },
  },
  pwd: {
    summary: "Print the working directory",
    options: {},
  },
  quit: {
    summary: "Leave the interactive terminal",
    options: {},
  },
  complete: {
    summary: "Print how a command line can go on",
    hidden: true,
    options: {
      string: words("what was typed so far", { emptyOk: true, free: true }),
    },
  },
  completion: {
    summary: "Print a script that teaches a shell to complete vireo",
    detail: "Load it with: source <(vireo completion bash).",
    options: {
      shell: data("'bash' or 'zsh'"),
    },
  },
  connect: {
    summary: "Connect to another hypervisor",
    options: {
      name: text("address of the hypervisor", { emptyOk: true }),
      readonly: flag("read only"),
    },
  },
} as const satisfies Commands;

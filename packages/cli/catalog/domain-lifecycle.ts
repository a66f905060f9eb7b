/** Commands of the group "Domain Management": lifecycle. */
import { type Commands, alias, data, flag, number, text, words } from "./option.ts";
import {
  bypassCache,
  config,
  current,
  domain,
  file,
  live,
  paused,
  resetNvram,
  validate,
} from "./shared.ts";

export const domainLifecycleCommands = {
  start: {
    summary: "Start a domain",
    detail:
      "Starts a domain that is defined: from its saved state if there is one, from power-on otherwise.",
    options: {
      domain,
      console: flag("open its console at once"),
      paused,
      autodestroy: flag("destroy it when this connection ends"),
      "bypass-cache": bypassCache,
      "force-boot": flag("forget a saved state and boot"),
      "pass-fds": text("file descriptors to hand over: N,M,..."),
      "reset-nvram": resetNvram,
    },
  },
  shutdown: {
    summary: "Ask the guest to shut down",
    detail: "Asks; the guest decides. See destroy for the other way.",
    options: {
      domain,
      mode: text("how to ask: acpi, agent, initctl, signal, paravirt"),
    },
  },
  reboot: {
    summary: "Ask the guest to reboot",
    options: {
      domain,
      mode: text("how to ask: acpi, agent, initctl, signal, paravirt"),
    },
  },
  reset: {
    summary: "Press the reset button of a domain",
    options: {
      domain,
    },
  },
  destroy: {
    summary: "Stop a domain at once",
    detail: "Takes the power away from a domain. Its definition, if there is one, stays.",
    options: {
      domain,
      graceful: flag("give up rather than kill the emulator"),
      "remove-logs": flag("remove its log files too"),
    },
  },
  suspend: {
    summary: "Pause a domain",
    options: {
      domain,
    },
  },
  resume: {
    summary: "Let a paused domain go on",
    options: {
      domain,
    },
  },
  create: {
    summary: "Create a transient domain from a file",
    detail: "Creates a domain and starts it; nothing is kept once it stops.",
    options: {
      file,
      console: flag("open its console at once"),
      paused,
      autodestroy: flag("destroy it when this connection ends"),
      "pass-fds": text("file descriptors to hand over: N,M,..."),
      validate,
      "reset-nvram": resetNvram,
    },
  },
  define: {
    summary: "Define a domain, without starting it",
    detail: "Defines a domain, or changes the definition of one that exists.",
    options: {
      file,
      validate,
    },
  },
  undefine: {
    summary: "Remove the definition of a domain",
    detail: "A running domain goes on as a transient one.",
    options: {
      domain,
      "managed-save": flag("remove the saved state too"),
      storage: text("also remove these volumes (targets or paths, separated by commas)"),
      "remove-all-storage": flag("also remove every volume it uses"),
      "delete-snapshots": alias("delete-storage-volume-snapshots"),
      "delete-storage-volume-snapshots": flag("also remove snapshots of those volumes"),
      "wipe-storage": flag("overwrite those volumes first"),
      "snapshots-metadata": flag("forget its snapshots"),
      "checkpoints-metadata": flag("forget its checkpoints"),
      nvram: flag("remove its NVRAM file"),
      "keep-nvram": flag("keep its NVRAM file"),
      tpm: flag("remove its TPM state"),
      "keep-tpm": flag("keep its TPM state"),
    },
  },
  autostart: {
    summary: "Start a domain together with the host, or no longer",
    options: {
      domain,
      disable: flag("do not start it with the host"),
    },
  },
  domrename: {
    summary: "Rename a domain that is shut off",
    options: {
      domain,
      "new-name": data("the new name"),
    },
  },
  console: {
    summary: "Connect this terminal to a domain's console",
    detail:
      "Connects the terminal to the serial console of a running domain. The escape character, ^] unless chosen otherwise, ends the connection.",
    options: {
      domain,
      devname: text("alias of the character device"),
      force: flag("take the console over from whoever has it"),
      safe: flag("only if the daemon keeps consoles apart"),
    },
  },
  ttyconsole: {
    summary: "Print the device of a domain's console",
    options: {
      domain,
    },
  },
  dompmsuspend: {
    summary: "Ask the guest to go to sleep",
    options: {
      domain,
      target: data("'mem' (to RAM), 'disk' or 'hybrid'"),
      duration: number("long", "seconds", { named: true }),
    },
  },
  dompmwakeup: {
    summary: "Wake a guest that sleeps",
    options: {
      domain,
    },
  },
  "inject-nmi": {
    summary: "Send a non-maskable interrupt to the guest",
    options: {
      domain,
    },
  },
  "send-key": {
    summary: "Press keys in the guest",
    options: {
      domain,
      codeset: text("which key codes these are (linux when absent)", { named: true }),
      holdtime: number("uint", "milliseconds to hold the keys", { named: true }),
      keycode: words("numbers or names of keys", { required: true }),
    },
  },
  "send-process-signal": {
    summary: "Send a signal to a process in the guest",
    options: {
      domain,
      pid: data("process id"),
      signame: data("name or number of the signal"),
    },
  },
  screenshot: {
    summary: "Take a picture of a domain's screen",
    options: {
      domain,
      file: text("file to write"),
      screen: number("uint", "number of the screen"),
    },
  },
  "set-lifecycle-action": {
    summary: "Choose what happens on poweroff, reboot or crash",
    options: {
      domain,
      type: data("which event: poweroff, reboot or crash"),
      action: data("what to do then"),
      config,
      live,
      current,
    },
  },
  "qemu-attach": {
    summary: "Adopt an emulator that is running already",
    options: {
      pid: data("process id of the emulator"),
    },
  },
  "lxc-enter-namespace": {
    summary: "Run a command inside a container",
    options: {
      domain,
      noseclabel: flag("do not enter the security label"),
      cmd: words("the command", { required: true, free: true }),
    },
  },
  vncdisplay: {
    summary: "Print the VNC display of a domain",
    options: {
      domain,
    },
  },
  domdisplay: {
    summary: "Print the address of a domain's display",
    options: {
      domain,
      "include-password": flag("put the password into the address"),
      type: text("only this kind, as 'vnc' or 'spice'"),
      all: flag("every graphics device"),
    },
  },
  "dom-fd-associate": {
    summary: "Give file descriptors to a domain",
    options: {
      domain,
      name: data("name of the group of descriptors"),
      "pass-fds": data("file descriptors to hand over: N,M,..."),
      "seclabel-writable": flag("label the files as writable"),
      "seclabel-restore": flag("put the old label back afterwards"),
    },
  },
} as const satisfies Commands;

/** Commands of the group "Domain Management": config. */
import { type Commands, data, flag, number, text, words } from "./option.ts";
import {
  bypassCache,
  domain,
  paused,
  resetNvram,
  running,
  securityInfo,
  verbose,
  wrap,
  xml,
  xpath,
} from "./shared.ts";

export const domainConfigCommands = {
  dumpxml: {
    summary: "Print the XML of a domain",
    detail:
      "Prints the XML of a domain: of the running one if it runs, of the definition otherwise.",
    options: {
      domain,
      inactive: flag("what the next boot uses"),
      "security-info": securityInfo,
      "update-cpu": flag("with the CPU as the host gives it"),
      migratable: flag("in a form an older daemon can read"),
      xpath,
      wrap,
    },
  },
  edit: {
    summary: "Change the definition of a domain in an editor",
    detail:
      "Opens $VISUAL or $EDITOR on the XML. If the daemon refuses the result it can be edited again.",
    options: {
      domain,
      "skip-validate": flag("do not check against the schema first"),
    },
  },
  desc: {
    summary: "Show or set the description or title of a domain",
    detail: "Without new text, shows what is there.",
    options: {
      domain,
      live: flag("of the running domain"),
      config: flag("of the definition"),
      current: flag("of the domain as it is now"),
      title: flag("the title instead of the description"),
      edit: flag("change it in an editor"),
      "new-desc": words("the new text", { free: true }),
    },
  },
  metadata: {
    summary: "Show or set metadata of others in a domain's XML",
    options: {
      domain,
      uri: data("namespace of the metadata"),
      live: flag("of the running domain"),
      config: flag("of the definition"),
      current: flag("of the domain as it is now"),
      edit: flag("change it in an editor"),
      key: text("prefix for the namespace"),
      set: text("the new XML"),
      remove: flag("remove it"),
    },
  },
  domid: {
    summary: "Print the id of a domain",
    options: {
      domain,
    },
  },
  domname: {
    summary: "Print the name of a domain",
    options: {
      domain,
    },
  },
  domuuid: {
    summary: "Print the UUID of a domain",
    options: {
      domain,
    },
  },
  "domxml-from-native": {
    summary: "Turn a hypervisor's own configuration into XML",
    options: {
      format: data("what the text is, as qemu-argv"),
      config: data("file with the text"),
    },
  },
  "domxml-to-native": {
    summary: "Turn XML into a hypervisor's own configuration",
    options: {
      format: data("what to make, as qemu-argv"),
      domain: text("name, id or UUID of the domain", { named: true }),
      xml: text("file with the domain XML"),
    },
  },
  domlaunchsecinfo: {
    summary: "Show what protects the memory of a domain",
    options: {
      domain,
    },
  },
  domsetlaunchsecstate: {
    summary: "Put a secret into a protected domain",
    options: {
      domain,
      secrethdr: text("file with the header of the secret", { named: true }),
      secret: text("file with the secret", { named: true }),
      "set-address": number("long", "address in the guest to put it at"),
    },
  },
  managedsave: {
    summary: "Save a domain so that its next start goes on from there",
    options: {
      domain,
      "bypass-cache": bypassCache,
      running,
      paused: flag("leave it paused when it comes back"),
      verbose,
    },
  },
  "managedsave-remove": {
    summary: "Forget the saved state of a domain",
    options: {
      domain,
    },
  },
  "managedsave-edit": {
    summary: "Change the XML of a saved state in an editor",
    options: {
      domain,
      running,
      paused,
    },
  },
  "managedsave-dumpxml": {
    summary: "Print the XML of a saved state",
    options: {
      domain,
      "security-info": securityInfo,
      xpath,
      wrap,
    },
  },
  "managedsave-define": {
    summary: "Replace the XML of a saved state",
    options: {
      domain,
      xml: data("file with the new XML"),
      running,
      paused,
    },
  },
  save: {
    summary: "Save the state of a domain to a file and stop it",
    options: {
      domain,
      file: data("file to write"),
      "bypass-cache": bypassCache,
      xml,
      running,
      paused,
      verbose,
    },
  },
  "save-image-define": {
    summary: "Replace the XML in a saved state",
    options: {
      file: data("file with the saved state"),
      xml: data("file with the new XML"),
      running,
      paused,
    },
  },
  "save-image-dumpxml": {
    summary: "Print the XML in a saved state",
    options: {
      file: data("file with the saved state"),
      "security-info": securityInfo,
      xpath,
      wrap,
    },
  },
  "save-image-edit": {
    summary: "Change the XML in a saved state in an editor",
    options: {
      file: data("file with the saved state"),
      running,
      paused,
    },
  },
  restore: {
    summary: "Start a domain from a saved state",
    options: {
      file: data("file with the saved state"),
      "bypass-cache": bypassCache,
      xml,
      running,
      paused,
      "reset-nvram": resetNvram,
    },
  },
  dump: {
    summary: "Write the memory of a domain to a file for analysis",
    options: {
      domain,
      file: data("file to write"),
      live: flag("keep the guest running meanwhile"),
      crash: flag("stop the domain after the dump"),
      "bypass-cache": bypassCache,
      reset: flag("reset the domain after the dump"),
      verbose,
      "memory-only": flag("memory and registers only"),
      format: text("format of a memory-only dump"),
    },
  },
} as const satisfies Commands;

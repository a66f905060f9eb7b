/** Commands that explain a domain and plan its changes. */
import { type Commands, data, flag, number, text } from "./option.ts";
import { domain, file } from "./shared.ts";

export const insightCommands = {
  explain: {
    summary: "Tell where each line of a domain's XML comes from and what QEMU makes of it",
    detail:
      "For each line: who said it (the definition, a default, a rule) and the QEMU arguments that realise it. " +
      "A word with a slash or the ending .xml is a file, any other is a domain.",
    options: {
      domain: data("name, id or UUID of the domain, or a file with its XML"),
      path: text("only what is at or below this XPath", { named: true }),
      arg: text("only QEMU arguments with this text, and what they realise", { named: true }),
      inactive: flag("the persistent definition, also while the domain runs"),
    },
  },
  "net-why": {
    summary: "Tell the way of a guest's packets over the host and what stops them",
    detail: "Also as two words: net why.",
    options: {
      domain,
      interface: text("MAC address or device on the host; all when not given"),
    },
  },
  "device-why": {
    summary: "Tell what speaks against giving a domain its devices of the host",
    detail: "Also as two words: device why. What the running domain has is marked.",
    options: { domain },
  },
  history: {
    summary: "Tell when a domain's definition was changed, or what it was",
    detail:
      "Without --at: when each kept revision was saved, newest first. With it: that revision as XML, for apply.",
    options: {
      domain,
      at: number("long", "the revision that was saved then, as the list tells it", { named: true }),
      "security-info": flag("with passwords"),
    },
  },
  plan: {
    summary: "Tell what a new definition would change, and when",
    options: { domain, file },
  },
  apply: {
    summary: "Change a domain's definition, and the running domain as far as possible",
    options: {
      domain,
      file,
      revision: text(
        "refuse when the definition is no longer of this revision, as 'plan' told it",
        {
          named: true,
        },
      ),
    },
  },
} as const satisfies Commands;

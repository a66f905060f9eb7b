/** Commands of the group "Domain Events". */
import { type Commands, flag, text } from "./option.ts";
import { eventOption, list, loop, timeout, timestamp } from "./shared.ts";

export const eventCommands = {
  event: {
    summary: "Wait for events of domains",
    detail: "Waits for an event and prints it, or lists the types of events.",
    options: {
      domain: text("only events of this domain"),
      event: eventOption,
      all: flag("every type of event"),
      loop,
      timeout,
      list,
      timestamp,
    },
  },
} as const satisfies Commands;

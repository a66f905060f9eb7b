/** Commands that change host interfaces and take themselves back. */
import { type Commands, data, flag, number } from "./option.ts";

const seconds = number("int", "seconds until it is taken back, 60 when absent", { named: true });
const detail =
  "All changes of host interfaces since then are taken back when the time is over, unless iface-commit keeps them. " +
  "The time runs on when the daemon ends; a boot of the host takes them back too.";

export const interfaceTryCommands = {
  "iface-try": {
    summary: "Begin a change of host interfaces that takes itself back",
    detail,
    options: { seconds },
  },
  "iface-try-bridge": {
    summary: "Put a host interface under a new bridge, and back unless it is confirmed",
    detail,
    options: {
      interface: data("name of the interface"),
      bridge: data("name of the bridge"),
      "no-stp": flag("switch STP off"),
      delay: number("int", "forwarding delay in seconds"),
      seconds,
    },
  },
} as const satisfies Commands;

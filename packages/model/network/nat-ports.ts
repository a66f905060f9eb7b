/** The ports that guests behind NAT appear with when their network does not say. */
import type { Network } from "./network.ts";

/** Those that no service of the host has by right (RFC 6335: 0 to 1023 are system ports). */
export const NAT_PORTS = { start: 1024, end: 65_535 } as const;

/** A network as its live XML shows it: with the ports that were chosen. */
export function withNatPorts(network: Network): Network {
  const { forward } = network;
  if (forward === undefined || (forward.mode ?? "nat") !== "nat") return network;
  return { ...network, forward: { ...forward, nat: { port: NAT_PORTS, ...forward.nat } } };
}

/** What happens to virtual networks, as told to clients. */
import type { NetworkIdentity } from "./operation/network.ts";

/** Changes in a network's life, in the order of libvirt's numbers. */
export const NETWORK_LIFECYCLE = ["defined", "undefined", "started", "stopped"] as const;

export interface NetworkEvent {
  readonly network: NetworkIdentity;
  readonly event: (typeof NETWORK_LIFECYCLE)[number];
}

/** Networks whose guests have the virtual functions of a card: `<forward><pf dev='…'/></forward>`. */
import { virError } from "../error.ts";
import { forwardMode } from "./parse-network.ts";
import type { Network } from "./network.ts";

export interface VirtualFunction {
  readonly address: {
    readonly domain: number;
    readonly bus: number;
    readonly slot: number;
    readonly function: number;
  };
  /** Its interface, while a driver of the host has it. */
  readonly dev?: string;
}

/** The card whose functions are the pool; undefined when the pool is listed, or there is none. */
export const cardOf = ({ forward }: Network): string | undefined => forward?.pf?.dev;

/**
 * The network with its pool, as it is while it is active.
 * @throws VireoError `internalError` when no function can be used
 */
export function withFunctions(network: Network, functions: readonly VirtualFunction[]): Network {
  const { forward } = network;
  const card = cardOf(network);
  if (forward === undefined || card === undefined) return network;
  const isAssigned = forwardMode(network) === "hostdev";
  const addresses = isAssigned ? functions.map(({ address }) => address) : [];
  const interfaces = isAssigned ? [] : functions.flatMap(({ dev }) => dev ?? []);
  if (addresses.length + interfaces.length === 0)
    throw virError("internalError", `No usable Vf's present on SRIOV PF ${card}`);
  return {
    ...network,
    forward: {
      ...forward,
      ...(addresses.length > 0 && {
        addresses: addresses.map((one) => ({ type: "pci" as const, ...one })),
      }),
      ...(interfaces.length > 0 && { interfaces: interfaces.map((dev) => ({ dev })) }),
    },
  };
}

/** The network as it was written: its pool is what the card has. */
export function withoutFunctions(network: Network): Network {
  if (network.forward === undefined || cardOf(network) === undefined) return network;
  const { addresses: _addresses, interfaces: _interfaces, ...forward } = network.forward;
  return { ...network, forward };
}

/** What is to be in force on an interface, and who can put it there. */
import type { ExpandedChain } from "@vireo/model/nwfilter/expand-filter";
import type { DroppedPackets } from "../contract.ts";

export interface Learning {
  /** `any`: the first address that the guest uses; `dhcp`: those that a DHCP server gives it. */
  readonly mode: "any" | "dhcp";
  readonly mac: string;
  /** Only these DHCP servers are believed; any when empty. */
  readonly servers: readonly string[];
  /** Addresses that are known by now. */
  readonly known: readonly string[];
  /** The guest is another one: what the kernel heard on the interface before counts no more. */
  readonly isNew: boolean;
}

/** What the kernel heard on an interface. */
export interface Heard {
  readonly addresses: readonly string[];
  /** Seconds of the leases given since it was last asked, by address. */
  readonly leases: ReadonlyMap<string, number>;
  /** Addresses given back since then. */
  readonly released: readonly string[];
}

export interface InterfaceFilter {
  readonly dev: string;
  /** Where an address is learned, `$IP` stands for it. */
  readonly chains: readonly ExpandedChain[];
  readonly learning?: Learning;
}

/** A firewall of the host. */
export interface FilterBackend {
  /**
   * Puts the rules of interfaces in force, all of them or none, instead of what they had.
   * @throws VireoError `configUnsupported` for what it has no words for, `internalError`
   */
  readonly replace: (filters: readonly InterfaceFilter[]) => Promise<void>;
  /** Takes everything of an interface away. @throws VireoError `internalError` */
  readonly remove: (dev: string) => Promise<void>;
  /** Those of the interfaces whose rules somebody took away. */
  readonly missing: (devs: readonly string[]) => Promise<readonly string[]>;
  /** By interface, of those whose addresses are learned. Leases are told once. @throws VireoError `internalError` */
  readonly heard: () => Promise<ReadonlyMap<string, Heard>>;
  /** Puts the known addresses of an interface in force, and takes those that are `gone` away. */
  readonly readdress: (filter: InterfaceFilter, gone: readonly string[]) => Promise<void>;
  /** How often it has to be asked what was heard, in milliseconds. */
  readonly hearMs: number;
  readonly dropped: (dev: string) => Promise<readonly DroppedPackets[]>;
  readonly close: () => Promise<void>;
}

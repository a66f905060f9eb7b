/** Names of PCI devices of the host. */
interface HostPciAddress {
  readonly domain?: number | undefined;
  readonly bus?: number | undefined;
  readonly slot?: number | undefined;
  readonly function?: number | undefined;
}

const hex = (value: number | undefined, digits: number): string =>
  (value ?? 0).toString(16).padStart(digits, "0");

/** `0000:06:12.5` */
export const hostPciName = (address: HostPciAddress): string =>
  `${hex(address.domain, 4)}:${hex(address.bus, 2)}:${hex(address.slot, 2)}.${hex(address.function, 1)}`;

/** Pieces of networks' XML, for scenes. */
export const NETWORK_UUID = "11111111-2222-3333-4444-555555555511";

export const network = (name: string, inner: string): string =>
  `<network><name>${name}</name>${inner}</network>`;
/** The address of network `nr`. */
export const ip = (nr: number, inner = ""): string =>
  `<ip address='10.20.${nr}.1' netmask='255.255.255.0'>${inner}</ip>`;
export const range = (nr: number): string =>
  `<dhcp><range start='10.20.${nr}.10' end='10.20.${nr}.99'/></dhcp>`;

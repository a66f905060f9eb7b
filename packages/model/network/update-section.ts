/** The words of `network.update`; apart from the parser, for clients need only them. */

export const UPDATE_COMMANDS = ["modify", "delete", "add-last", "add-first"] as const;
export type UpdateCommand = (typeof UPDATE_COMMANDS)[number];
/** Sections that can be updated, with libvirt's numbers. */
export const UPDATE_SECTIONS = {
  "ip-dhcp-host": 4,
  "ip-dhcp-range": 5,
  "forward-interface": 7,
  portgroup: 9,
  "dns-host": 10,
  "dns-txt": 11,
  "dns-srv": 12,
} as const;
/** Sections that libvirt has a number for and updates neither. */
export const FIXED_SECTIONS: Readonly<Record<number, string>> = {
  1: "bridge",
  2: "domain",
  3: "ip",
  6: "forward",
  8: "forward-pf",
};
export type UpdateSection = keyof typeof UPDATE_SECTIONS;

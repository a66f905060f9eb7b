/** Numbers of what filters name in words; a number may be written as one, in hex too. */
const ETHER_TYPES: Readonly<Record<string, string>> = {
  arp: "0x0806",
  rarp: "0x8035",
  ipv4: "0x0800",
  ipv6: "0x86dd",
  vlan: "0x8100",
};
const IP_PROTOCOLS: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  udplite: 136,
  esp: 50,
  ah: 51,
  icmp: 1,
  igmp: 2,
  sctp: 132,
  icmpv6: 58,
};
const ARP_OPCODES: readonly string[] = [
  "",
  "Request",
  "Reply",
  "Request_Reverse",
  "Reply_Reverse",
  "DRARP_Request",
  "DRARP_Reply",
  "DRARP_Error",
  "InARP_Request",
  "ARP_NAK",
];

export const number = (text: string): string => String(Number(text));
export const etherType = (text: string): string =>
  ETHER_TYPES[text] ?? `0x${Number(text).toString(16).padStart(4, "0")}`;
export const ipProtocol = (text: string): string => String(IP_PROTOCOLS[text] ?? Number(text));
export const arpOpcode = (text: string): string =>
  String(ARP_OPCODES.includes(text) ? ARP_OPCODES.indexOf(text) : Number(text));

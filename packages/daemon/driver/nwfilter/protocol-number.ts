/** Numbers of what filters name in words; a number may be written as one, in hex too. */
import { ARP_OPCODES, ETHER_TYPES, IP_PROTOCOLS } from "@vireo/model/nwfilter/filter-protocol";

const numberOf = (words: Readonly<Record<string, number>>, text: string): number =>
  words[text] ?? Number(text);

export const number = (text: string): string => String(Number(text));
export const etherType = (text: string): string =>
  `0x${numberOf(ETHER_TYPES, text).toString(16).padStart(4, "0")}`;
export const ipProtocol = (text: string): string => String(numberOf(IP_PROTOCOLS, text));
export const arpOpcode = (text: string): string => String(numberOf(ARP_OPCODES, text));

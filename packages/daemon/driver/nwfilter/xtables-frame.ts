/** Rules about frames in the words of ebtables: chains of its table `nat`. */
import type { ExpandedRule } from "@vireo/model/nwfilter/expand-filter";
import type { FilterMatch } from "@vireo/model/nwfilter/filter-protocol";
import type { FrameWords } from "./frame-chains.ts";
import { line } from "./line.ts";
import { arpOpcode, etherType, ipProtocol, number } from "./protocol-number.ts";

type Attributes = Readonly<Record<string, string>>;
type Option = readonly [name: string, value: string | undefined];

const LETTERS = { out: "I", in: "O" } as const;
const STP_GROUP = "01:80:c2:00:00:00";

const hex = (text: string): string => `0x${Number(text).toString(16)}`;
/** As ebtables is asked for a type: without leading zeros. */
const typeWord = (text: string): string => hex(etherType(text));

/** Frames that a chain of the filter is for. */
const CHAIN_FRAMES: Readonly<Record<string, string>> = {
  mac: "",
  stp: `-d ${STP_GROUP}`,
  vlan: "-p 0x8100",
  ipv4: "-p 0x800",
  ipv6: "-p 0x86dd",
  arp: "-p 0x806",
  rarp: "-p 0x8035",
};

const VERDICTS: Readonly<Record<ExpandedRule["action"], string>> = {
  accept: "ACCEPT",
  drop: "DROP",
  reject: "DROP",
  return: "RETURN",
  continue: "CONTINUE",
};

/** The value, in other words, when there is one. */
const as = <T>(value: string | undefined, text: (raw: string) => T): T | undefined =>
  value === undefined ? undefined : text(value);
const masked = (address: string | undefined, mask: string | undefined): string | undefined =>
  mask === undefined ? address : as(address, (one) => `${one}/${mask}`);
const range = (first: string | undefined, last: string | undefined): string | undefined =>
  as(first, (from) => (last === undefined ? number(from) : `${number(from)}:${number(last)}`));

interface Frame {
  readonly attributes: Attributes;
  readonly reversed: boolean;
}

function macOptions({ attributes, reversed }: Frame): readonly Option[] {
  const { srcmacaddr, srcmacmask, dstmacaddr, dstmacmask } = attributes;
  const [src, dst] = reversed ? ["-d", "-s"] : ["-s", "-d"];
  return [
    [src, masked(srcmacaddr, srcmacmask)],
    [dst, masked(dstmacaddr, dstmacmask)],
  ];
}

function arpOptions({ attributes, reversed }: Frame): readonly Option[] {
  const { hwtype, opcode, protocoltype, arpsrcmacaddr, arpdstmacaddr } = attributes;
  const { arpsrcipaddr, arpsrcipmask, arpdstipaddr, arpdstipmask } = attributes;
  const [src, dst] = reversed ? ["dst", "src"] : ["src", "dst"];
  return [
    ["--arp-htype", as(hwtype, number)],
    ["--arp-opcode", as(opcode, arpOpcode)],
    ["--arp-ptype", as(protocoltype, hex)],
    [`--arp-ip-${src}`, masked(arpsrcipaddr, arpsrcipmask)],
    [`--arp-ip-${dst}`, masked(arpdstipaddr, arpdstipmask)],
    [`--arp-mac-${src}`, arpsrcmacaddr],
    [`--arp-mac-${dst}`, arpdstmacaddr],
    ["--arp-gratuitous", attributes["gratuitous"] === "true" ? "" : undefined],
  ];
}

/** Type and code of ICMPv6, each from and to. */
function icmpRange({ type, typeend, code, codeend }: Attributes): string | undefined {
  if (type === undefined && code === undefined) return undefined;
  const bounds = (first: string | undefined, last: string | undefined): string =>
    first === undefined ? "0:255" : `${number(first)}:${number(last ?? first)}`;
  return `${bounds(type, typeend)}/${bounds(code, codeend)}`;
}

function ipOptions({ attributes, reversed }: Frame, family: "ip" | "ip6"): readonly Option[] {
  const { srcipaddr, srcipmask, dstipaddr, dstipmask, protocol, dscp } = attributes;
  const { srcportstart, srcportend, dstportstart, dstportend } = attributes;
  const [src, dst] = reversed ? ["destination", "source"] : ["source", "destination"];
  return [
    [`--${family}-${src}`, masked(srcipaddr, srcipmask)],
    [`--${family}-${dst}`, masked(dstipaddr, dstipmask)],
    [`--${family}-protocol`, as(protocol, ipProtocol)],
    [`--${family}-${src}-port`, range(srcportstart, srcportend)],
    [`--${family}-${dst}-port`, range(dstportstart, dstportend)],
    // the byte as a whole, not its upper six bits: what ebtables can compare
    [family === "ip" ? "--ip-tos" : "--ip6-tclass", as(dscp, hex)],
    ...(family === "ip6" ? [["--ip6-icmp-type", icmpRange(attributes)] as const] : []),
  ];
}

function stpOptions({ attributes }: Frame): readonly Option[] {
  const bounded = (option: string, name: string): Option => [
    option,
    range(attributes[name], attributes[`${name}-hi`]),
  ];
  const address = (name: string): string | undefined =>
    masked(attributes[name], attributes[`${name}-mask`]);
  const { type, flags } = attributes;
  return [
    ["--stp-type", as(type, number)],
    ["--stp-flags", as(flags, number)],
    bounded("--stp-root-pri", "root-priority"),
    ["--stp-root-addr", address("root-address")],
    bounded("--stp-root-cost", "root-cost"),
    bounded("--stp-sender-prio", "sender-priority"),
    ["--stp-sender-addr", address("sender-address")],
    bounded("--stp-port", "port"),
    bounded("--stp-msg-age", "age"),
    bounded("--stp-max-age", "max-age"),
    bounded("--stp-hello-time", "hello-time"),
    bounded("--stp-forward-delay", "forward-delay"),
  ];
}

/** What makes a frame one of the protocol, and what it must look like. */
function protocolOptions(protocol: string, frame: Frame): readonly [string, readonly Option[]] {
  const { attributes } = frame;
  switch (protocol) {
    case "mac":
      return ["", [["-p", as(attributes["protocolid"], typeWord)]]];
    case "vlan":
      return [
        "-p 0x8100",
        [
          ["--vlan-id", as(attributes["vlanid"], number)],
          ["--vlan-encap", as(attributes["encap-protocol"], (one) => number(etherType(one)))],
        ],
      ];
    case "stp":
      return [`-d ${STP_GROUP}`, stpOptions(frame)];
    case "arp":
    case "rarp":
      return [`-p ${typeWord(protocol)}`, arpOptions(frame)];
    case "ip":
      return ["-p ipv4", ipOptions(frame, "ip")];
    case "ipv6":
      return ["-p ipv6", ipOptions(frame, "ip6")];
    default:
      return ["", []];
  }
}

/** The words that pick a rule's frames out of all. */
function frameMatch(protocol: string | undefined, match: FilterMatch, reversed: boolean): string {
  if (protocol === undefined) return "";
  const { match: fits, ...rest } = match;
  const frame: Frame = { attributes: rest as Attributes, reversed }; // only `match` is no text
  const said = (options: readonly Option[]): readonly string[] =>
    options.flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [line(fits === false ? "!" : "", name, value)];
    });
  const [base, options] = protocolOptions(protocol, frame);
  return line(...said(macOptions(frame)), base, ...said(options));
}

export const ebtablesWords: FrameWords = {
  root: (way, dev) => `libvirt-${LETTERS[way]}-${dev}`,
  below: (way, dev, chain) => `${LETTERS[way]}-${dev}-${chain}`,
  jump: (protocol, chain) => line(CHAIN_FRAMES[protocol] ?? "", "-j", chain),
  rule: ({ action, protocol, match, reversed }) => [
    line(frameMatch(protocol, match, reversed), "-j", VERDICTS[action]),
  ],
};

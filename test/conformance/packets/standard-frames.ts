/**
 * Frames that the standard filters have to tell apart: of a guest that is itself and one that pretends, of
 * its neighbours, and of forms that nobody sends in honesty.
 */
import { isIPv6 } from "node:net";
import { frameOf, internetChecksum, type Ip, type Packet } from "./packet.ts";
import type { Way } from "./verdict.ts";

export interface StandardFrame {
  readonly way: Way;
  /** What is special about it. */
  readonly label: string;
  /** Its bytes; the last four are the number. */
  readonly bytes: (number: number) => Buffer;
}

export const GUEST = { mac: "52:54:00:00:00:02", ip: "10.9.0.2", ipv6: "2001:db8::2" };
export const GATEWAY = { mac: "52:54:00:00:00:01", ip: "10.9.0.1", ipv6: "2001:db8::1" };
const OTHER = { mac: "52:54:00:00:00:66", ip: "10.9.0.66", ipv6: "2001:db8::66" };
const PEER = { mac: "52:54:00:00:00:04", ip: "10.9.0.4", ipv6: "2001:db8::4" };
const BROADCAST = "ff:ff:ff:ff:ff:ff";
const NO_MAC = "00:00:00:00:00:00";
const ARP = 0x0806;
const RARP = 0x8035;
const IP4 = 0x0800;
const IP6 = 0x86dd;
const UDP = 17;
const WAYS: readonly Way[] = ["out", "in"];

/** Who sends a frame and to whom, one way: the guest's own, and pretended ones. */
const ends = (way: Way): readonly (readonly [src: string, dst: string])[] =>
  way === "out"
    ? [
        [GUEST.mac, PEER.mac],
        [GUEST.mac, BROADCAST],
        [GUEST.mac, GATEWAY.mac],
        [OTHER.mac, PEER.mac],
        [OTHER.mac, GATEWAY.mac],
      ]
    : [
        [PEER.mac, GUEST.mac],
        [GATEWAY.mac, GUEST.mac],
        [PEER.mac, BROADCAST],
        [GUEST.mac, GUEST.mac],
        [PEER.mac, OTHER.mac],
      ];

const id = (number: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};
const macBytes = (mac: string): Buffer => Buffer.from(mac.replaceAll(":", ""), "hex");
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

interface Raw {
  readonly src: string;
  readonly dst: string;
  /** What is behind the addresses, tags included, in hexadecimal digits. */
  readonly body: string;
}
const raw =
  ({ src, dst, body }: Raw) =>
  (number: number): Buffer =>
    Buffer.concat([macBytes(dst), macBytes(src), Buffer.from(body, "hex"), id(number)]);

interface Arp {
  readonly type?: number;
  readonly hwtype?: number;
  readonly protocol?: number;
  readonly hardwareSize?: number;
  readonly protocolSize?: number;
  readonly opcode?: number;
  readonly senderMac?: string;
  readonly senderIp?: string;
  readonly targetMac?: string;
  readonly targetIp?: string;
}
const ipHex = (ip: string): string => Buffer.from(ip.split(".").map(Number)).toString("hex");

const ARP_REQUEST: Required<Arp> = {
  type: ARP,
  hwtype: 1,
  protocol: IP4,
  hardwareSize: 6,
  protocolSize: 4,
  opcode: 1,
  senderMac: GUEST.mac,
  senderIp: GUEST.ip,
  targetMac: NO_MAC,
  targetIp: PEER.ip,
};

/** Its sizes are told, the fields stay where they are on Ethernet. */
function arpBody(changed: Arp): string {
  const arp = { ...ARP_REQUEST, ...changed };
  const sizes = hex(arp.hardwareSize, 2) + hex(arp.protocolSize, 2);
  const kind = hex(arp.hwtype, 4) + hex(arp.protocol, 4) + sizes + hex(arp.opcode, 4);
  const sender = arp.senderMac.replaceAll(":", "") + ipHex(arp.senderIp);
  const target = arp.targetMac.replaceAll(":", "") + ipHex(arp.targetIp);
  return hex(arp.type, 4) + kind + sender + target;
}
const PADDING = "00".repeat(14);

const OPCODES = [0, 2, 3, 4, 5, 8, 9, 10, 25, 0xffff];
const ODD_ARPS: readonly Arp[] = [
  {},
  ...OPCODES.map((opcode) => ({ opcode })),
  ...[0, 6, 15, 0xffff].map((hwtype) => ({ hwtype })),
  ...[0, 0x0801, IP6].map((protocol) => ({ protocol })),
  ...[0, 4, 8, 255].map((hardwareSize) => ({ hardwareSize })),
  ...[0, 6, 16].map((protocolSize) => ({ protocolSize })),
  { hwtype: 6, protocol: 0, hardwareSize: 8, protocolSize: 16 },
];
const PRETENDED_ARPS: readonly Arp[] = [
  { senderMac: OTHER.mac },
  { senderMac: NO_MAC },
  { senderMac: BROADCAST },
  { senderIp: OTHER.ip },
  { senderIp: GATEWAY.ip, opcode: 2 },
  { senderIp: "0.0.0.0" },
  { senderIp: "10.9.0.3" },
  { senderMac: OTHER.mac, senderIp: OTHER.ip },
  { targetIp: GUEST.ip },
  { targetMac: OTHER.mac, targetIp: OTHER.ip, opcode: 2 },
];
/** As a guest says where it is after a migration, and nearly so. */
const ANNOUNCEMENT: Arp = {
  type: RARP,
  opcode: 3,
  senderIp: "0.0.0.0",
  targetMac: GUEST.mac,
  targetIp: "0.0.0.0",
};
const ANNOUNCEMENTS: readonly Arp[] = [
  ANNOUNCEMENT,
  { ...ANNOUNCEMENT, opcode: 4 },
  { ...ANNOUNCEMENT, opcode: 1 },
  { ...ANNOUNCEMENT, senderMac: OTHER.mac },
  { ...ANNOUNCEMENT, targetMac: OTHER.mac },
  { ...ANNOUNCEMENT, senderIp: GUEST.ip },
  { ...ANNOUNCEMENT, targetIp: GUEST.ip },
  { ...ANNOUNCEMENT, hwtype: 6 },
  { ...ANNOUNCEMENT, protocol: 0 },
  { ...ANNOUNCEMENT, hardwareSize: 0 },
  { ...ANNOUNCEMENT, protocolSize: 16 },
];
/** How much of a message there is, in bytes. */
const CUT = [0, 4, 8, 14, 18, 24, 27];

function arpFrames(): readonly StandardFrame[] {
  const frame = (way: Way, ethernet: readonly [string, string], arp: Arp): StandardFrame => {
    const [src, dst] = ethernet;
    const kind = (arp.type ?? ARP) === ARP ? "ARP" : "RARP";
    const label = `${kind} ${src} > ${dst} ${JSON.stringify(arp)}`;
    return { way, label, bytes: raw({ src, dst, body: arpBody(arp) + PADDING }) };
  };
  const cut = (way: Way, bytes: number, arp: Arp): StandardFrame => {
    const [src, dst] = ends(way)[0] ?? ["", ""];
    const body = arpBody(arp).slice(0, 4 + 2 * bytes);
    return {
      way,
      label: `${bytes} bytes of ${JSON.stringify(arp)}`,
      bytes: raw({ src, dst, body }),
    };
  };
  return WAYS.flatMap((way) => [
    ...ends(way).flatMap((two) => [...PRETENDED_ARPS, {}].map((arp) => frame(way, two, arp))),
    ...ends(way)
      .slice(0, 2)
      .flatMap((two) => ODD_ARPS.map((arp) => frame(way, two, arp))),
    ...ODD_ARPS.map((arp) => frame(way, ends(way)[1] ?? ["", ""], { ...arp, senderIp: OTHER.ip })),
    ...ODD_ARPS.map((arp) =>
      frame(way, ends(way)[1] ?? ["", ""], { ...arp, senderMac: OTHER.mac }),
    ),
    ...ends(way)
      .slice(0, 4)
      .flatMap((two) => ANNOUNCEMENTS.map((arp) => frame(way, two, arp))),
    ...CUT.flatMap((bytes) => [cut(way, bytes, {}), cut(way, bytes, ANNOUNCEMENT)]),
  ]);
}

const PLAIN: Omit<Ip, "src" | "dst"> = {
  protocol: UDP,
  dscp: 0,
  sport: 2000,
  dport: 3000,
  tcpFlags: 16,
  type: 8,
  code: 0,
};
const ip = (changed: Partial<Ip> & Pick<Ip, "src" | "dst">): Ip => ({ ...PLAIN, ...changed });

const packet = (way: Way, [src, dst]: readonly [string, string], inside: Ip): StandardFrame => {
  const whole: Packet = { src, dst, type: isIPv6(inside.src) ? IP6 : IP4, ip: inside };
  const { protocol, sport, dport } = inside;
  const label = `${src} > ${dst} ${inside.src} > ${inside.dst} protocol ${protocol} ${sport} > ${dport}`;
  return { way, label, bytes: (number) => frameOf(whole, number) };
};

const FOUR = {
  src: [GUEST.ip, OTHER.ip, "0.0.0.0", GATEWAY.ip, "10.9.0.3", "169.254.1.1", "255.255.255.255"],
  dst: [PEER.ip, GUEST.ip, "255.255.255.255", "10.9.0.255", "224.0.0.1", "239.255.255.250"],
};
const SIX = {
  src: [GUEST.ipv6, OTHER.ipv6, "fe80::5054:ff:fe00:2", "fe80::1", "::", GATEWAY.ipv6, "febf::1"],
  dst: [PEER.ipv6, GUEST.ipv6, "ff02::1", "ff02::1:2", "ff02::fb", "fe80::1"],
};
/** What of the other fields matters: ways of asking for an address, echoes, and others. */
const KINDS4: readonly Partial<Ip>[] = [
  {},
  { sport: 68, dport: 67 },
  { sport: 67, dport: 68 },
  { sport: 68, dport: 68 },
  { protocol: 6 },
  { protocol: 6, sport: 68, dport: 67 },
  { protocol: 1 },
  { protocol: 2 },
  { protocol: 253 },
];
const KINDS6: readonly Partial<Ip>[] = [
  {},
  { sport: 546, dport: 547 },
  { sport: 547, dport: 546 },
  { protocol: 6 },
  { protocol: 58, type: 128 },
  { protocol: 58, type: 135 },
  { protocol: 253 },
];

/** Every pair of addresses with one kind, and every kind with the pairs that matter. */
function ipPackets(
  { src, dst }: typeof FOUR,
  kinds: readonly Partial<Ip>[],
  asks: readonly [from: string, to: string],
): readonly Ip[] {
  const pairs = src.flatMap((from) => dst.map((to) => [from, to] as const));
  const told = [asks, [src[0] ?? "", dst[0] ?? ""], [src[1] ?? "", asks[1]]] as const;
  return [
    ...pairs.map(([from, to]) => ip({ src: from, dst: to })),
    ...told.flatMap(([from, to]) => kinds.map((kind) => ip({ ...kind, src: from, dst: to }))),
    ...src.flatMap((from) =>
      kinds.slice(1, 3).map((kind) => ip({ ...kind, src: from, dst: asks[1] })),
    ),
    ...src.flatMap((from) =>
      kinds.slice(1, 3).map((kind) => ip({ ...kind, src: from, dst: dst[1] ?? "" })),
    ),
  ];
}

const ipFrames = (): readonly StandardFrame[] => {
  const all = [
    ...ipPackets(FOUR, KINDS4, ["0.0.0.0", "255.255.255.255"]),
    ...ipPackets(SIX, KINDS6, ["fe80::5054:ff:fe00:2", "ff02::1:2"]),
  ];
  return WAYS.flatMap((way) => [
    ...all.map((one, at) => packet(way, ends(way)[at % 3] ?? ["", ""], one)),
    ...ends(way).flatMap((two) =>
      [FOUR, SIX].map(({ src, dst }) =>
        packet(way, two, ip({ src: src[0] ?? "", dst: dst[0] ?? "" })),
      ),
    ),
  ]);
};

/** An IPv4 packet that is a part of one, or has options. */
function oddFour(frame: Buffer, { fragment = 0, options = "" }): Buffer {
  const header = Buffer.concat([frame.subarray(14, 34), Buffer.from(options, "hex")]);
  header.writeUInt8(0x40 + header.length / 4, 0);
  header.writeUInt16BE(header.readUInt16BE(2) + options.length / 2, 2);
  header.writeUInt16BE(fragment, 6);
  header.writeUInt16BE(0, 10);
  header.writeUInt16BE(internetChecksum(header), 10);
  return Buffer.concat([frame.subarray(0, 14), header, frame.subarray(34)]);
}

/** An IPv6 packet with one header more, `kind` with what is in it behind the number of the next. */
function oddSix(frame: Buffer, kind: number, rest: string): Buffer {
  const header = Buffer.from(frame.subarray(14, 54));
  const more = Buffer.concat([header.subarray(6, 7), Buffer.from(rest, "hex")]);
  header.writeUInt16BE(header.readUInt16BE(4) + more.length, 4);
  header.writeUInt8(kind, 6);
  return Buffer.concat([frame.subarray(0, 14), header, more, frame.subarray(54)]);
}

function oddIpFrames(): readonly StandardFrame[] {
  const four = [
    ["first fragment", { fragment: 0x2000 }],
    ["later fragment", { fragment: 0x2004 }],
    ["last fragment", { fragment: 4 }],
    ["options", { options: "01010101" }],
  ] as const;
  const six = [
    ["hop by hop", 0, "00010400000000"],
    ["destination options", 60, "00010400000000"],
    ["first fragment", 44, "00000100000001"],
    ["later fragment", 44, "00002100000001"],
  ] as const;
  const asks4 = { sport: 68, dport: 67, src: "0.0.0.0", dst: "255.255.255.255" };
  const asks6 = { sport: 546, dport: 547, src: "fe80::5054:ff:fe00:2", dst: "ff02::1:2" };
  const plain4 = [
    ip(asks4),
    ip({ src: GUEST.ip, dst: PEER.ip }),
    ip({ src: OTHER.ip, dst: PEER.ip }),
  ];
  const plain6 = [
    ip(asks6),
    ip({ src: GUEST.ipv6, dst: PEER.ipv6 }),
    ip({ src: OTHER.ipv6, dst: "ff02::1" }),
  ];
  return WAYS.flatMap((way) => {
    const two = ends(way)[0] ?? ["", ""];
    return [
      ...four.flatMap(([name, how]) =>
        plain4.map((inside): StandardFrame => {
          const { label, bytes } = packet(way, two, inside);
          return {
            way,
            label: `${name}: ${label}`,
            bytes: (number) => oddFour(bytes(number), how),
          };
        }),
      ),
      ...six.flatMap(([name, kind, rest]) =>
        plain6.map((inside): StandardFrame => {
          const { label, bytes } = packet(way, two, inside);
          return {
            way,
            label: `${name}: ${label}`,
            bytes: (number) => oddSix(bytes(number), kind, rest),
          };
        }),
      ),
    ];
  });
}

/** Types of Ethernet that are neither of IP nor ARP; lengths of messages with an LLC header too. */
const OTHER_TYPES = [
  0x0835, 0x0805, 0x88b5, 0x8863, 0x88cc, 0x8137, 0x9000, 0xffff, 0x0026, 0x0600,
];
const STP_GROUP = "01:80:c2:00:00:00";

function otherFrames(): readonly StandardFrame[] {
  const filler = "00".repeat(42);
  const inside = [
    ["ARP", arpBody({})],
    ["pretended ARP", arpBody({ senderMac: OTHER.mac, senderIp: OTHER.ip })],
    ["another type", `88b5${filler}`],
    [
      "IPv4",
      frameOf({ src: NO_MAC, dst: NO_MAC, type: IP4, ip: ip({ src: OTHER.ip, dst: PEER.ip }) }, 0)
        .subarray(12, -4)
        .toString("hex"),
    ],
  ] as const;
  return WAYS.flatMap((way) =>
    ends(way).flatMap(([src, dst]) => {
      const frame = (label: string, to: string, body: string): StandardFrame => ({
        way,
        label: `${src} > ${to} ${label}`,
        bytes: raw({ src, dst: to, body }),
      });
      return [
        ...OTHER_TYPES.map((type) => frame(`type ${hex(type, 4)}`, dst, hex(type, 4) + filler)),
        ...["8100", "88a8"].flatMap((tag) =>
          inside.map(([label, body]) => frame(`${label} tagged ${tag}`, dst, `${tag}0007${body}`)),
        ),
        frame("spanning tree", STP_GROUP, `0026424203${"00".repeat(35)}`),
      ];
    }),
  );
}

export const standardFrames = (): readonly StandardFrame[] => [
  ...arpFrames(),
  ...ipFrames(),
  ...oddIpFrames(),
  ...otherFrames(),
];

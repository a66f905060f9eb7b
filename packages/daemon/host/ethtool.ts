/** What a network link takes over from the processor, asked as `ethtool` asks. */
import { closeSync } from "node:fs";
import { tryCall } from "./sys.ts";

const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 0x80002;
const SIOCETHTOOL = 0x8946;

/** Commands that answer 0 or 1, with libvirt's words for what they ask. */
const SINGLE: readonly (readonly [number, string])[] = [
  [0x14, "rx"],
  [0x16, "tx"],
  [0x18, "sg"],
  [0x1e, "tso"],
  [0x23, "gso"],
  [0x2b, "gro"],
];

const GET_FLAGS = 0x25;
const FLAGS: readonly (readonly [number, string])[] = [
  [15, "lro"],
  [8, "rxvlan"],
  [7, "txvlan"],
  [27, "ntuple"],
  [28, "rxhash"],
];

const GET_FEATURES = 0x3a;
/** Words of 32 features each, and of four masks each: available, requested, active, never changed. */
const FEATURE_WORDS = 2;
const MASKS_BYTES = 16;
const ACTIVE_AT = 8;
/** The bit that libvirt takes for segmentation of tunnels through UDP, whatever the kernel calls it today. */
const UDP_TUNNEL = 25;

/** Answers of the kernel about one link; undefined where it has none. */
function asking(
  fd: number,
  name: string,
): (command: number, buffer?: Buffer) => Buffer | undefined {
  return (command, buffer = Buffer.alloc(8)) => {
    buffer.writeUInt32LE(command, 0);
    const { ok } = tryCall("ioctlLink", fd, SIOCETHTOOL, { name, data: buffer, rest: "" });
    return ok ? buffer : undefined;
  };
}

const hasBit = (word: number, bit: number): boolean => ((word >>> bit) & 1) === 1;

function featuresOf(ask: ReturnType<typeof asking>): readonly string[] {
  const single = SINGLE.filter(([command]) => ask(command)?.readUInt32LE(4) === 1);
  const flags = ask(GET_FLAGS)?.readUInt32LE(4) ?? 0;
  const request = Buffer.alloc(8 + FEATURE_WORDS * MASKS_BYTES);
  request.writeUInt32LE(FEATURE_WORDS, 4);
  const active = ask(GET_FEATURES, request)?.readUInt32LE(8 + ACTIVE_AT) ?? 0;
  return [
    ...single.map(([, word]) => word),
    ...FLAGS.filter(([bit]) => hasBit(flags, bit)).map(([, word]) => word),
    ...(hasBit(active, UDP_TUNNEL) ? ["txudptnl"] : []),
  ];
}

/** In libvirt's words and order; none of a link that is not there. */
export function linkFeatures(name: string): readonly string[] {
  const socket = tryCall("socket", AF_INET, SOCK_DGRAM_CLOEXEC, 0);
  if (!socket.ok) return [];
  try {
    return featuresOf(asking(socket.value, name));
  } finally {
    closeSync(socket.value);
  }
}

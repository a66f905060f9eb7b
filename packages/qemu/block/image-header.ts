/** What the first bytes of an image file tell; a pure decision that never follows what the image claims. */

export interface ImageHeader {
  /** libvirt's name of the format. */
  readonly format: string;
  /** Bytes the guest sees. */
  readonly capacity: number;
  readonly backing?: { readonly path: string; readonly format?: string };
  readonly compat?: string;
  readonly clusterSize?: number;
  readonly lazyRefcounts?: boolean;
  readonly extendedL2?: boolean;
  readonly encryption?: "luks" | "qcow";
}

/** As much of a file as `readImageHeader` wants to see. */
export const HEADER_BYTES = 33_280;

const SECTOR = 512;
/** Longest name of a backing store that QEMU allows. */
const NAME_LIMIT = 1023;
const safe = (value: bigint): number =>
  value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);

const has = (head: Buffer, at: number, magic: string): boolean =>
  head.subarray(at, at + magic.length).toString("latin1") === magic;

/** The bytes from `at`, or nothing when they do not all lie in the header. */
function piece(head: Buffer, at: number, length: number): string | undefined {
  if (length <= 0 || length > NAME_LIMIT || at + length > head.length) return undefined;
  return head.subarray(at, at + length).toString("utf8");
}

const BACKING_FORMAT = 0xe2792aca;

/** The format of the backing store, from the header's extensions. */
function backingFormat(head: Buffer, start: number, end: number): string | undefined {
  for (let at = start; at + 8 <= end; ) {
    const type = head.readUInt32BE(at);
    const length = head.readUInt32BE(at + 4);
    if (type === 0) return undefined;
    if (type === BACKING_FORMAT) return piece(head, at + 8, length);
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return undefined;
}

const V2_LENGTH = 72;
const V3_LENGTH = 104;
const LAZY_REFCOUNTS = 1n;
const EXTENDED_L2 = 16n;
const QCOW_CIPHERS: readonly (ImageHeader["encryption"] | undefined)[] = [
  undefined,
  "qcow",
  "luks",
];

function qcow2(head: Buffer): ImageHeader | undefined {
  const version = head.readUInt32BE(4);
  if (version !== 2 && (version !== 3 || head.length < V3_LENGTH)) return undefined;
  const modern = version === 3;
  const at = safe(head.readBigUInt64BE(8));
  const path = piece(head, at, head.readUInt32BE(16));
  const length = modern ? head.readUInt32BE(100) : V2_LENGTH;
  const format = backingFormat(head, length, Math.min(at === 0 ? head.length : at, head.length));
  const cipher = QCOW_CIPHERS[head.readUInt32BE(32)];
  return {
    format: "qcow2",
    capacity: safe(head.readBigUInt64BE(24)),
    compat: modern ? "1.1" : "0.10",
    clusterSize: 2 ** Math.min(head.readUInt32BE(20), 30),
    ...(path === undefined
      ? {}
      : { backing: { path, ...(format === undefined ? {} : { format }) } }),
    ...(cipher === undefined ? {} : { encryption: cipher }),
    ...(modern && {
      lazyRefcounts: (head.readBigUInt64BE(80) & LAZY_REFCOUNTS) !== 0n,
      extendedL2: (head.readBigUInt64BE(72) & EXTENDED_L2) !== 0n,
    }),
  };
}

function qcow(head: Buffer): ImageHeader | undefined {
  const path = piece(head, safe(head.readBigUInt64BE(8)), head.readUInt32BE(16));
  return {
    format: "qcow",
    capacity: safe(head.readBigUInt64BE(24)),
    ...(path === undefined ? {} : { backing: { path } }),
  };
}

const RAW_BACKING = 4n;

function qed(head: Buffer): ImageHeader {
  const features = head.readBigUInt64LE(16);
  const path = piece(head, head.readUInt32LE(56), head.readUInt32LE(60));
  const raw = (features & RAW_BACKING) !== 0n;
  return {
    format: "qed",
    capacity: safe(head.readBigUInt64LE(48)),
    ...(path === undefined ? {} : { backing: { path, ...(raw ? { format: "raw" } : {}) } }),
  };
}

function luks(head: Buffer, size: number): ImageHeader {
  const payload = head.readUInt32BE(104) * SECTOR;
  return { format: "raw", capacity: Math.max(size - payload, 0), encryption: "luks" };
}

/** Magic words, where they stand, and what follows from them. */
const KINDS: readonly {
  readonly at: number;
  readonly magic: string;
  readonly least: number;
  readonly read: (head: Buffer, size: number) => ImageHeader | undefined;
}[] = [
  {
    at: 0,
    magic: "QFI\xfb",
    least: V2_LENGTH,
    read: (head) => (head.readUInt32BE(4) === 1 ? qcow(head) : qcow2(head)),
  },
  { at: 0, magic: "QED\0", least: 64, read: qed },
  {
    at: 0,
    magic: "KDMV",
    least: 20,
    read: (head) => ({ format: "vmdk", capacity: safe(head.readBigUInt64LE(12)) * SECTOR }),
  },
  {
    at: 0x40,
    magic: "\x7f\x10\xda\xbe",
    least: 0x178,
    read: (head) => ({ format: "vdi", capacity: safe(head.readBigUInt64LE(0x170)) }),
  },
  {
    at: 0,
    magic: "conectix",
    least: 56,
    read: (head) => ({ format: "vpc", capacity: safe(head.readBigUInt64BE(48)) }),
  },
  { at: 0, magic: "LUKS\xba\xbe", least: 108, read: luks },
  {
    at: 0x8001,
    magic: "CD001",
    least: 0x8006,
    read: (_head, capacity) => ({ format: "iso", capacity }),
  },
];

/** What a file of `size` bytes is that begins with `head`; raw when nothing else fits. */
export function readImageHeader(head: Buffer, size: number): ImageHeader {
  for (const { at, magic, least, read } of KINDS) {
    if (head.length < least || !has(head, at, magic)) continue;
    const found = read(head, size);
    if (found !== undefined) return found;
  }
  return { format: "raw", capacity: size };
}

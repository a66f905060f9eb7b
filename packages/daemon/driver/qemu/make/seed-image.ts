/**
 * Writes an ISO 9660 image (ECMA-119) with a few small files in its root: the NoCloud seed that cloud-init
 * looks for by the volume name `cidata`. Names are in capitals without a version, which Linux shows in small letters.
 */

const SECTOR = 2048;
const FIRST_DESCRIPTOR = 16;
const LITTLE_TABLE = 18;
const BIG_TABLE = 19;
const ROOT = 20;
const FIRST_FILE = 21;
const ROOT_RECORD_AT = 156;
const RECORD_BYTES = 33;
const DIRECTORY = 2;
/** Records may not cross a sector, and the root is one. */
const FILE_LIMIT = 20;

const sectorsOf = (bytes: number): number => Math.ceil(bytes / SECTOR);

const viewOf = ({ buffer }: Uint8Array): DataView => new DataView(buffer);
const latin = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
const SPACE = 0x20;
const ZERO = 0x30;

/** Both byte orders, one after the other. */
function both32(to: Uint8Array, at: number, value: number): void {
  viewOf(to).setUint32(at, value, true);
  viewOf(to).setUint32(at + 4, value);
}
function both16(to: Uint8Array, at: number, value: number): void {
  viewOf(to).setUint16(at, value, true);
  viewOf(to).setUint16(at + 2, value);
}

interface Extent {
  readonly sector: number;
  readonly bytes: number;
}

/** A directory record; even in length. The date is 1970: the same wish makes the same image. */
function recordOf(name: Uint8Array, { sector, bytes }: Extent, flags = 0): Uint8Array {
  const record = new Uint8Array(RECORD_BYTES + name.length + ((RECORD_BYTES + name.length) % 2));
  record[0] = record.length;
  both32(record, 2, sector);
  both32(record, 10, bytes);
  record.set([70, 1, 1], 18);
  record[25] = flags;
  both16(record, 28, 1);
  record[32] = name.length;
  record.set(name, RECORD_BYTES);
  return record;
}

const SELF = Uint8Array.of(0);
const PARENT = Uint8Array.of(1);
const root: Extent = { sector: ROOT, bytes: SECTOR };

function primaryDescriptor(label: string, sectors: number): Uint8Array {
  const sector = new Uint8Array(SECTOR);
  sector[0] = 1;
  sector.set(latin("CD001\u0001"), 1);
  sector.fill(SPACE, 8, 72);
  sector.set(latin(label), 40);
  both32(sector, 80, sectors);
  for (const at of [120, 124]) both16(sector, at, 1);
  both16(sector, 128, SECTOR);
  both32(sector, 132, 10);
  viewOf(sector).setUint32(140, LITTLE_TABLE, true);
  viewOf(sector).setUint32(148, BIG_TABLE);
  sector.set(recordOf(SELF, root, DIRECTORY), ROOT_RECORD_AT);
  sector.fill(SPACE, 190, 813);
  for (const at of [813, 830, 847, 864]) sector.fill(ZERO, at, at + 16);
  sector[881] = 1;
  return sector;
}

function terminator(): Uint8Array {
  const sector = new Uint8Array(SECTOR);
  sector[0] = 255;
  sector.set(latin("CD001\u0001"), 1);
  return sector;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The root alone. */
function pathTable(order: "LE" | "BE"): Uint8Array {
  const sector = new Uint8Array(SECTOR);
  sector[0] = 1;
  viewOf(sector).setUint32(2, ROOT, order === "LE");
  sector[order === "LE" ? 6 : 7] = 1;
  return sector;
}

/**
 * @param files name (at most 30 bytes) to content
 * @throws RangeError for more than 20 files
 */
export function isoImage(
  label: string,
  files: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length > FILE_LIMIT) throw new RangeError(`more than ${FILE_LIMIT} files`);
  const directory = new Uint8Array(SECTOR);
  let at = 0;
  const add = (record: Uint8Array): void => {
    directory.set(record, at);
    at += record.length;
  };
  add(recordOf(SELF, root, DIRECTORY));
  add(recordOf(PARENT, root, DIRECTORY));
  const contents: Uint8Array[] = [];
  let sector = FIRST_FILE;
  for (const [name, text] of entries) {
    const bytes = new TextEncoder().encode(text);
    const padded = new Uint8Array(sectorsOf(bytes.length) * SECTOR);
    padded.set(bytes);
    add(recordOf(latin(name.toUpperCase()), { sector, bytes: bytes.length }));
    contents.push(padded);
    sector += sectorsOf(bytes.length);
  }
  return joined([
    new Uint8Array(FIRST_DESCRIPTOR * SECTOR),
    primaryDescriptor(label, sector),
    terminator(),
    pathTable("LE"),
    pathTable("BE"),
    directory,
    ...contents,
  ]);
}

/** What cloud-init reads at a guest's first boot. */
export const cloudInitSeed = (seed: {
  readonly instance: string;
  readonly userData: string;
  readonly networkConfig?: string;
}): Uint8Array<ArrayBuffer> =>
  isoImage("cidata", {
    "meta-data": `instance-id: ${seed.instance}\nlocal-hostname: ${seed.instance}\n`,
    "user-data": seed.userData,
    ...(seed.networkConfig === undefined ? {} : { "network-config": seed.networkConfig }),
  });

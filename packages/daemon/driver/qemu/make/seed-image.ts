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

/** Both byte orders, one after the other. */
function both32(to: Buffer, at: number, value: number): void {
  to.writeUInt32LE(value, at);
  to.writeUInt32BE(value, at + 4);
}
function both16(to: Buffer, at: number, value: number): void {
  to.writeUInt16LE(value, at);
  to.writeUInt16BE(value, at + 2);
}

interface Extent {
  readonly sector: number;
  readonly bytes: number;
}

/** A directory record; even in length. The date is 1970: the same wish makes the same image. */
function recordOf(name: Buffer, { sector, bytes }: Extent, flags = 0): Buffer {
  const record = Buffer.alloc(RECORD_BYTES + name.length + ((RECORD_BYTES + name.length) % 2));
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

const SELF = Buffer.from([0]);
const PARENT = Buffer.from([1]);
const root: Extent = { sector: ROOT, bytes: SECTOR };

function primaryDescriptor(label: string, sectors: number): Buffer {
  const sector = Buffer.alloc(SECTOR);
  sector[0] = 1;
  sector.write("CD001\u0001", 1, "latin1");
  sector.fill(" ", 8, 72);
  sector.write(label, 40, "latin1");
  both32(sector, 80, sectors);
  for (const at of [120, 124]) both16(sector, at, 1);
  both16(sector, 128, SECTOR);
  both32(sector, 132, 10);
  sector.writeUInt32LE(LITTLE_TABLE, 140);
  sector.writeUInt32BE(BIG_TABLE, 148);
  sector.set(recordOf(SELF, root, DIRECTORY), ROOT_RECORD_AT);
  sector.fill(" ", 190, 813);
  for (const at of [813, 830, 847, 864]) sector.fill("0", at, at + 16);
  sector[881] = 1;
  return sector;
}

function terminator(): Buffer {
  const sector = Buffer.alloc(SECTOR);
  sector[0] = 255;
  sector.write("CD001\u0001", 1, "latin1");
  return sector;
}

/** The root alone. */
function pathTable(order: "LE" | "BE"): Buffer {
  const sector = Buffer.alloc(SECTOR);
  sector[0] = 1;
  if (order === "LE") sector.writeUInt32LE(ROOT, 2);
  else sector.writeUInt32BE(ROOT, 2);
  sector[order === "LE" ? 6 : 7] = 1;
  return sector;
}

/**
 * @param files name (at most 30 bytes) to content
 * @throws RangeError for more than 20 files
 */
export function isoImage(label: string, files: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length > FILE_LIMIT) throw new RangeError(`more than ${FILE_LIMIT} files`);
  const directory = Buffer.alloc(SECTOR);
  let at = 0;
  const add = (record: Buffer): void => {
    directory.set(record, at);
    at += record.length;
  };
  add(recordOf(SELF, root, DIRECTORY));
  add(recordOf(PARENT, root, DIRECTORY));
  const contents: Buffer[] = [];
  let sector = FIRST_FILE;
  for (const [name, text] of entries) {
    const bytes = Buffer.from(text);
    const padded = Buffer.alloc(sectorsOf(bytes.length) * SECTOR);
    padded.set(bytes);
    add(recordOf(Buffer.from(name.toUpperCase(), "latin1"), { sector, bytes: bytes.length }));
    contents.push(padded);
    sector += sectorsOf(bytes.length);
  }
  return Buffer.concat([
    Buffer.alloc(FIRST_DESCRIPTOR * SECTOR),
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
}): Buffer =>
  isoImage("cidata", {
    "meta-data": `instance-id: ${seed.instance}\nlocal-hostname: ${seed.instance}\n`,
    "user-data": seed.userData,
    ...(seed.networkConfig === undefined ? {} : { "network-config": seed.networkConfig }),
  });

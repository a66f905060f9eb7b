/** Writes the "newc" cpio archive that Linux unpacks as its first root file system. */

export interface CpioEntry {
  /** Path without a leading slash. */
  readonly path: string;
  /** File type and permissions, as in `st_mode`. */
  readonly mode: number;
  /** File content, or the target of a symbolic link; empty for a directory or device. */
  readonly data?: Uint8Array | string;
  /** Major and minor number of a device node. */
  readonly device?: readonly [number, number];
}

export const S_IFDIR = 0o040000;
export const S_IFCHR = 0o020000;
export const S_IFREG = 0o100000;
export const S_IFLNK = 0o120000;

const ALIGNMENT = 4;

/** Owner 0:0 and time 0 for every entry, so that equal input gives equal bytes. */
export function cpioArchive(entries: readonly CpioEntry[]): Buffer {
  const members = entries.map((entry, index) => member(entry, index + 1));
  return Buffer.concat([...members, member({ path: "TRAILER!!!", mode: 0 }, 0)]);
}

function member(entry: CpioEntry, inode: number): Buffer {
  const name = Buffer.from(`${entry.path}\0`);
  const data = Buffer.from(entry.data ?? "");
  const [major, minor] = entry.device ?? [0, 0];
  const links = 1;
  const [uid, gid, time, archiveMajor, archiveMinor, checksum] = [0, 0, 0, 0, 0, 0];
  const fields = [inode, entry.mode, uid, gid, links, time, data.length];
  const numbers = [...fields, archiveMajor, archiveMinor, major, minor, name.length, checksum];
  const header = Buffer.from(`070701${numbers.map(hex8).join("")}`);
  return Buffer.concat([padded(Buffer.concat([header, name])), padded(data)]);
}

const hex8 = (value: number): string => value.toString(16).toUpperCase().padStart(8, "0");

function padded(bytes: Buffer): Buffer {
  const missing = (ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT;
  return Buffer.concat([bytes, Buffer.alloc(missing)]);
}

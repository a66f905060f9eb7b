/** A "newc" cpio archive with one file, as Linux unpacks it from the end of an initrd. */

const ALIGNMENT = 4;
const FILE_MODE = 0o100644;
const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, "0");

function padded(bytes: Buffer): Buffer {
  const missing = (ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT;
  return Buffer.concat([bytes, Buffer.alloc(missing)]);
}

/** In the format's order: inode, mode, owner, group, links, time, size, four device numbers, length of the name, sum. */
function member(name: string, mode: number, data: Buffer): Buffer {
  const title = Buffer.from(`${name}\0`);
  const numbers = [1, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, title.length, 0];
  const header = Buffer.from(`070701${numbers.map(hex).join("")}`);
  return Buffer.concat([padded(Buffer.concat([header, title])), padded(data)]);
}

export const cpioFile = (name: string, content: string): Buffer =>
  Buffer.concat([
    member(name, FILE_MODE, Buffer.from(content)),
    member("TRAILER!!!", 0, Buffer.alloc(0)),
  ]);

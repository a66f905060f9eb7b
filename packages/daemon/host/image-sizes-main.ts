/** Looks at image files for `image-sizes.ts`: a request a line on stdin, an answer a line on stdout. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
} from "node:fs";
import { createInterface } from "node:readline";
import { HEADER_BYTES, readImageHeader } from "@vireo/qemu/block/image-header";
import type { FileSizes, SizesRequest } from "./image-sizes.ts";

const SECTOR = 512;

/** The kernel tells a device's size in sectors, by its number. */
function deviceBytes({ rdev }: Stats): number {
  const major = (rdev >> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >> 12) & 0xfff00);
  return Number(readFileSync(`/sys/dev/block/${major}:${minor}/size`, "utf8")) * SECTOR;
}

function look({ path, raw }: SizesRequest): FileSizes | null {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    const isDevice = stat.isBlockDevice();
    const physical = isDevice ? deviceBytes(stat) : stat.size;
    const allocated = isDevice ? physical : stat.blocks * SECTOR;
    if (raw) return { capacity: physical, allocated, physical };
    const head = Buffer.alloc(HEADER_BYTES);
    const length = readSync(fd, head, 0, HEADER_BYTES, 0);
    const { capacity } = readImageHeader(head.subarray(0, length), physical);
    return { capacity, allocated, physical };
  } finally {
    closeSync(fd);
  }
}

function answer(line: string): FileSizes | null {
  try {
    return look(JSON.parse(line) as SizesRequest); // written by our own daemon
  } catch {
    return null; // not there, or not to be read
  }
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(answer(line))}\n`);

/**
 * A process of its own that copies between a file and a pipe, holes as holes (see `sparse-frame`):
 * `read PATH OFFSET LENGTH` to stdout, `write PATH OFFSET` from stdin. It can be killed when the file's
 * storage does not answer. Length 0 means up to the end.
 */
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { describedErrno } from "./errno.ts";
import { dataHeader, FRAME_HEADER_BYTES, FrameReader, holeFrame } from "./sparse-frame.ts";
import { tryCall } from "./sys.ts";

const STDIN = 0;
const STDOUT = 1;
const PIECE_BYTES = 256 * 1024;
const SEEK_END = 2;
const SEEK_DATA = 3;
const SEEK_HOLE = 4;
const ENXIO = 6;
const KEEP_SIZE_AND_PUNCH = 3;
const ZEROES = Buffer.alloc(PIECE_BYTES);

function writeAll(fd: number, bytes: Buffer, position?: number): void {
  for (let at = 0; at < bytes.length; )
    at += writeSync(
      fd,
      bytes,
      at,
      bytes.length - at,
      position === undefined ? null : position + at,
    );
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly hole: boolean;
}

/** Where data and holes lie; where the file system does not tell, all is data. */
function* stretches(fd: number, from: number, to: number): Generator<Stretch> {
  for (let at = from; at < to; ) {
    const seek = tryCall("lseek", fd, at, SEEK_DATA);
    const none = !seek.ok && seek.errno === ENXIO;
    const data = Math.min(to, seek.ok ? seek.value : none ? to : at);
    if (data > at) yield { from: at, to: data, hole: true };
    const end = data < to && seek.ok ? tryCall("lseek", fd, data, SEEK_HOLE) : undefined;
    at = end?.ok === true ? Math.min(to, end.value) : to;
    if (at > data) yield { from: data, to: at, hole: false };
  }
}

const sizeOf = (fd: number): number => {
  const end = tryCall("lseek", fd, 0, SEEK_END);
  return end.ok ? end.value : fstatSync(fd).size;
};

/** Devices have no holes; there zeroes are told as such. */
function copyOut(fd: number, { from, to }: Stretch, device: boolean): void {
  const frame = Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES + PIECE_BYTES);
  const room = frame.subarray(FRAME_HEADER_BYTES);
  for (let at = from; at < to; ) {
    const bytes = readSync(fd, room, 0, Math.min(PIECE_BYTES, to - at), at);
    if (bytes === 0) return;
    at += bytes;
    if (device && room.subarray(0, bytes).equals(ZEROES.subarray(0, bytes)))
      writeAll(STDOUT, holeFrame(BigInt(bytes)));
    else {
      dataHeader(bytes).copy(frame);
      writeAll(STDOUT, frame.subarray(0, FRAME_HEADER_BYTES + bytes));
    }
  }
}

function read(path: string, offset: number, length: number): void {
  const fd = openSync(path, "r");
  const device = !fstatSync(fd).isFile();
  const size = sizeOf(fd);
  const end = length === 0 ? size : Math.min(size, offset + length);
  for (const stretch of stretches(fd, offset, end))
    if (stretch.hole) writeAll(STDOUT, holeFrame(BigInt(stretch.to - stretch.from)));
    else copyOut(fd, stretch, device);
  closeSync(fd);
}

/** Where blocks cannot be given back, zeroes are written. */
function punch(fd: number, from: number, to: number): void {
  if (to <= from) return;
  if (tryCall("fallocate", fd, KEEP_SIZE_AND_PUNCH, from, to - from).ok) return;
  for (let at = from; at < to; ) {
    const bytes = Math.min(PIECE_BYTES, to - at);
    writeAll(fd, ZEROES.subarray(0, bytes), at);
    at += bytes;
  }
}

function write(path: string, offset: number): void {
  const fd = openSync(path, constants.O_WRONLY);
  const isFile = fstatSync(fd).isFile();
  const size = sizeOf(fd);
  const room = Buffer.allocUnsafeSlow(PIECE_BYTES);
  const frames = new FrameReader();
  let at = offset;
  for (let bytes = 1; bytes > 0; ) {
    bytes = readSync(STDIN, room, 0, PIECE_BYTES, null);
    for (const piece of frames.pieces(room.subarray(0, bytes))) {
      if (Buffer.isBuffer(piece)) {
        writeAll(fd, piece, at);
        at += piece.length;
      } else {
        const end = at + Number(piece.hole);
        punch(fd, at, isFile ? Math.min(end, size) : end);
        at = end;
      }
    }
  }
  // a hole at the end makes the file longer, too
  if (isFile && at > fstatSync(fd).size) ftruncateSync(fd, at);
  closeSync(fd);
}

const [, , verb, path = "", offset = "0", length = "0"] = process.argv;
try {
  if (verb === "read") read(path, Number(offset), Number(length));
  else write(path, Number(offset));
} catch (error) {
  process.stderr.write(`cannot ${verb ?? "do"} '${path}': ${describedErrno(error)}\n`);
  process.exitCode = 1;
}

/** Pipes that Node cannot make: wide ones. */
import { mustCall, tryCall } from "./sys.ts";

const O_CLOEXEC = 0o2000000;
const F_SETPIPE_SZ = 1031;
/** What every user may have; Linux's own default is a sixteenth. */
const PIPE_BYTES = 1 << 20;

export interface Pipe {
  /** Descriptor to read from. */
  readonly from: number;
  /** Descriptor to write to. */
  readonly into: number;
}

/** @throws VireoError `systemError` */
export function widePipe(): Pipe {
  const ends = Buffer.alloc(8);
  mustCall("Cannot make a pipe", "pipe2", ends, O_CLOEXEC);
  const pipe = { from: ends.readInt32LE(0), into: ends.readInt32LE(4) };
  // a narrow one does as well, only slower
  tryCall("fcntl", pipe.into, F_SETPIPE_SZ, PIPE_BYTES);
  return pipe;
}

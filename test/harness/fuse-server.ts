/**
 * A file system in user space, in its own words: just enough of the kernel's FUSE protocol to show a directory tree
 * whose files answer to what is written into them. One request at a time.
 */
import { spawnSync } from "node:child_process";
import { openSync, read, type Stats, writeSync } from "node:fs";
import { constants } from "node:os";

const REQUEST_BYTES = 1024 * 1024 + 4096;
const IN_HEADER = 40;
const OUT_HEADER = 16;
const ROOT = 1n;
/** No page cache: each read and write reaches us. */
const DIRECT_IO = 1;

const OP = {
  lookup: 1,
  forget: 2,
  getattr: 3,
  setattr: 4,
  readlink: 5,
  open: 14,
  read: 15,
  write: 16,
  statfs: 17,
  release: 18,
  fsync: 20,
  flush: 25,
  init: 26,
  opendir: 27,
  readdir: 28,
  releasedir: 29,
  create: 35,
  interrupt: 36,
  batchForget: 42,
} as const;

/** Requests that nobody waits for. */
const UNANSWERED: ReadonlySet<number> = new Set([OP.forget, OP.interrupt, OP.batchForget]);
const DONE: ReadonlySet<number> = new Set([OP.release, OP.releasedir, OP.flush, OP.fsync]);

/** What is shown; every path begins with `/`. Each may throw an error with the code of an errno. */
export interface ShownTree {
  readonly stat: (path: string) => Stats;
  readonly list: (path: string) => readonly string[];
  readonly target: (path: string) => string;
  readonly content: (path: string) => Buffer;
  /** Undefined when the writer is to wait for ever. */
  readonly write: (path: string, text: string) => "done" | undefined;
}

function errnoOf(error: unknown): number {
  const code = error instanceof Error && "code" in error ? String(error.code) : "EIO";
  return code in constants.errno
    ? constants.errno[code as keyof typeof constants.errno]
    : constants.errno.EIO;
}

const refused = (code: string): Error => Object.assign(new Error(code), { code });

class Ids {
  readonly #paths = new Map<bigint, string>([[ROOT, "/"]]);
  readonly #ids = new Map<string, bigint>([["/", ROOT]]);

  path(id: bigint): string {
    return this.#paths.get(id) ?? "/";
  }

  of(path: string): bigint {
    const known = this.#ids.get(path);
    if (known !== undefined) return known;
    const id = ROOT + BigInt(this.#ids.size);
    this.#ids.set(path, id);
    this.#paths.set(id, path);
    return id;
  }
}

/** A page, as an attribute of the kernel has; its real length is known when it is read. */
const ATTRIBUTE_BYTES = 4096n;

function attributes(id: bigint, { mode, size }: Stats): Buffer {
  const out = Buffer.alloc(88);
  out.writeBigUInt64LE(id, 0);
  out.writeBigUInt64LE((mode & 0o170000) === 0o100000 ? ATTRIBUTE_BYTES : BigInt(size), 8);
  out.writeUInt32LE(mode, 60);
  out.writeUInt32LE(1, 64);
  out.writeUInt32LE(4096, 80);
  return out;
}

const join = (directory: string, name: string): string =>
  directory === "/" ? `/${name}` : `${directory}/${name}`;

interface Request {
  readonly opcode: number;
  readonly path: string;
  readonly id: bigint;
  readonly body: Buffer;
}

/** Answers of the requests whose answer does not depend on the tree. */
function initReply(body: Buffer): Buffer {
  const out = Buffer.alloc(64);
  out.writeUInt32LE(7, 0);
  out.writeUInt32LE(Math.min(body.readUInt32LE(4), 31), 4);
  out.writeUInt32LE(body.readUInt32LE(8), 8);
  out.writeUInt16LE(16, 16);
  out.writeUInt16LE(12, 18);
  out.writeUInt32LE(1024 * 1024, 20);
  out.writeUInt32LE(1, 24);
  return out;
}

function opened(): Buffer {
  const out = Buffer.alloc(16);
  out.writeUInt32LE(DIRECT_IO, 8);
  return out;
}

export class FuseServer {
  readonly #tree: ShownTree;
  readonly #ids = new Ids();
  readonly #fd: number;

  readonly #answers: Readonly<Record<number, (request: Request) => Buffer | undefined>> = {
    [OP.init]: ({ body }) => initReply(body),
    [OP.statfs]: () => Buffer.alloc(80),
    [OP.lookup]: ({ path, body }) =>
      this.#entry(join(path, body.subarray(0, body.indexOf(0)).toString())),
    [OP.getattr]: (request) => this.#attributes(request),
    // to cut an attribute short does nothing
    [OP.setattr]: (request) => this.#attributes(request),
    [OP.readlink]: ({ path }) => Buffer.from(this.#tree.target(path)),
    [OP.open]: opened,
    [OP.opendir]: opened,
    [OP.read]: ({ path, body }) => piece(this.#tree.content(path), body),
    [OP.readdir]: ({ path, body }) => this.#entries(path, body),
    [OP.write]: ({ path, body }) => this.#write(path, body),
    [OP.create]: () => {
      throw refused("EACCES"); // nobody makes files here
    },
  };

  private constructor(tree: ShownTree, fd: number) {
    this.#tree = tree;
    this.#fd = fd;
  }

  /** @throws Error when it cannot be mounted; `ended` is called when it was unmounted */
  static mount(tree: ShownTree, at: string, ended: () => void): void {
    const fd = openSync("/dev/fuse", "r+");
    const options = "fd=3,rootmode=40000,user_id=0,group_id=0,allow_other";
    const { status, stderr } = spawnSync(
      "mount",
      ["-i", "-t", "fuse", "-o", options, "emulated", at],
      { stdio: ["ignore", "ignore", "pipe", fd], timeout: 10_000 },
    );
    if (status !== 0) throw new Error(`mount ended with ${status}: ${String(stderr)}`);
    new FuseServer(tree, fd).#serve(ended);
  }

  #serve(ended: () => void): void {
    const buffer = Buffer.alloc(REQUEST_BYTES);
    read(this.#fd, buffer, 0, buffer.length, null, (error, bytes) => {
      // others: it was interrupted, or the request was taken back
      if (error !== null && !["EINTR", "ENOENT", "EAGAIN"].includes(error.code ?? ""))
        return ended();
      if (error === null) this.#take(buffer.subarray(0, bytes));
      this.#serve(ended);
    });
  }

  #take(request: Buffer): void {
    const opcode = request.readUInt32LE(4);
    if (UNANSWERED.has(opcode)) return;
    const unique = request.readBigUInt64LE(8);
    const id = request.readBigUInt64LE(16);
    const path = this.#ids.path(id);
    try {
      const body = this.#answer({ opcode, id, path, body: request.subarray(IN_HEADER) });
      if (body !== undefined) this.#reply(unique, 0, body);
    } catch (error) {
      this.#reply(unique, errnoOf(error), Buffer.alloc(0));
    }
  }

  #reply(unique: bigint, errno: number, body: Buffer): void {
    const header = Buffer.alloc(OUT_HEADER);
    header.writeUInt32LE(OUT_HEADER + body.length, 0);
    header.writeInt32LE(-errno, 4);
    header.writeBigUInt64LE(unique, 8);
    try {
      writeSync(this.#fd, Buffer.concat([header, body]));
    } catch {
      // who asked is gone
    }
  }

  /** Undefined: no answer, ever. @throws Error with the code of an errno */
  #answer(request: Request): Buffer | undefined {
    const { opcode } = request;
    if (DONE.has(opcode)) return Buffer.alloc(0);
    const answer = this.#answers[opcode];
    if (answer === undefined) throw refused("ENOSYS");
    return answer(request);
  }

  #attributes({ path, id }: Request): Buffer {
    return Buffer.concat([Buffer.alloc(16), attributes(id, this.#tree.stat(path))]);
  }

  #entry(path: string): Buffer {
    const stats = this.#tree.stat(path);
    const id = this.#ids.of(path);
    const head = Buffer.alloc(40);
    head.writeBigUInt64LE(id, 0);
    return Buffer.concat([head, attributes(id, stats)]);
  }

  #entries(path: string, body: Buffer): Buffer {
    const from = Number(body.readBigUInt64LE(8));
    const limit = body.readUInt32LE(16);
    const entries: Buffer[] = [];
    let bytes = 0;
    const names = this.#tree.list(path);
    for (const [index, name] of names.entries()) {
      if (index < from) continue;
      const text = Buffer.from(name);
      const entry = Buffer.alloc(Math.ceil((24 + text.length) / 8) * 8);
      entry.writeBigUInt64LE(this.#ids.of(join(path, name)), 0);
      entry.writeBigUInt64LE(BigInt(index + 1), 8);
      entry.writeUInt32LE(text.length, 16);
      entry.writeUInt32LE(this.#kind(join(path, name)), 20);
      text.copy(entry, 24);
      if (bytes + entry.length > limit) break;
      entries.push(entry);
      bytes += entry.length;
    }
    return Buffer.concat(entries);
  }

  /** As in the type of a directory's entry. */
  #kind(path: string): number {
    try {
      return (this.#tree.stat(path).mode & 0o170000) >> 12;
    } catch {
      return 0; // it left just now
    }
  }

  #write(path: string, body: Buffer): Buffer | undefined {
    const size = body.readUInt32LE(16);
    const done = this.#tree.write(path, body.subarray(40, 40 + size).toString());
    if (done === undefined) return undefined;
    const out = Buffer.alloc(8);
    out.writeUInt32LE(size, 0);
    return out;
  }
}

function piece(content: Buffer, body: Buffer): Buffer {
  const offset = Number(body.readBigUInt64LE(8));
  return content.subarray(offset, offset + body.readUInt32LE(16));
}

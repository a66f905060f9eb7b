/**
 * A process of its own that touches storage, so that a file system that never answers holds up nobody
 * but this process. A request a line on stdin, a reply a line on stdout; ends with its stdin.
 */
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeFileSync,
  type BigIntStats,
  existsSync,
  renameSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type {
  DirectoryFacts,
  FileFacts,
  HandReply,
  HandRequest,
  Ownership,
  Space,
  VolumeFacts,
} from "./hand-protocol.ts";
import { HEADER_BYTES, readImageHeader } from "@vireo/qemu/block/image-header";
import { isHidden } from "./hidden-name.ts";
import { scsiUnits } from "./scsi-unit.ts";

const BLOCK = 512;
const NANOSECONDS = 1_000_000_000n;
const DEFAULT_MODE = 0o600;
const DEFAULT_DIRECTORY_MODE = 0o711;

const seconds = (ns: bigint): string =>
  `${ns / NANOSECONDS}.${(ns % NANOSECONDS).toString().padStart(9, "0")}`;

function kindOf(stat: BigIntStats): FileFacts["type"] | undefined {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "dir";
  return stat.isBlockDevice() ? "block" : undefined;
}

function factsOf(path: string, stat: BigIntStats, type: FileFacts["type"]): FileFacts {
  return {
    name: basename(path),
    type,
    size: Number(stat.size),
    allocated: Number(stat.blocks) * BLOCK,
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    times: [
      seconds(stat.atimeNs),
      seconds(stat.mtimeNs),
      seconds(stat.ctimeNs),
      seconds(stat.birthtimeNs),
    ],
  };
}

function fileFacts(path: string): FileFacts | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  const type = stat === undefined ? undefined : kindOf(stat);
  return stat === undefined || type === undefined ? undefined : factsOf(path, stat, type);
}

/** Sockets, pipes, devices and dangling links are no volumes. */
function volumeFacts(path: string): VolumeFacts | undefined {
  const facts = fileFacts(path);
  if (facts === undefined) return undefined;
  if (facts.type === "dir") return { ...facts, image: { format: "dir", capacity: facts.size } };
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const head = Buffer.alloc(HEADER_BYTES);
    const size = Number(fstatSync(fd).size);
    const image = readImageHeader(head.subarray(0, readSync(fd, head, 0, HEADER_BYTES, 0)), size);
    return { ...facts, image, ...backingOf(path, image.backing?.path) };
  } finally {
    closeSync(fd);
  }
}

/** Only a look at the file; what it holds is not read. */
function backingOf(path: string, named: string | undefined): Partial<VolumeFacts> {
  if (named === undefined) return {};
  if (/^[a-z][a-z0-9+]*:/i.test(named)) return { backingPath: named };
  const backingPath = resolve(dirname(path), named);
  const backing = fileFacts(backingPath);
  return { backingPath, ...(backing === undefined ? {} : { backing }) };
}

function spaceOf(path: string): Space {
  const { bsize, blocks, bfree } = statfsSync(path);
  return { capacity: blocks * bsize, available: bfree * bsize };
}

function directoryFacts(path: string, names: readonly string[]): DirectoryFacts {
  const stat = statSync(path, { bigint: true });
  const volumes = names.flatMap((name) => attempt(() => volumeFacts(join(path, name))) ?? []);
  return { space: spaceOf(path), directory: factsOf(path, stat, "dir"), volumes };
}

/** A file that goes away or may not be read while we look is not there. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function own(path: string, { mode, uid, gid }: Ownership): void {
  if (uid !== undefined || gid !== undefined) {
    const now = statSync(path);
    chownSync(path, uid ?? now.uid, gid ?? now.gid);
  }
  if (mode !== undefined) chmodSync(path, mode);
}

function createRaw(path: string, capacity: number, ownership: Ownership): void {
  const fd = openSync(path, "wx", DEFAULT_MODE);
  try {
    ftruncateSync(fd, capacity);
    own(path, ownership);
    fsyncSync(fd);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(fd);
  }
}

function makeDirectory(path: string, { mode = DEFAULT_DIRECTORY_MODE, uid, gid }: Ownership): void {
  mkdirSync(path, { recursive: true });
  own(path, { mode, uid, gid });
}

/** Unlike `rename`, replaces nothing. */
/** What file systems without hard links say of one. */
const NO_LINKS: ReadonlySet<string> = new Set([
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EMLINK",
]);

function renameToFree(path: string, target: string): void {
  try {
    linkSync(path, target);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!NO_LINKS.has(code) || existsSync(target)) throw error;
    renameSync(path, target);
    return;
  }
  unlinkSync(path);
}

/** Control characters in a name would end up in XML, which cannot hold them. */
const isVolumeName = (name: string): boolean =>
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  !/[\u0000-\u001f\u007f]/.test(name) && !isHidden(name);

function serve(request: HandRequest): unknown {
  const { path } = request;
  switch (request.verb) {
    case "scan":
      return directoryFacts(path, readdirSync(path).filter(isVolumeName));
    case "look":
      return directoryFacts(dirname(path), [basename(path)]);
    case "createRaw":
      return createRaw(path, request.capacity, request);
    case "own":
      return own(path, request);
    case "makeDirectory":
      return makeDirectory(path, request);
    case "trigger":
      return writeFileSync(path, "- - -");
    case "units":
      return scsiUnits(path, request.target, request);
    case "remove":
      return unlinkSync(path);
    case "rename":
      return renameToFree(path, request.target);
    case "removeDirectory":
      return rmdirSync(path);
  }
}

function answer(request: string): HandReply {
  try {
    const found = serve(JSON.parse(request) as HandRequest); // written by our own daemon
    return { ok: true, answer: found ?? null };
  } catch (error) {
    const errno = error instanceof Error && "errno" in error ? Number(error.errno) : 0;
    return { ok: false, errno: Math.abs(errno), reason: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(answer(line))}\n`);

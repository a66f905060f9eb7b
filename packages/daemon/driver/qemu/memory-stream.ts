/** A guest's memory and device state in and out of QEMU, as its migration stream over a socket. */
import { createReadStream } from "node:fs";
import { createServer, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { virError } from "@vireo/model/error";
import type { JsonObject } from "@vireo/qemu/json";
import { connectUnix, removeSocket } from "../../host/unix-listener.ts";
import type { DomainJob } from "./domain-job.ts";
import { migrationFigures } from "./job-figures.ts";
import { unpacker } from "./image-packing.ts";
import type { SavedImage } from "./saved-image.ts";

export type Ask = (command: string, args?: JsonObject) => Promise<unknown>;

const LOOK_MS = 50;
/** A disk that takes nothing for so long is not worth waiting for. */
const STALL_MS = 60_000;
const CONNECT_MS = 10_000;
/** Nothing else is to slow down a guest that stands still: bytes per second. */
const FULL_SPEED = 2 ** 53 - 1;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null;

const field = (value: unknown, name: string): unknown =>
  isObject(value) ? value[name] : undefined;

const stalled = () =>
  virError("operationTimeout", "the memory of the guest does not move any more");

/**
 * Resolves when the migration is over.
 * @throws VireoError `operationFailed` with QEMU's reason, `operationAborted` when the job was
 */
async function migrated(ask: Ask, progress: () => number, job?: DomainJob): Promise<void> {
  let moved = -1;
  let since = performance.now();
  for (;;) {
    const info = await ask("query-migrate");
    job?.report(migrationFigures(info));
    const status = field(info, "status");
    if (status === "completed") return;
    if (status === "failed" || status === "cancelled")
      throw virError("operationFailed", String(field(info, "error-desc") ?? `migration ${status}`));
    job?.signal.throwIfAborted();
    const now = progress();
    if (now !== moved) since = performance.now();
    if (performance.now() - since > STALL_MS) throw stalled();
    moved = now;
    await sleep(LOOK_MS);
  }
}

/** Resolves when QEMU is ready to try again, or gone. */
async function givenUp(ask: Ask): Promise<void> {
  try {
    await ask("migrate_cancel");
    await migrated(ask, () => 0);
  } catch {
    // it was cancelled, as asked; or it ended, which the caller's error tells
  }
}

/** Takes the one connection that QEMU makes; nobody else can reach the directory. */
async function accepted(path: string, connect: () => Promise<unknown>): Promise<Socket> {
  removeSocket(path);
  const server = createServer();
  const socket = new Promise<Socket>((resolve, reject) => {
    const late = setTimeout(
      () => reject(virError("operationTimeout", "QEMU does not send the memory of the guest")),
      CONNECT_MS,
    );
    server.once("error", reject);
    server.once("connection", (one) => {
      clearTimeout(late);
      resolve(one);
    });
  });
  try {
    await new Promise<void>((done) => void server.listen(path, done));
    await connect();
    return await socket;
  } finally {
    socket.catch(() => undefined); // told by `connect` already
    server.close();
  }
}

export interface TakingOut {
  /** A socket for the time of the transfer. */
  readonly path: string;
  /** Is told how far it is, and can be aborted. */
  readonly job: DomainJob;
}

/**
 * Sends the state of a guest whose vCPUs stand still to `sink`, which is also given the question
 * whether all of it came.
 */
export async function takeOut(
  ask: Ask,
  { path, job }: TakingOut,
  sink: (stream: Socket, confirm: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await ask("migrate-set-parameters", { "max-bandwidth": FULL_SPEED });
  const stream = await accepted(path, () => ask("migrate", { uri: `unix:${path}` }));
  stream.setTimeout(STALL_MS, () => void stream.destroy(stalled()));
  const over = migrated(ask, () => stream.bytesRead, job);
  over.catch((error: unknown) => stream.destroy(error instanceof Error ? error : stalled()));
  try {
    await sink(stream, () => over);
  } catch (error) {
    await givenUp(ask);
    throw error;
  }
}

const streamOf = ({ path, streamStart, streamLength }: SavedImage) =>
  createReadStream(path, { start: streamStart, end: streamStart + streamLength - 1 });

/** Fills a QEMU that was started with `-incoming defer`. */
export async function putIn(ask: Ask, path: string, image: SavedImage): Promise<void> {
  await ask("migrate-incoming", { uri: `unix:${path}` });
  const socket = connectUnix(path);
  // QEMU hangs up as soon as it has all: whether it has, only QEMU knows
  pipeline(streamOf(image), unpacker(image.packing), socket).catch(() => undefined);
  try {
    await migrated(ask, () => socket.bytesWritten);
  } finally {
    socket.destroy();
  }
}

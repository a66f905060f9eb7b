/** Brings images of others into a pool. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout } from "node:timers/promises";
import { attempt, CommandError, done, type Answer } from "../../answer.ts";
import type { newDomainCommands } from "../../catalog/new-domain.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { Connection } from "../../connection.ts";
import { findPool } from "../../lookup.ts";
import { fillVolume, makeVolume } from "../../new-volume.ts";
import { systemReason } from "../../read-file.ts";
import { Rollback } from "../../rollback.ts";

type Wish = ArgumentsOf<(typeof newDomainCommands)["image-import"]>;

interface Source {
  readonly bytes: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

const isUrl = (source: string): boolean => /^https?:\/\//.test(source);

async function fromUrl(url: string): Promise<Source> {
  const answer = await fetch(url).catch((error: unknown) => {
    throw new CommandError(`cannot fetch '${url}': ${String(error)}`);
  });
  if (!answer.ok || answer.body === null)
    throw new CommandError(`cannot fetch '${url}': ${answer.status} ${answer.statusText}`);
  return { bytes: Number(answer.headers.get("content-length") ?? 0), pieces: answer.body };
}

async function fromFile(path: string): Promise<Source> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw new CommandError(`cannot read ${path}: ${systemReason(error)}`);
  });
  return { bytes: size, pieces: createReadStream(path) };
}

async function* hashed(
  pieces: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

const REFRESH_TRIES = 50;
const REFRESH_MS = 100;

/** The daemon still looks at what was uploaded when the stream has ended, and refuses until it is done. */
async function refresh(connection: Connection, poolName: string): Promise<void> {
  const pool = await findPool(connection, poolName);
  for (let attempts = 1; ; attempts += 1)
    try {
      await connection.call("storagePoolRefresh", { pool, flags: 0 });
      return;
    } catch (error) {
      const busy = error instanceof Error && error.message.includes("asynchronous jobs");
      if (!busy || attempts === REFRESH_TRIES) throw error;
      await setTimeout(REFRESH_MS);
    }
}

export async function importImage(wish: Wish, connection: Connection): Promise<Answer> {
  const { source, sha256, pool: poolName = "default" } = wish;
  const name = wish.name ?? basename(isUrl(source) ? new URL(source).pathname : source);
  const sum = await attempt(
    `Failed to import '${source}'`,
    Rollback.around(async (steps) => {
      const { bytes, pieces } = isUrl(source) ? await fromUrl(source) : await fromFile(source);
      const making = { connection, steps };
      const { vol } = await makeVolume(making, {
        pool: poolName,
        name,
        capacity: BigInt(bytes),
        format: "raw",
      });
      const hash = createHash("sha256");
      await fillVolume(connection, vol, hashed(pieces, hash));
      const found = hash.digest("hex");
      if (sha256 !== undefined && found !== sha256.toLowerCase())
        throw new CommandError(`its SHA-256 is ${found}, not ${sha256}`);
      // only now is it looked at which format it has
      await refresh(connection, poolName);
      return found;
    }),
  );
  return done(`Image '${name}' imported into pool '${poolName}', SHA-256 ${sum}`, {
    name,
    sha256: sum,
  });
}

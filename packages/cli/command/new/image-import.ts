/** Brings images of others into a pool. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { OPERATIONS } from "@vireo/model/operation/operations";
import { parseLibvirtUri } from "@vireo/sdk/libvirt/libvirt-uri";
import { attempt, CommandError, done, type Answer } from "../../answer.ts";
import type { newDomainCommands } from "../../catalog/new-domain.ts";
import type { ArgumentsOf } from "../../catalog/option.ts";
import type { Connection } from "../../connection.ts";
import { findPool } from "../../lookup.ts";
import { fillVolume, makeVolume, noDeadline } from "../../new-volume.ts";
import { systemReason } from "../../read-file.ts";
import { Rollback } from "../../rollback.ts";

type Wish = ArgumentsOf<(typeof newDomainCommands)["image-import"]>;

interface Source {
  readonly bytes: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

const isUrl = (source: string): boolean => /^https?:\/\//.test(source);

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

/** Whether the daemon sees our files. */
const isHere = ({ uri }: Connection): boolean =>
  ["unix", "local"].includes(parseLibvirtUri(uri).transport);

interface Imported {
  readonly name: string;
  readonly sha256: string;
}

/** The daemon fetches it, whatever becomes of us. */
function imported(connection: Connection, wish: Wish): Promise<Imported> {
  const { pool = "default", name, sha256 } = wish;
  const source = isUrl(wish.source) ? wish.source : resolve(wish.source);
  const input = { pool: { name: pool }, source, name, sha256 };
  return connection.run(OPERATIONS.image.import, input, noDeadline);
}

/** A file that the daemon cannot see. */
const uploaded = (connection: Connection, wish: Wish): Promise<Imported> =>
  Rollback.around(async (steps) => {
    const { source, sha256, pool = "default", name = basename(source) } = wish;
    const { bytes, pieces } = await fromFile(source);
    const capacity = BigInt(bytes);
    const { vol } = await makeVolume(
      { connection, steps },
      { pool, name, capacity, format: "raw" },
    );
    const hash = createHash("sha256");
    await fillVolume(connection, vol, hashed(pieces, hash));
    const found = hash.digest("hex");
    if (sha256 !== undefined && found !== sha256.toLowerCase())
      throw new CommandError(`its SHA-256 is ${found}, not ${sha256}`);
    // only now is it looked at which format it has
    await refresh(connection, pool);
    return { name, sha256: found };
  });

export async function importImage(wish: Wish, connection: Connection): Promise<Answer> {
  const { source, pool = "default" } = wish;
  const isTheirs = isUrl(source) || isHere(connection);
  const { name, sha256 } = await attempt(
    `Failed to import '${source}'`,
    isTheirs ? imported(connection, wish) : uploaded(connection, wish),
  );
  return done(`Image '${name}' imported into pool '${pool}', SHA-256 ${sha256}`, { name, sha256 });
}

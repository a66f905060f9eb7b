/** Notices pools whose storage has stopped to answer before anybody waits for it. */
import { explainError } from "@vireo/model/error";
import { targetOf } from "./directory-backend.ts";
import type { PoolList } from "./pool-list.ts";
import type { Pool } from "./pool.ts";
import { runCommand } from "./storage-hand.ts";
import { volumesOf } from "./volume-look.ts";

const INTERVAL_MS = 30_000;
/** A file system that takes longer to tell its size is of no use to a guest either. */
const ANSWER_MS = 5000;

/** Asks the file system for its size, which a dead server cannot answer from memory. */
async function feel(list: PoolList, pool: Pool): Promise<void> {
  const path = targetOf(pool.definition);
  try {
    await runCommand(["stat", "--file-system", "--", path], { timeoutMs: ANSWER_MS });
    pool.unreachable = undefined;
  } catch (error) {
    if (pool.live === undefined) return;
    if (pool.unreachable === undefined)
      list.log.warn({ pool: pool.identity.name }, `storage pool: ${explainError(error)}`);
    pool.unreachable ??= explainError(error);
  }
}

/** @returns what ends the watch */
export function watchPools(list: PoolList): () => void {
  const asked = new Set<Pool>();
  const timer = setInterval(() => {
    for (const pool of list.all()) {
      if (pool.live === undefined || asked.has(pool) || pool.busy !== undefined) continue;
      if (volumesOf(pool.definition) !== "files") continue;
      asked.add(pool);
      void feel(list, pool).finally(() => asked.delete(pool));
    }
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

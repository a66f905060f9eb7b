/**
 * Brings an image into a pool. It is written beside its place under a hidden name, which the journal
 * has, and appears whole: a daemon that dies meanwhile leaves nothing that its next start does not remove.
 */
import { basename, join } from "node:path";
import { virError } from "@vireo/model/error";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import type { Call } from "../contract.ts";
import { readProgram } from "../../host/program-stream.ts";
import type { JobJournal } from "../../state/job-journal.ts";
import { newUuid } from "../../state/new-uuid.ts";
import { importPath } from "./hidden-name.ts";
import type { ImportNews } from "./import-news.ts";
import type { PoolList } from "./pool-list.ts";
import type { Pool } from "./pool.ts";
import { targetOf } from "./directory-backend.ts";
import { lacking } from "./backend.ts";
import { askHand } from "./storage-hand.ts";
import { checkVolumeName } from "./volume-create.ts";
import { lookAtVolume, volumesOf } from "./volume-look.ts";

const PROGRAM = join(import.meta.dirname, "import-main.ts");
const LINE_LIMIT = 64 * 1024;

type Wish = OperationInput<"image", "import">;

export interface ImportWork {
  readonly list: PoolList;
  readonly journal: JobJournal;
}

const isUrl = (source: string): boolean => /^https?:\/\//.test(source);

/** @throws VireoError `invalidArg` */
function nameOf({ name, source }: Wish): string {
  if (!isUrl(source) && !source.startsWith("/"))
    throw virError("invalidArg", `'${source}' is neither an absolute path nor an http(s) URL`);
  const chosen = name ?? basename(isUrl(source) ? new URL(source).pathname : source);
  if (chosen === "") throw virError("invalidArg", `'${source}' names no file`);
  checkVolumeName(chosen);
  return chosen;
}

/** Each line as soon as it is there; the last is the outcome. @throws VireoError */
async function run(source: string, target: string, call: Call): Promise<ImportNews> {
  const words = ["--disable-warning=ExperimentalWarning", PROGRAM, source, target];
  const said = readProgram(process.execPath, words);
  const end = (): void =>
    void said.destroy(virError("operationAborted", "import: canceled by client"));
  if (call.signal?.aborted === true) end();
  call.signal?.addEventListener("abort", end, { once: true });
  let rest = "";
  let last: ImportNews = { bytes: 0, error: "nothing was said" };
  for await (const piece of said) {
    const lines = (rest + String(piece)).split("\n");
    rest = (lines.pop() ?? "").slice(-LINE_LIMIT);
    for (const line of lines) {
      last = JSON.parse(line) as ImportNews; // our own program's
      call.progress?.({ done: last.bytes, total: last.total ?? 0 });
    }
  }
  return last;
}

async function fetchInto(
  { source, sha256: wanted }: Wish,
  target: string,
  call: Call,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { error, bytes, sha256 = "" } = await run(source, target, call);
  if (error !== undefined) throw virError("operationFailed", `cannot import '${source}': ${error}`);
  if (wanted !== undefined && wanted.toLowerCase() !== sha256)
    throw virError("operationFailed", `'${source}': its SHA-256 is ${sha256}, not ${wanted}`);
  return { bytes, sha256 };
}

async function bring(
  { journal }: ImportWork,
  { pool, name, wish }: { readonly pool: Pool; readonly name: string; readonly wish: Wish },
  call: Call,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const path = join(targetOf(pool.active().definition), name);
  const uuid = newUuid();
  const hidden = importPath(path, uuid);
  const entry = { uuid, operation: "import", note: { path: hidden } };
  return journal.during(entry, async () => {
    try {
      const fetched = await fetchInto(wish, hidden, call);
      await askHand({ verb: "rename", path: hidden, target: path }, `cannot make '${path}'`);
      return fetched;
    } catch (error) {
      await askHand({ verb: "remove", path: hidden }, "").catch(() => undefined); // as far as it came
      throw error;
    }
  });
}

export async function importImage(
  work: ImportWork,
  wish: Wish,
  call: Call,
): Promise<OperationOutput<"image", "import">> {
  const pool = work.list.find(wish.pool);
  const { definition, volumes } = pool.active();
  if (volumesOf(definition) !== "files")
    throw lacking("storage pool does not support images from elsewhere");
  const name = nameOf(wish);
  if (volumes.has(name) || pool.building.has(name)) throw virError("storageVolExist", `'${name}'`);
  pool.reachable();
  pool.jobs += 1;
  pool.building.add(name);
  try {
    const fetched = await bring(work, { pool, name, wish }, call);
    const path = join(targetOf(definition), name);
    await lookAtVolume(pool, { ...NEW, name, target: { path } });
    const format = pool.volume(name).target?.format?.type;
    return { pool: pool.identity.name, name, path, format, ...fetched };
  } finally {
    pool.building.delete(name);
    pool.jobs -= 1;
  }
}

const NEW = { type: "file", capacity: 0, allocation: 0 } as const;

/** Removes what earlier daemons had begun. */
export async function recoverImports({ journal, list }: ImportWork): Promise<void> {
  for (const entry of await journal.load()) {
    const { path } = entry.note;
    if (typeof path === "string") {
      list.log.warn({ path }, "an import was interrupted: what had come is removed");
      await askHand({ verb: "remove", path }, "").catch(() => undefined); // it was gone, or its storage is
    }
    await journal.remove(entry);
  }
}

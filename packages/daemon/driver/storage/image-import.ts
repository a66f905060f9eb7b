/** Brings an image into a pool, where it appears whole. */
import { basename, join } from "node:path";
import { virError } from "@vireo/model/error";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import type { Call } from "../contract.ts";
import { readProgram } from "../../host/program-stream.ts";
import type { ImportNews } from "./import-news.ts";
import type { PoolList } from "./pool-list.ts";
import { targetOf } from "./directory-backend.ts";
import { lacking } from "./backend.ts";
import { appearWhole, type Unfinished } from "./unfinished-file.ts";
import { checkVolumeName } from "./volume-create.ts";
import { lookAtVolume, volumesOf } from "./volume-look.ts";

const PROGRAM = join(import.meta.dirname, "import-main.ts");
const LINE_LIMIT = 64 * 1024;

type Wish = OperationInput<"image", "import">;

export interface ImportWork extends Unfinished {
  readonly list: PoolList;
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
    const path = join(targetOf(definition), name);
    const fetched = await appearWhole(work, { path, operation: "import" }, (hidden) =>
      fetchInto(wish, hidden, call),
    );
    await lookAtVolume(pool, { ...NEW, name, target: { path } });
    const format = pool.volume(name).target?.format?.type;
    return { pool: pool.identity.name, name, path, format, ...fetched };
  } finally {
    pool.building.delete(name);
    pool.jobs -= 1;
  }
}

const NEW = { type: "file", capacity: 0, allocation: 0 } as const;

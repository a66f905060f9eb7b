/** Operations on images. */
import type { Logger } from "pino";
import { virError } from "@vireo/model/error";
import { cleanPath } from "@vireo/model/storage/clean-path";
import type { ImageReader, ImageReaders, OpenImage, Role } from "../contract.ts";
import {
  imageGraph,
  imagesAbove,
  imagesBelow,
  readersOf,
  type Image,
  type KnownVolume,
} from "./image-graph.ts";
import type { JobJournal } from "../../state/job-journal.ts";
import { importImage } from "./image-import.ts";
import type { FoundVolume, PoolList } from "./pool-list.ts";
import { refreshPool } from "./pool-role.ts";
import type { Quarantine } from "./quarantine.ts";
import { askHand } from "./storage-hand.ts";

export interface ImageWork {
  readonly list: PoolList;
  readonly images: () => ImageReaders | undefined;
  readonly quarantine: Quarantine;
  /** Imports that are under way. */
  readonly journal: JobJournal;
  readonly log: Logger;
}

const knownVolumes = (list: PoolList): readonly KnownVolume[] =>
  list.all().flatMap((pool) =>
    Array.from(pool.live?.volumes.values() ?? [], (volume) => ({
      pool: pool.identity.name,
      volume,
    })),
  );

async function look({ list, images }: ImageWork) {
  const readers = (await images()?.all()) ?? [];
  return { readers, graph: imageGraph(knownVolumes(list), readers) };
}

/**
 * How a volume may be taken away: not under a running domain, nor under a layer that a domain or a
 * snapshot needs. Two answers are libvirt's: a layer that nobody needs is no reason (`image.delete` is
 * stricter), and neither is a running domain without a definition, as long as nobody else reads the
 * file; it is put away then, so that nothing is lost.
 * @returns the running domains that have the image open, for which it has to be put away
 * @throws VireoError `operationInvalid` that names the reader
 */
export async function readersToOutlive(
  work: ImageWork,
  { volume }: FoundVolume,
): Promise<readonly string[]> {
  const path = volume.target?.path ?? "";
  const open = (work.images()?.open() ?? []).filter((one) => one.path === path);
  const who = open.find(({ passing }) => !passing)?.who ?? (await readerBeside(work, path, open));
  if (who !== undefined)
    throw virError("operationInvalid", `volume '${volume.name}' is read by ${who}`);
  return open.map((one) => one.who);
}

/** Who keeps an image from going, apart from those who have it `open`. */
async function readerBeside(
  work: ImageWork,
  path: string,
  open: readonly OpenImage[],
): Promise<string | undefined> {
  const { readers, graph } = await look(work);
  if (open.length === 0) return readerAbove(readers, path);
  const named = new Set(open.map((one) => one.who));
  return readersOf(graph, readers, path).find((who) => !named.has(who));
}

/** Who has an image that lies upon this one. */
function readerAbove(readers: readonly ImageReader[], path: string): string | undefined {
  const reader = readers.find(({ chain }) => chain.some((one, at) => at > 0 && one.path === path));
  return reader && `${reader.who}, whose '${reader.chain[0]?.path ?? ""}' is a layer upon it`;
}

/** For how long a file is kept that was put away, unless somebody says otherwise. */
export const KEEP_MS = 7 * 24 * 3_600_000;

const found = (graph: ReadonlyMap<string, Image>, path: string): Image => {
  const image = graph.get(path);
  if (image !== undefined) return image;
  throw virError("noStorageVol", `no pool, domain or snapshot knows an image '${path}'`);
};

/** Pools see the change at once. */
async function lookAgain(list: PoolList, { pool }: Image): Promise<void> {
  const known = pool === undefined ? undefined : list.byName(pool);
  if (known !== undefined) await refreshPool(list, known).catch(() => undefined); // the deletion stands
}

export const imageRole = (work: ImageWork): Role<"image"> => ({
  graph: async () => ({
    images: [...(await look(work)).graph.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    quarantine: work.quarantine.all,
  }),
  why: async (input) => {
    const path = cleanPath(input.path);
    const { graph, readers } = await look(work);
    return {
      image: found(graph, path),
      below: imagesBelow(graph, path),
      above: imagesAbove(graph, path),
      readers: readersOf(graph, readers, path),
    };
  },
  delete: async ({ path: given, force, keepSeconds = KEEP_MS / 1000 }) => {
    const path = cleanPath(given);
    const { graph, readers } = await look(work);
    const image = found(graph, path);
    const who = readersOf(graph, readers, path);
    if (who.length > 0 && force !== true)
      throw virError("operationInvalid", `image '${path}' is read by ${who.join("; ")}`);
    const quarantined =
      who.length > 0 ? await work.quarantine.add(path, keepSeconds * 1000) : undefined;
    if (quarantined === undefined)
      await askHand({ verb: "remove", path }, `cannot unlink file '${path}'`);
    await lookAgain(work.list, image);
    return { quarantined };
  },
  import: (wish, call) => importImage(work, wish, call),
  restore: async ({ path }) => {
    await work.quarantine.restore(cleanPath(path));
    for (const pool of work.list.all())
      if (pool.live !== undefined) await refreshPool(work.list, pool).catch(() => undefined); // told by the pool's state
  },
});

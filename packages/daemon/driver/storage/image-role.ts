/** Operations on images. */
import { virError } from "@vireo/model/error";
import { cleanPath } from "@vireo/model/storage/clean-path";
import type { ImageReaders, Role } from "../contract.ts";
import { lookAtFile } from "./directory-backend.ts";
import {
  imageGraph,
  imagesAbove,
  imagesBelow,
  readersOf,
  type Image,
  type KnownVolume,
} from "./image-graph.ts";
import type { FoundVolume, PoolList } from "./pool-list.ts";
import { refreshPool } from "./pool-role.ts";
import type { Quarantine } from "./quarantine.ts";
import { askHand } from "./storage-hand.ts";

export interface ImageWork {
  readonly list: PoolList;
  readonly images: () => ImageReaders | undefined;
  readonly quarantine: Quarantine;
}

const WEEK_S = 7 * 24 * 3600;

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

/** What is seen of a volume may be old: a layer that is gone, or upon something else now, counts no more. */
async function isStillUpon(above: string, path: string): Promise<boolean> {
  const seen = await lookAtFile(above).catch(() => undefined);
  return seen === undefined || seen.volumes.some(({ backingPath }) => backingPath === path);
}

async function firstLayer(list: PoolList, path: string): Promise<string | undefined> {
  for (const above of imagesAbove(imageGraph(knownVolumes(list), []), path))
    if (await isStillUpon(above, path)) return above;
  return undefined;
}

/**
 * Refuses to take a volume away under a running domain, or under an image that is a layer upon it.
 * @throws VireoError `operationInvalid` that names the reader
 */
export async function refuseRead(
  { list, images }: Pick<ImageWork, "list" | "images">,
  { volume }: FoundVolume,
): Promise<void> {
  const path = volume.target?.path ?? "";
  const open = images()
    ?.open()
    .find((one) => one.path === path);
  const layer = open === undefined ? await firstLayer(list, path) : undefined;
  const who = open?.who ?? (layer === undefined ? undefined : `image '${layer}', a layer upon it`);
  if (who !== undefined)
    throw virError("operationInvalid", `volume '${volume.name}' is read by ${who}`);
}

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
  delete: async ({ path: given, force, keepSeconds = WEEK_S }) => {
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
  restore: async ({ path }) => {
    await work.quarantine.restore(cleanPath(path));
    for (const pool of work.list.all())
      if (pool.live !== undefined) await refreshPool(work.list, pool).catch(() => undefined); // told by the pool's state
  },
});

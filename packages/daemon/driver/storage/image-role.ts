/** Operations on images. */
import { virError } from "@vireo/model/error";
import { cleanPath } from "@vireo/model/storage/clean-path";
import type { ImageReader, ImageReaders, Role } from "../contract.ts";
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

/**
 * Refuses to take a volume away under a running domain, or under a layer that a domain or a snapshot
 * needs. A layer that nobody needs is no reason, as in libvirt; `image.delete` is stricter.
 * @throws VireoError `operationInvalid` that names the reader
 */
export async function refuseRead(
  { images }: Pick<ImageWork, "images">,
  { volume }: FoundVolume,
): Promise<void> {
  const path = volume.target?.path ?? "";
  const open = images()
    ?.open()
    .find((one) => one.path === path);
  const who = open?.who ?? readerAbove((await images()?.all()) ?? [], path);
  if (who !== undefined)
    throw virError("operationInvalid", `volume '${volume.name}' is read by ${who}`);
}

/** Who has an image that lies upon this one. */
function readerAbove(readers: readonly ImageReader[], path: string): string | undefined {
  const reader = readers.find(({ chain }) => chain.some((one, at) => at > 0 && one.path === path));
  return reader && `${reader.who}, whose '${reader.chain[0]?.path ?? ""}' is a layer upon it`;
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

/**
 * Who reads an image: the definition and the running configuration of each domain that Vireo knows,
 * each snapshot, and every image that another one falls back to. Asked before any image is written
 * to from outside, or removed.
 */
import type { Disk } from "@vireo/model/domain/device/disk";
import type { Domain } from "@vireo/model/domain/domain";
import { pathOf } from "@vireo/model/moment/align-disks";
import type { Snapshot } from "@vireo/model/moment/parse-snapshot";
import { removeIfThere } from "../../../host/file.ts";
import { imageChain, type ImageFacts } from "../../../host/qemu-img.ts";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import { volumePath } from "../volume-disks.ts";
import type { Volumes } from "../../contract.ts";

export interface Reader {
  /** In words, for an error. */
  readonly who: string;
  readonly actor: DomainActor;
  /** The snapshot that needs the image, when it is not the domain itself. */
  readonly snapshot?: Snapshot;
  readonly live?: boolean;
  /** The image it reads, and all below, top first. */
  readonly chain: readonly ImageFacts[];
}

type Root = Omit<Reader, "chain"> & { readonly path: string };

/** Where a disk's image is on this host; undefined when it is not there, or of a volume that nobody knows. */
export const imageOf = (disk: Disk, volumes: Volumes | undefined): string | undefined =>
  pathOf(disk) ?? volumePath(disk, volumes);

function rootsOf(actor: DomainActor, volumes: Volumes | undefined): readonly Root[] {
  const pathsIn = (config: Domain | undefined): readonly string[] =>
    (config?.devices?.disks ?? []).flatMap((disk) => imageOf(disk, volumes) ?? []);
  const { name, definition, live, snapshots } = actor.view;
  return [
    ...pathsIn(definition).map((path) => ({ who: `domain '${name}'`, actor, path })),
    ...pathsIn(live?.config).map((path) => ({
      who: `running domain '${name}'`,
      actor,
      path,
      live: true,
    })),
    ...[...(snapshots?.all.values() ?? [])].flatMap((snapshot) =>
      pathsIn(snapshot.domain).map((path) => ({
        who: `snapshot '${snapshot.name}' of domain '${name}'`,
        actor,
        snapshot,
        path,
      })),
    ),
  ];
}

/** All readers of images on this host. One image is looked at once; what is not there is read by nobody. */
export async function allReaders({
  env,
  list,
}: Pick<Definitions, "env" | "list">): Promise<readonly Reader[]> {
  const chains = new Map<string, Promise<readonly ImageFacts[]>>();
  const chainOf = (path: string): Promise<readonly ImageFacts[]> => {
    const known = chains.get(path) ?? imageChain(path).catch(() => [plain(path)]);
    chains.set(path, known);
    return known;
  };
  const roots = list.all().flatMap((actor) => rootsOf(actor, env.volumes));
  return Promise.all(
    roots.map(async ({ path, ...root }) => ({ ...root, chain: await chainOf(path) })),
  );
}

/** An image that cannot be looked at is read at least by who names it. */
const plain = (path: string): ImageFacts => ({ path, format: "raw", size: 0, tags: [] });

export const reads = ({ chain }: Reader, path: string): boolean =>
  chain.some((image) => image.path === path);

/** The image right above `path` in what a reader reads; undefined when it reads it as its own. */
export function above({ chain }: Reader, path: string): ImageFacts | undefined {
  const at = chain.findIndex((image) => image.path === path);
  return at > 0 ? chain[at - 1] : undefined;
}

interface Dropping {
  readonly definitions: Pick<Definitions, "env" | "list">;
  readonly report: (what: string, error: unknown) => void;
}

/** Removes those of the images that nobody reads any more. */
export async function dropUnread(
  { definitions, report }: Dropping,
  candidates: readonly string[],
): Promise<void> {
  if (candidates.length === 0) return;
  const readers = await allReaders(definitions);
  for (const path of candidates)
    if (!readers.some((reader) => reads(reader, path)))
      await removeIfThere(path).catch((error: unknown) => report(`image ${path}`, error));
}

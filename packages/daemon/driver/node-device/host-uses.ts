/** What the host itself needs a device for: what is mounted from it, swapped to it, or reached through it. */
import { basename, join } from "node:path";
import { readTextIfThere } from "../../host/file.ts";
import type { DeviceTree } from "./device-tree.ts";

/** Controllers have ports, hosts, targets and units below them. */
const DEPTH = 12;

/** Directories with this name below a device, `block` or `net`. */
async function below(
  tree: DeviceTree,
  ...[directory, name, depth = DEPTH]: [directory: string, name: string, depth?: number]
): Promise<readonly string[]> {
  if (depth === 0) return [];
  const inside = await tree.directories(directory);
  const found = inside.includes(name) ? [join(directory, name)] : [];
  const deeper = inside
    .filter((one) => one !== name && one !== "power")
    .map((one) => below(tree, join(directory, one), name, depth - 1));
  return [...found, ...(await Promise.all(deeper)).flat()];
}

const namesBelow = async (
  tree: DeviceTree,
  directory: string,
  name: string,
): Promise<readonly string[]> => {
  const places = await below(tree, directory, name);
  return (await Promise.all(places.map((place) => tree.names(place)))).flat();
};

/** A disk, its partitions, and what is made of them: `dm-0`, `md0`. */
async function withHolders(
  tree: DeviceTree,
  disk: string,
  depth = DEPTH,
): Promise<readonly string[]> {
  const directory = tree.at(`class/block/${disk}`);
  const parts = (await tree.names(directory)).filter((name) => name.startsWith(disk));
  const holders = await tree.names(join(directory, "holders"));
  if (depth === 0) return [disk];
  const upper = [...parts, ...holders].map((one) => withHolders(tree, one, depth - 1));
  return [disk, ...(await Promise.all(upper)).flat()];
}

const linesOf = async (tree: DeviceTree, name: string): Promise<readonly (readonly string[])[]> => {
  const text = await readTextIfThere(join(tree.roots.proc, name)).catch(() => undefined);
  return (text ?? "").split("\n").map((line) => line.trim().split(/\s+/));
};

const MOUNT_NUMBER = 2;
const MOUNT_POINT = 4;

async function diskUses(tree: DeviceTree, disk: string): Promise<readonly string[]> {
  const names = await withHolders(tree, disk);
  const numbers = await Promise.all(
    names.map((name) => tree.text(tree.at(`class/block/${name}`), "dev")),
  );
  const known = new Set(numbers.filter((number) => number !== undefined));
  const mounts = (await linesOf(tree, "mountinfo")).flatMap((words) => {
    const point = words[MOUNT_POINT];
    return known.has(words[MOUNT_NUMBER] ?? "") && point !== undefined ? [point] : [];
  });
  const swaps = (await linesOf(tree, "swaps")).flatMap(([path = ""]) =>
    names.includes(basename(path)) ? [path] : [],
  );
  return [
    ...new Set(mounts.map((point) => `${point} is mounted from its disk ${disk}`)),
    ...swaps.map((path) => `the host swaps to ${path}`),
  ];
}

const NO_DESTINATION = /^0+$/;

/** Interfaces that default routes lead through. */
async function defaultInterfaces(tree: DeviceTree): Promise<ReadonlySet<string>> {
  const four = (await linesOf(tree, "net/route")).flatMap(([dev = "", to = "x", , , , , , mask]) =>
    NO_DESTINATION.test(to) && mask !== undefined && NO_DESTINATION.test(mask) ? [dev] : [],
  );
  const six = (await linesOf(tree, "net/ipv6_route")).flatMap((words) => {
    const [to = "x", length = "x", , , gateway = "0"] = words;
    const isDefault = NO_DESTINATION.test(to) && length === "00" && !NO_DESTINATION.test(gateway);
    return isDefault ? [words.at(-1) ?? ""] : [];
  });
  return new Set([...four, ...six]);
}

async function cardUses(
  tree: DeviceTree,
  card: string,
  defaults: ReadonlySet<string>,
): Promise<readonly string[]> {
  const master = await tree.link(tree.at(`class/net/${card}`), "master");
  const way = [card, ...(master === undefined ? [] : [master])].find((one) => defaults.has(one));
  if (way === undefined) return [];
  return [
    way === card
      ? `the default route leads through ${card}`
      : `the default route leads through ${way}, which ${card} belongs to`,
  ];
}

/** Why the host cannot do without the device; empty when it can. */
export async function hostUses(tree: DeviceTree, directory: string): Promise<readonly string[]> {
  const [disks, cards, defaults] = await Promise.all([
    namesBelow(tree, directory, "block"),
    namesBelow(tree, directory, "net"),
    defaultInterfaces(tree),
  ]);
  const uses = [
    ...disks.map((disk) => diskUses(tree, disk)),
    ...cards.map((card) => cardUses(tree, card, defaults)),
  ];
  return (await Promise.all(uses)).flat();
}

/** What `image-graph` prints: each image below the one that it is a layer upon. */
import type { OperationOutput } from "@vireo/model/operation/operations";

type Graph = OperationOutput<"image", "graph">;
type Image = Graph["images"][number];

const about = ({ path, format, pool, users }: Image): string =>
  [
    path,
    ...(format === undefined ? [] : [`(${format})`]),
    ...(pool === undefined ? [] : [`pool ${pool}`]),
    ...(users.length === 0 ? [] : [`used by ${users.map(({ who }) => who).join(", ")}`]),
  ].join(" ");

/** Bottom images first; one that is in a circle is shown once. */
export function graphText({ images, quarantine }: Graph): string {
  const known = new Set(images.map(({ path }) => path));
  const shown = new Set<string>();
  const tree = (image: Image, depth: number): string => {
    if (shown.has(image.path)) return "";
    shown.add(image.path);
    const layers = images.filter(({ backing }) => backing === image.path);
    const own = `${"  ".repeat(depth)}${about(image)}\n`;
    return own + layers.map((layer) => tree(layer, depth + 1)).join("");
  };
  const bottoms = images.filter(({ backing }) => backing === undefined || !known.has(backing));
  const trees = [...bottoms, ...images].map((image) => tree(image, 0)).join("");
  const waiting = quarantine.map(
    ({ path, until }) => `${path}: put away until ${new Date(until).toISOString()}\n`,
  );
  return trees + waiting.join("");
}

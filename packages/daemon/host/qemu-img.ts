/** What qemu-img knows of images, and does to images that no guest has open. */
import { execProgram } from "./exec.ts";
import { faultPoint } from "./fault-point.ts";

/** Copying the difference between two images may take long. */
const LONG_MS = 3_600_000;

const run = async (args: readonly string[], timeoutMs?: number): Promise<string> =>
  (await execProgram("qemu-img", args, timeoutMs === undefined ? {} : { timeoutMs })).stdout;

export interface ImageFacts {
  readonly path: string;
  readonly format: string;
  /** Bytes that a guest sees. */
  readonly size: number;
  /** Tags of the snapshots inside it. */
  readonly tags: readonly string[];
}

interface Info {
  readonly filename: string;
  readonly format: string;
  readonly "virtual-size": number;
  readonly snapshots?: readonly { readonly name: string }[];
}

const factsOf = ({ filename, format, snapshots = [], "virtual-size": size }: Info): ImageFacts => ({
  path: filename,
  format,
  size,
  tags: snapshots.map(({ name }) => name),
});

/**
 * An image and all below it, top first; also of one that a guest has open.
 * @throws VireoError `internalError`
 */
export async function imageChain(path: string): Promise<readonly ImageFacts[]> {
  const said = await run(["info", "-U", "--backing-chain", "--output=json", path]);
  return (JSON.parse(said) as readonly Info[]).map(factsOf); // qemu-img's own format
}

export interface Overlay {
  readonly path: string;
  readonly format: string;
  readonly backing: string;
  readonly backingFormat: string;
  readonly size: number;
}

/** Runs what changes an image; where the daemon may die in a test. */
async function alter(args: readonly string[], timeoutMs?: number): Promise<void> {
  const what = `qemu-img ${args.join(" ")}`;
  faultPoint(`before ${what}`);
  await run(args, timeoutMs);
  faultPoint(`after ${what}`);
}

/** Makes an empty image on top of another, which is not opened. */
export async function createOverlay(overlay: Overlay): Promise<void> {
  const { path, format, backing, backingFormat, size } = overlay;
  const below = ["-u", "-b", backing, "-F", backingFormat];
  await alter(["create", "-q", "-f", format, ...below, path, String(size)]);
}

/** Makes, removes or goes back to a snapshot inside an image. */
export async function changeTag(
  path: string,
  change: "create" | "delete" | "apply",
  tag: string,
): Promise<void> {
  const option = { create: "-c", delete: "-d", apply: "-a" } as const;
  await alter(["snapshot", "-q", option[change], tag, path], LONG_MS);
}

/** Writes what is in an image into the one below it. */
export async function commitImage(path: string, format: string, base: string): Promise<void> {
  await alter(["commit", "-q", "-d", "-f", format, "-b", base, path], LONG_MS);
}

/** Changes only the name of the image below: both must hold the same. */
export async function rebaseImage(
  path: string,
  format: string,
  base: Pick<ImageFacts, "path" | "format">,
): Promise<void> {
  await alter(["rebase", "-q", "-u", "-f", format, "-b", base.path, "-F", base.format, path]);
}

/** Block jobs in the status file: what a later daemon must know to follow them to their end. */
import { escapeXml } from "@vireo/model/xml/escape-xml";
import type { XmlElement } from "@vireo/model/xml/tree";
import { withoutAbsent } from "@vireo/qemu/without-absent";

export const BLOCK_JOB_KINDS = ["pull", "copy", "commit", "activeCommit"] as const;

/**
 *     new --> running --> ready --> pivoting, aborting --> (QEMU: concluded) --> concluded --> gone
 *
 * `new` is noted before QEMU is asked to begin, `concluded` when the chain is as the job has left it.
 */
export const BLOCK_JOB_STATES = [
  "new",
  "running",
  "ready",
  "pivoting",
  "aborting",
  "concluded",
] as const;
export type BlockJobState = (typeof BLOCK_JOB_STATES)[number];

/** Layers that a job has made into one, by the names of their nodes. */
export interface JobLayers {
  /** The chain as it was, from the uppermost of the layers down. */
  readonly chain: readonly string[];
  /** How many of them are merged. */
  readonly count: number;
  /** The one that is left. */
  readonly target: string;
  readonly targetFormat: string | undefined;
  /** The target is below the image that the guest writes to. */
  readonly below: boolean;
  /** The chain as it is now. */
  readonly left: readonly string[];
}

export interface BlockJob {
  /** QEMU's name of it. */
  readonly name: string;
  readonly kind: (typeof BLOCK_JOB_KINDS)[number];
  /** Target of the disk. */
  readonly disk: string;
  readonly state: BlockJobState;
  /** Number of the image that remains below: what is pulled from above, or committed into. */
  readonly base?: number;
  /** Number of the image that is committed. */
  readonly top?: number;
  /** A copy that leans on the images below the disk's own. */
  readonly shallow?: boolean;
  /** A file that was made for the job, and goes with a start that fails. */
  readonly created?: string;
  /** Images that nobody needs any more once the job is concluded. */
  readonly gone?: readonly number[];
  /** Files of images that are merged, which go when the job has done its work and nobody reads them. */
  readonly deletes?: readonly string[];
  /** Whose bitmaps belong together then. */
  readonly layers?: JobLayers;
}

export function formatBlockJob(job: BlockJob): string {
  const attributes = Object.entries({
    ...job,
    gone: job.gone?.join(" "),
    deletes: job.deletes && JSON.stringify(job.deletes),
    layers: job.layers && JSON.stringify(job.layers),
  })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}='${escapeXml(String(value))}'`);
  return `<blockjob${attributes.join("")}/>`;
}

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

/** What we wrote ourselves; anything else is as if there were none. */
function readJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const pathsIn = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : undefined;

/** Nothing when the element is not one of ours: QEMU then tells what there is. */
export function parseBlockJob({ attributes }: XmlElement): readonly BlockJob[] {
  const name = attributes.get("name");
  const disk = attributes.get("disk");
  const kind = BLOCK_JOB_KINDS.find((one) => one === attributes.get("kind"));
  const state = BLOCK_JOB_STATES.find((one) => one === attributes.get("state"));
  if (name === undefined || disk === undefined || kind === undefined || state === undefined)
    return [];
  const gone = attributes.get("gone")?.split(" ").map(numberOf);
  const optional = withoutAbsent({
    base: numberOf(attributes.get("base")),
    top: numberOf(attributes.get("top")),
    shallow: attributes.get("shallow") === "true" ? true : undefined,
    created: attributes.get("created"),
    gone: gone?.filter((one) => one !== undefined),
    deletes: pathsIn(readJson(attributes.get("deletes"))),
    layers: readJson(attributes.get("layers")) as JobLayers | undefined,
  });
  return [{ name, kind, disk, state, ...optional }];
}

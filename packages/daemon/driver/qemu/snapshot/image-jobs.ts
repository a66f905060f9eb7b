/** Jobs of QEMU on the images of a running guest, waited for until they are over. */
import { setTimeout as sleep } from "node:timers/promises";
import { virError } from "@vireo/model/error";
import type { Ask } from "../memory-stream.ts";

const LOOK_MS = 50;
/** A job that does not move for so long is given up. */
const STALL_MS = 60_000;

type Answer = Readonly<Record<string, unknown>>;
const isAnswer = (value: unknown): value is Answer => typeof value === "object" && value !== null;
export const listOf = (value: unknown): readonly Answer[] =>
  Array.isArray(value) ? value.filter(isAnswer) : [];

/** Cancels a job that is still there. */
async function giveUp(ask: Ask, id: string): Promise<void> {
  await ask("job-cancel", { id }).catch(() => undefined); // it may have ended in this moment
}

/** Resolves when the job has ended well. A mirror that has caught up is told to pivot. */
async function waitFor(ask: Ask, id: string): Promise<void> {
  let moved: unknown;
  let since = performance.now();
  for (;;) {
    const job = listOf(await ask("query-jobs")).find((one) => one["id"] === id);
    if (job === undefined) return;
    if (job["status"] === "concluded") {
      await ask("job-dismiss", { id });
      if (job["error"] === undefined) return;
      throw virError("operationFailed", String(job["error"]));
    }
    if (job["status"] === "ready") await ask("job-complete", { id });
    const progress = `${String(job["status"])} ${String(job["current-progress"])}`;
    if (progress !== moved) since = performance.now();
    if (performance.now() - since > STALL_MS)
      throw virError("operationTimeout", `the job '${id}' of QEMU does not move any more`);
    moved = progress;
    await sleep(LOOK_MS);
  }
}

/** The one job of this kind; a domain has one snapshot operation at a time. */
async function imageJob(ask: Ask, command: string, args: Answer): Promise<void> {
  const id = `vireo-${command}`;
  await ask(command, { "job-id": id, ...args } as Parameters<Ask>[1]);
  try {
    await waitFor(ask, id);
  } catch (error) {
    await giveUp(ask, id);
    throw error;
  }
}

/** Waits for a job that an earlier daemon began; one that is not there is over. */
export const settledJob = async (ask: Ask, command: string): Promise<void> =>
  waitFor(ask, `vireo-${command}`).catch(() => undefined); // what it did is seen in the images

/** Keeps, brings back or removes a moment inside the images; memory goes into the first of them. */
export function tagJob(
  ask: Ask,
  change: "snapshot-save" | "snapshot-load" | "snapshot-delete",
  { tag, nodes }: { readonly tag: string; readonly nodes: readonly string[] },
): Promise<void> {
  const vmstate = change === "snapshot-delete" ? {} : { vmstate: nodes[0] };
  return imageJob(ask, change, { tag, devices: nodes, ...vmstate });
}

/** Writes an image of a chain into the one below it. `device` is the node at the chain's top. */
export const commitJob = (
  ask: Ask,
  nodes: { readonly device: string; readonly top: string; readonly base: string },
): Promise<void> =>
  imageJob(ask, "block-commit", {
    device: nodes.device,
    "top-node": nodes.top,
    "base-node": nodes.base,
    "auto-finalize": true,
    "auto-dismiss": false,
  });

/** Nodes that are no format: what opens the file, and filters. */
const BESIDE = new Set(["file", "host_device", "host_cdrom", "copy-on-read", "throttle"]);

/** Node that serves an image in a running guest: the one with a format, not the one with the file. */
export async function nodeOf(ask: Ask, path: string): Promise<string | undefined> {
  const nodes = listOf(await ask("query-named-block-nodes", { flat: true }));
  const found = nodes.find((one) => one["file"] === path && !BESIDE.has(String(one["drv"])));
  return found === undefined ? undefined : String(found["node-name"]);
}

/** What QEMU says of its block nodes and jobs, and the removal of nodes that nobody needs. */
import { setTimeout as sleep } from "node:timers/promises";
import { virError } from "@vireo/model/error";
import type { JsonObject } from "@vireo/qemu/json";
import type { DomainActor } from "./domain-actor.ts";

type Answer = Readonly<Record<string, unknown>>;
const isAnswer = (value: unknown): value is Answer => typeof value === "object" && value !== null;
const listOf = (answer: unknown): readonly Answer[] =>
  Array.isArray(answer) ? answer.filter(isAnswer) : [];
export const inner = (value: unknown, name: string): unknown =>
  isAnswer(value) ? value[name] : undefined;

export interface QemuJob {
  readonly id: string;
  readonly status: string;
  readonly error: string | undefined;
}

export async function queryJobs(actor: DomainActor): Promise<readonly QemuJob[]> {
  return listOf(await actor.ask("query-jobs")).map(({ id, status, error }) => ({
    id: String(id),
    status: String(status),
    error: typeof error === "string" ? error : undefined,
  }));
}

/** The node to which the device of a disk is connected; `undefined` when QEMU does not tell. */
export async function nodeOfDevice(actor: DomainActor, alias: string): Promise<string | undefined> {
  const found = listOf(await actor.ask("query-block")).find(
    ({ qdev }) => typeof qdev === "string" && qdev.split("/").includes(alias),
  );
  const node = inner(found?.["inserted"], "node-name");
  return typeof node === "string" ? node : undefined;
}

export async function namedNodes(actor: DomainActor): Promise<readonly Answer[]> {
  return listOf(await actor.ask("query-named-block-nodes", { flat: true }));
}

/** Bytes that the guest sees of an image. @throws VireoError */
export async function capacityOf(actor: DomainActor, node: string): Promise<number> {
  const found = (await namedNodes(actor)).find((one) => one["node-name"] === node);
  const size = inner(found?.["image"], "virtual-size");
  if (typeof size === "number") return size;
  throw virError("internalError", `QEMU does not tell the size of '${node}'`);
}

/** The nodes of one image, the uppermost first. */
const ofImage = (id: number): readonly string[] =>
  ["format", "slice-sto", "storage"].map((part) => `libvirt-${id}-${part}`);

/** Removes the nodes of images, top first, and the secrets they needed. What is not there is fine. */
export async function removeImages(
  actor: DomainActor,
  ids: readonly number[],
  report: (what: string, error: unknown) => void,
): Promise<void> {
  if (ids.length === 0) return;
  const there = new Set((await namedNodes(actor)).map((one) => one["node-name"]));
  for (const node of ids.flatMap(ofImage)) {
    if (!there.has(node)) continue;
    await actor
      .ask("blockdev-del", { "node-name": node })
      .catch((error: unknown) => report(node, error));
  }
  const objects = listOf(await actor.ask("qom-list", { path: "/objects" }));
  for (const { name } of objects) {
    const id = String(name);
    if (!ids.some((one) => /^(obj)?libvirt-(\d+)-/.exec(id)?.[2] === String(one))) continue;
    await actor.ask("object-del", { id }).catch((error: unknown) => report(id, error));
  }
}

const CREATE_MS = 60_000;
const LOOK_MS = 20;
/** Names of jobs that make images; those that a daemon left are dismissed by the next one. */
export const CREATE_PREFIX = "create-";

/** Makes an image, or its storage. @throws VireoError with QEMU's reason */
export async function createImage(
  actor: DomainActor,
  name: string,
  options: JsonObject,
): Promise<void> {
  const id = `${CREATE_PREFIX}${name}`;
  await actor.ask("blockdev-create", { "job-id": id, options });
  const end = performance.now() + CREATE_MS;
  for (;;) {
    const job = (await queryJobs(actor)).find((one) => one.id === id);
    if (job === undefined) return;
    if (job.status === "concluded") {
      await actor.ask("job-dismiss", { id });
      if (job.error !== undefined)
        throw virError("internalError", `failed to create image: ${job.error}`);
      return;
    }
    if (performance.now() > end)
      throw virError("operationTimeout", "making the image takes too long");
    await sleep(LOOK_MS);
  }
}

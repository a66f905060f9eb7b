/**
 * A backup from its beginning to its end, as the long job of the domain:
 *
 *     journal -> images -> NBD server -> bitmaps, jobs, checkpoint at one moment -> exports
 *         push: until QEMU's jobs are done    pull: until it is aborted
 *     -> jobs, server, bitmaps, nodes, scratch files go
 */
import { setTimeout as sleep } from "node:timers/promises";
import { explainError, virError } from "@vireo/model/error";
import type { Backup, BackupDisk } from "@vireo/model/moment/backup";
import type { JobFigures } from "@vireo/model/operation/domain-job";
import { removeSocket } from "../../../host/unix-listener.ts";
import { inner, namedNodes, queryJobs, removeImages } from "../block-nodes.ts";
import { noteCheckpoint, type planCheckpoint } from "../checkpoint/checkpoint-role.ts";
import { bitmapsIn, transact } from "../checkpoint/dirty-bitmaps.ts";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import type { DomainJob } from "../domain-job.ts";
import {
  beginActions,
  openBackupImage,
  removeBackupFile,
  type DiskBackup,
} from "./backup-images.ts";

export interface BackupPlan {
  readonly backup: Backup;
  readonly pull: boolean;
  readonly reuse: boolean;
  /** Every disk of the domain, also those that take no part. */
  readonly wishes: readonly BackupDisk[];
  readonly disks: readonly DiskBackup[];
  readonly checkpoint?: ReturnType<typeof planCheckpoint>;
}

/** What is to be cleared away, also by a daemon that comes later. */
export type BackupRemains = Pick<BackupPlan, "pull" | "disks"> & {
  readonly socket?: string | undefined;
  /** The files are to go too: a pull's always, a push's when it is not whole. */
  readonly files: boolean;
};

const LOOK_MS = 100;
const CANCEL_MS = 30_000;

function serverAddress({ server }: Backup) {
  if (server?.transport === "unix") return { type: "unix", data: { path: server.socket ?? "" } };
  const port = server?.port === undefined || server.port === 0 ? 10_809 : server.port;
  return { type: "inet", data: { host: server?.name ?? "localhost", port: String(port) } };
}

const exportOf = ({ wish, target }: DiskBackup): string => wish.exportName ?? target;

async function serve(actor: DomainActor, { disks }: BackupPlan): Promise<void> {
  for (const disk of disks)
    await actor.ask("block-export-add", {
      type: "nbd",
      id: `backup-export-${disk.target}`,
      "node-name": disk.imageNode,
      name: exportOf(disk),
      writable: false,
      ...(disk.since === undefined ? {} : { bitmaps: [{ node: disk.node, name: disk.bitmap }] }),
    });
}

/** In a turn. */
export async function beginBackup(
  definitions: Definitions,
  actor: DomainActor,
  plan: BackupPlan,
): Promise<void> {
  const { disks, pull, reuse, checkpoint, backup } = plan;
  for (const disk of disks) {
    await openBackupImage(actor, disk, { pull, reuse });
  }
  if (pull) await actor.ask("nbd-server-start", { addr: serverAddress(backup) });
  const ask = actor.ask.bind(actor);
  const bitmaps = await bitmapsIn(ask);
  await transact(ask, [
    ...(checkpoint?.actions ?? []),
    ...disks.flatMap((disk) => beginActions(disk, { pull, bitmaps })),
  ]);
  if (checkpoint !== undefined) await noteCheckpoint(definitions, actor, checkpoint.checkpoint);
  if (pull) await serve(actor, plan);
}

/** Until every job has ended. @throws VireoError `operationFailed` with QEMU's reason */
export async function untilDone(
  actor: DomainActor,
  { disks }: Pick<BackupPlan, "disks">,
  job: DomainJob,
): Promise<void> {
  for (;;) {
    job.signal.throwIfAborted();
    const jobs = await queryJobs(actor);
    const own = jobs.filter(({ id }) => disks.some((disk) => disk.job === id));
    const failed = own.find(({ status, error }) => status === "concluded" && error !== undefined);
    if (failed !== undefined) throw virError("operationFailed", `backup failed: ${failed.error}`);
    if (own.every(({ status }) => status === "concluded")) return;
    await sleep(LOOK_MS);
  }
}

async function endJobs(actor: DomainActor, names: readonly string[]): Promise<void> {
  const end = performance.now() + CANCEL_MS;
  for (const { id, status } of await queryJobs(actor))
    if (names.includes(id) && status !== "concluded") await actor.ask("job-cancel", { id });
  for (;;) {
    const left = (await queryJobs(actor)).filter(({ id }) => names.includes(id));
    for (const { id, status } of left)
      if (status === "concluded") await actor.ask("job-dismiss", { id });
    if (left.every(({ status }) => status === "concluded")) return;
    if (performance.now() > end) throw virError("operationTimeout", "the backup does not end");
    await sleep(LOOK_MS);
  }
}

/** Takes everything of a backup out of QEMU and off the disk, as far as it is there. */
export async function clearBackup(
  { env }: Pick<Definitions, "env">,
  actor: DomainActor,
  { disks, pull, socket, files }: BackupRemains,
): Promise<void> {
  const report = (what: string, error: unknown): void =>
    env.log.warn({ domain: actor.view.name, what }, explainError(error));
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => report(what, error));
  };
  if (actor.view.live !== undefined) {
    if (pull) await actor.ask("nbd-server-stop").catch(() => undefined); // it may not have begun
    await attempt("backup jobs", () =>
      endJobs(
        actor,
        disks.map(({ job }) => job),
      ),
    );
    for (const { node, bitmap, since } of disks)
      if (since !== undefined)
        await actor.ask("block-dirty-bitmap-remove", { node, name: bitmap }).catch(() => undefined); // it may not have begun
    await attempt("backup nodes", () =>
      removeImages(
        actor,
        disks.map(({ index }) => index),
        report,
      ),
    );
  }
  if (files) for (const disk of disks) if (disk.isFile) await removeBackupFile(disk);
  if (socket !== undefined) removeSocket(socket);
}

/** Of a push what QEMU's jobs have done, of a pull what the scratch images take. */
export async function backupFigures(
  actor: DomainActor,
  { disks, pull }: Pick<BackupPlan, "disks" | "pull">,
): Promise<JobFigures> {
  if (!pull) {
    const answer = await actor.ask("query-jobs");
    const all: readonly unknown[] = Array.isArray(answer) ? answer : [];
    const own = all.filter((one) => disks.some(({ job }) => job === inner(one, "id")));
    const sum = (name: string): number =>
      own.reduce<number>((total, one) => total + Number(inner(one, name) ?? 0), 0);
    const [total, done] = [sum("total-progress"), sum("current-progress")];
    return { disk_total: total, disk_processed: done, disk_remaining: total - done };
  }
  const nodes = await namedNodes(actor);
  const images = nodes.filter((one) => disks.some((disk) => disk.imageNode === one["node-name"]));
  const sum = (name: string): number =>
    images.reduce<number>((total, one) => total + Number(inner(one["image"], name) ?? 0), 0);
  return { disk_temp_used: sum("actual-size"), disk_temp_total: sum("virtual-size") };
}

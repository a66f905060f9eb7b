/** The driver's operations on backups. */
import { explainError, isError, virError } from "@vireo/model/error";
import {
  formatBackup,
  parseBackup,
  type Backup,
  type BackupDisk,
} from "@vireo/model/moment/backup";
import { parseCheckpoint } from "@vireo/model/moment/parse-checkpoint";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { Role } from "../../contract.ts";
import { checkpointsOf } from "../checkpoint/known-checkpoints.ts";
import { domainNow, planCheckpoint } from "../checkpoint/checkpoint-role.ts";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import type { DomainJob } from "../domain-job.ts";
import type { LiveDomain } from "../domain-view.ts";
import { diskAt, lastNodeOf, refuseAnyBlockJob, targetOf } from "../live-disk.ts";
import {
  diskBackup,
  makeBackupFiles,
  mustBeFree,
  mustHaveBitmaps,
  mustHaveFiles,
  type DiskBackup,
} from "./backup-images.ts";
import {
  backupFigures,
  beginBackup,
  clearBackup,
  untilDone,
  type BackupPlan,
  type BackupRemains,
} from "./backup-run.ts";

type Begin = OperationInput<"domain", "beginBackup">;

/** libvirt's number of the block jobs of a backup. */
const BLOCK_JOB_TYPE = 5;

const PLAN = { operation: "backup", admits: "modify" } as const;

/** Every disk of the domain with whether it takes part: all that are written to when none is named. */
function wishesOf(live: LiveDomain, backup: Backup): readonly BackupDisk[] {
  const written = backup.disks?.disks ?? [];
  for (const { name } of written)
    if (diskAt(live.config, name) === undefined)
      throw virError("configUnsupported", `no disk named '${name}'`);
  const others = (live.config.devices.disks ?? []).flatMap((disk): BackupDisk[] => {
    const name = targetOf(disk);
    if (written.some((one) => one.name === name)) return [];
    const all = written.length === 0 && disk.source !== undefined && disk.readonly !== true;
    return [{ name, backup: all }];
  });
  return [...written, ...others];
}

async function planOf(
  { env, actor }: Pick<Definitions, "env"> & { readonly actor: DomainActor },
  live: LiveDomain,
  input: Begin,
): Promise<BackupPlan> {
  const backup = parseBackup(input.xml);
  const pull = backup.mode === "pull";
  const first = lastNodeOf(live) + 1;
  const checkpoint =
    input.checkpointXml === undefined
      ? undefined
      : planCheckpoint(actor, live, {
          wish: parseCheckpoint(input.checkpointXml),
          domain: await domainNow({ env }, live),
        });
  const suffix = checkpoint?.checkpoint.name ?? String(Math.trunc(Date.now() / 1000));
  const wishes = wishesOf(live, backup);
  const wanted = wishes.filter((one) => one.backup !== false);
  const disks = wanted.flatMap((wish, i): DiskBackup[] => {
    const disk = diskAt(live.config, wish.name);
    const since = wish.mode === "full" ? undefined : (wish.incremental ?? backup.incremental);
    if (since !== undefined && checkpointsOf(actor).get(since) === undefined)
      throw virError(
        "noDomainCheckpoint",
        `Checkpoint '${since}' for incremental backup of disk '${wish.name}' not found`,
      );
    if (disk === undefined) return [];
    return [diskBackup(disk, wish, { pull, index: first + i, since, suffix })];
  });
  if (disks.length === 0) throw virError("configUnsupported", "no disk is to be backed up");
  const reuse = input.reuse === true;
  return {
    backup,
    pull,
    reuse,
    wishes,
    disks,
    ...(checkpoint === undefined ? {} : { checkpoint }),
  };
}

/** As clients see it while it runs. */
function shown({ backup, pull, wishes, disks }: BackupPlan): string {
  const written = wishes.map((wish): BackupDisk => {
    const disk = disks.find(({ target }) => target === wish.name);
    if (disk === undefined) return { name: wish.name, backup: false };
    const { target, index, since, path, isFile, bitmap } = disk;
    const place = isFile ? { file: path } : { dev: path };
    return {
      ...wish,
      name: target,
      backup: true,
      type: isFile ? "file" : "block",
      mode: since === undefined ? "full" : "incremental",
      ...(since === undefined ? {} : { incremental: since }),
      ...(pull ? { exportName: wish.exportName ?? target, scratch: place } : { target: place }),
      ...(pull && since !== undefined ? { exportBitmap: bitmap } : {}),
      index,
      driver: wish.driver ?? { type: "qcow2" },
    };
  });
  return formatBackup({ ...backup, mode: backup.mode ?? "push", disks: { disks: written } });
}

function tellPushed(
  actor: DomainActor,
  { pull, disks }: BackupPlan,
  status: "completed" | "failed" | "canceled",
): void {
  if (pull) return;
  for (const { path, target } of disks)
    actor.tell({ kind: "blockJob", path, target, type: BLOCK_JOB_TYPE, status });
}

/** Everything after the moment at which the caller is told that it has begun. */
async function carryOn(actor: DomainActor, plan: BackupPlan, job: DomainJob): Promise<void> {
  job.lookWith(() => backupFigures(actor, plan));
  if (!plan.pull) {
    await untilDone(actor, plan, job);
    job.report(await backupFigures(actor, plan));
    return;
  }
  await new Promise<void>((resolve, reject) => {
    job.signal.addEventListener("abort", () => reject(job.aborted));
    void actor.until(({ live }) => live === undefined).then(resolve);
  });
}

async function run(
  definitions: Definitions,
  actor: DomainActor,
  { input, job, begun }: { input: Begin; job: DomainJob; begun: () => void },
): Promise<void> {
  const { live, uuid } = actor.view;
  if (live === undefined) throw virError("operationInvalid", "domain is not running");
  refuseAnyBlockJob(live);
  const plan = await planOf({ ...definitions, actor }, live, input);
  const { disks, pull, backup } = plan;
  const socket = backup.server?.transport === "unix" ? backup.server.socket : undefined;
  await mustHaveBitmaps(actor, disks);
  const own = !plan.reuse;
  // what the journal knows of, the next daemon removes: it must not be anybody's
  if (own) mustBeFree(disks);
  else await mustHaveFiles(disks);
  const remains = { disks, pull, socket };
  const whole: Readonly<Record<string, unknown>> = { ...remains, files: own };
  await definitions.env.journal.during({ uuid, operation: "backup", note: whole }, async () => {
    if (own) await makeBackupFiles(disks);
    let done = false;
    try {
      await job.turn("backupBegin", () => beginAndShow(definitions, actor, plan));
      begun();
      await carryOn(actor, plan, job);
      done = true;
    } finally {
      const status = job.signal.aborted ? "canceled" : "failed";
      tellPushed(actor, plan, done ? "completed" : status);
      const files = own && (pull || !done);
      await job.turn("backupEnd", () => endAndHide(definitions, actor, { ...remains, files }));
    }
  });
}

async function beginAndShow(
  definitions: Definitions,
  actor: DomainActor,
  plan: BackupPlan,
): Promise<void> {
  await beginBackup(definitions, actor, plan);
  const { live } = actor.view;
  const lastNode = Math.max(...plan.disks.map(({ index }) => index));
  if (live !== undefined) actor.update({ live: { ...live, lastNode, backupXml: shown(plan) } });
}

async function endAndHide(
  definitions: Definitions,
  actor: DomainActor,
  remains: BackupRemains,
): Promise<void> {
  await clearBackup(definitions, actor, remains);
  const { live } = actor.view;
  if (live === undefined) return;
  const { backupXml: _over, ...rest } = live;
  actor.update({ live: rest });
}

/** Resolves when the backup has begun; it goes on by itself. */
function begin(definitions: Definitions, input: Begin): Promise<void> {
  const actor = definitions.list.find(input.domain);
  if (actor.view.live === undefined)
    throw virError("operationUnsupported", "cannot perform disk backup for inactive domain");
  return new Promise((resolve, reject) => {
    actor
      .job("control", PLAN, (job) => run(definitions, actor, { input, job, begun: resolve }))
      .catch((error: unknown) => {
        if (!isError(error, "operationAborted"))
          definitions.env.log.warn({ domain: actor.view.name }, explainError(error));
        reject(error); // who was told that it had begun hears of the end by its event
      });
  });
}

export const backupRole = (definitions: Definitions): Role<"domain"> => ({
  beginBackup: (input) => begin(definitions, input),
  backupXml: ({ domain }) => {
    const xml = definitions.list.find(domain).view.live?.backupXml;
    if (xml === undefined) throw virError("noDomainBackup", "no domain backup job present");
    return xml;
  },
});

/** What takes long as a job by HTTP: progress, cancel, events, with a guest whose disk is copied. */
import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import { HttpProblem } from "@vireo/sdk/http/http-error";
import type { Job, JobState } from "@vireo/sdk/http/job";
import { Vireod } from "../harness/vireod.ts";

const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
let client: HttpClient;
const domain = { name: "busy" };
const MIB = 1024 * 1024;
const at = (file: string): string => join(vireod.root, file);

before(async () => {
  await vireod.start();
  client = await connect(await vireod.httpUrl());
  writeFileSync(at("disk.img"), Buffer.alloc(64 * MIB, 7));
  const disk = `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${at("disk.img")}'/><target dev='vda' bus='virtio'/></disk>`;
  await client.domain.define({
    xml: `<domain type='qemu'><name>busy</name><memory unit='MiB'>64</memory><os><type>hvm</type></os><devices>${disk}</devices></domain>`,
  });
  await client.domain.start({ domain });
});
after(() => vireod.cleanUp());

async function stepsOf(job: Job): Promise<readonly JobState[]> {
  const steps: JobState[] = [];
  for await (const step of job.follow()) steps.push(step);
  return steps;
}

const last = (steps: readonly JobState[]): JobState => {
  const step = steps.at(-1);
  assert.ok(step);
  return step;
};

/** Follows until it is known how far the job is. */
async function underWay(job: Job): Promise<JobState> {
  for await (const step of job.follow()) if ((step.progress?.done ?? 0) > 0) return step;
  throw new Error("the job ended without having told its progress");
}

const cancelledProblem = (error: unknown): boolean =>
  error instanceof HttpProblem && error.kind === "operationAborted" && error.code === 78;

test("jobs: a dump of a guest ends with its file, and is kept with what it was", async () => {
  const job = await client.begin("domain.coreDump", { domain, path: at("core"), memoryOnly: true });
  const end = last(await stepsOf(job));
  assert.deepEqual([end.state, end.operation, end.result], ["done", "domain.coreDump", null]);
  assert.ok(statSync(at("core")).size > MIB);
  assert.ok((await client.jobs()).some(({ id, state }) => id === job.id && state === "done"));
  await assert.rejects(
    job.cancel(),
    (error) => error instanceof HttpProblem && error.status === 409,
  );
});

test("jobs: a failed one keeps its problem", async () => {
  const job = await client.begin("domain.coreDump", { domain, path: "/nowhere/at/all/core" });
  await assert.rejects(job.result(), HttpProblem);
  const { state, error } = last(await stepsOf(client.job(job.id)));
  assert.equal(state, "failed");
  assert.match(error?.detail ?? "", /\/nowhere\/at\/all\/core/);
});

test("jobs: a block copy tells its progress and ends when it is cancelled", async () => {
  const copy = { domain, disk: "vda", destination: { path: at("copy.img") }, transient: true };
  const job = await client.begin("domain.blockCopy", { ...copy, bandwidth: 2 * MIB });
  const { progress } = await underWay(job);
  assert.equal(progress?.total, 64 * MIB);
  await job.cancel();
  await assert.rejects(job.result(), cancelledProblem);
  assert.equal(await client.domain.blockJobInfo({ domain, disk: "vda" }), undefined);
});

test("jobs: a block copy is done when the disk goes on with the copy", async () => {
  const copy = { domain, disk: "vda", destination: { path: at("copy2.img") }, transient: true };
  const job = await client.begin("domain.blockCopy", copy);
  for await (const { progress } of job.follow())
    if (progress !== undefined && progress.total > 1 && progress.done === progress.total) break;
  await client.domain.blockJobAbort({ domain, disk: "vda", pivot: true });
  assert.equal(last(await stepsOf(job)).state, "done");
  assert.match(await client.domain.xml({ domain }), /copy2\.img/);
});

const backupXml = (file: string): string =>
  `<domainbackup mode='push'><disks><disk name='vda' backup='yes' type='file'><driver type='raw'/><target file='${file}'/></disk></disks></domainbackup>`;

test("jobs: a backup is done when its files are", async () => {
  const xml = backupXml(at("backup.img"));
  const job = await client.begin("domain.beginBackup", { domain, xml });
  assert.equal(last(await stepsOf(job)).state, "done");
  assert.equal(statSync(at("backup.img")).size, 64 * MIB);
  await assert.rejects(client.domain.backupXml({ domain }), HttpProblem);
});

test("jobs: a volume is cloned with progress; a cancelled clone leaves nothing", async () => {
  const target = at("pool");
  await client.storagePool.create({
    xml: `<pool type='dir'><name>p</name><target><path>${target}</path></target></pool>`,
    build: true,
  });
  writeFileSync(join(target, "big.img"), Buffer.alloc(512 * MIB, 5));
  await client.storagePool.refresh({ pool: { name: "p" } });
  const input = (name: string) => ({
    pool: { name: "p" },
    from: { pool: "p", name: "big.img" },
    xml: `<volume><name>${name}</name><capacity>0</capacity><target><format type='qcow2'/></target></volume>`,
  });
  const cancelled = await client.begin("storageVolume.createFrom", input("no.qcow2"));
  await cancelled.cancel();
  await assert.rejects(cancelled.result(), cancelledProblem);
  assert.equal(existsSync(join(target, "no.qcow2")), false);
  const job = await client.begin("storageVolume.createFrom", input("yes.qcow2"));
  const { state, result } = last(await stepsOf(job));
  assert.deepEqual([state, (result as { name: string }).name], ["done", "yes.qcow2"]);
});

test("jobs: an upload stands in the list with its bytes, and can be cancelled there", async () => {
  const volume = { pool: "p", name: "up.img" };
  await client.storageVolume.create({
    pool: { name: "p" },
    xml: `<volume><name>up.img</name><capacity unit='MiB'>64</capacity></volume>`,
  });
  const piece = new Uint8Array(MIB).fill(9);
  const upload = async (source: {
    pull: (into: { enqueue: (piece: Uint8Array) => void }) => void;
  }): Promise<void> =>
    client.upload(
      "storageVolume.upload",
      { volume, offset: 0, length: 0 },
      new ReadableStream(source),
    );
  const find = async (): Promise<JobState | undefined> =>
    (await client.jobs()).find(
      ({ operation, state }) => operation === "storageVolume.upload" && state === "running",
    );
  const events = client.events({ noun: "job" });
  await events.next();
  const endless = upload({ pull: (into) => into.enqueue(piece) });
  const seen = Promise.withResolvers<string>();
  const watch = async (): Promise<void> => {
    for await (const { event } of events) {
      const job = event["job"] as JobState;
      if (job.operation === "storageVolume.upload" && (job.progress?.done ?? 0) > 0) {
        seen.resolve(job.id);
        return;
      }
    }
  };
  await Promise.race([watch(), endless]);
  const id = await seen.promise;
  assert.equal((await find())?.id, id);
  await client.job(id).cancel();
  await assert.rejects(endless);
  assert.equal(last(await stepsOf(client.job(id))).state, "cancelled");
});

test("jobs: who may not begin it may not end it, and nobody else is told its result", async () => {
  const base = await vireod.httpAddress();
  const tokenOf = async (name: string, rights: object): Promise<HttpClient> => {
    const { secret } = await client.token.create({ name, ...rights });
    return connect(base, { token: secret });
  };
  const reader = await tokenOf("reader", { readOnly: true });
  const limited = await tokenOf("limited", { scopes: ["domain:*"] });
  const secret = await client.begin("token.create", { name: "kept" });
  const { result } = last(await stepsOf(secret));
  assert.match((result as { secret: string }).secret, /^vireo_/);
  assert.equal(last(await stepsOf(reader.job(secret.id))).result, undefined);
  assert.ok((await reader.jobs()).every((job) => job.result === undefined));
  assert.deepEqual(await limited.jobs(), []);
  const denied = (error: unknown): boolean => error instanceof HttpProblem && error.status === 403;
  await assert.rejects(stepsOf(limited.job(secret.id)), denied);
  const copy = { domain, disk: "vda", destination: { path: at("copy3.img") }, transient: true };
  const job = await client.begin("domain.blockCopy", { ...copy, bandwidth: MIB });
  await assert.rejects(reader.job(job.id).cancel(), denied);
  await underWay(job);
  await job.cancel();
  await assert.rejects(job.result(), cancelledProblem);
});

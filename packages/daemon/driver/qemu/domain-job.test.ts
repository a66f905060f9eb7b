import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import type { DomainEventBody } from "@vireo/model/event";
import { domainState } from "@vireo/model/state-reason";
import { JobJournal } from "../../state/job-journal.ts";
import { DomainJob, JobBoard } from "./domain-job.ts";
import { bench } from "./test-bench.ts";
import { TurnQueue } from "./turn-queue.ts";

const turn = <T>(what: string, work: () => T | Promise<T>): Promise<T> =>
  new TurnQueue().run(what, work);
const save = { operation: "save", admits: "nothing" } as const;
const domain = { name: "a" };

test("job: progress is bounded once it is known, and remembered once it is complete", async () => {
  const told: DomainEventBody[] = [];
  const board = new JobBoard((news) => told.push(news));
  const job = new DomainJob(save, turn);
  await board.run(job, async () => {
    assert.equal((await board.stats()).type, "unbounded");
    job.lookWith(() => Promise.resolve({ data_total: 10, data_processed: 4 }));
    const { type, operation, figures } = await board.stats();
    assert.deepEqual([type, operation, figures["data_processed"]], ["bounded", "save", 4]);
  });
  assert.equal((await board.stats()).type, "none");
  assert.equal(told.length, 1);
  assert.equal(board.completed({ keep: true }).type, "completed");
  assert.equal(board.completed({ keep: false }).figures["data_total"], 10);
  assert.equal(board.completed({ keep: false }).type, "none");
});

test("job: one that is aborted fails with libvirt's words", async () => {
  const board = new JobBoard(() => undefined);
  assert.throws(() => board.abort(), /no job is active on the domain/);
  const job = new DomainJob(save, turn);
  const work = board.run(
    job,
    () =>
      new Promise((_, reject) => {
        job.signal.addEventListener("abort", () => reject(job.aborted));
      }),
  );
  board.abort();
  await assert.rejects(
    work,
    (error) =>
      isError(error, "operationAborted") &&
      error.message === "operation aborted: domain save job: canceled by client",
  );
});

test("job: queries do not wait for a look that never ends", { timeout: 5000 }, async () => {
  const board = new JobBoard(() => undefined);
  const job = new DomainJob(save, turn);
  await board.run(job, async () => {
    job.lookWith(() => new Promise(() => undefined));
    assert.equal((await board.stats()).type, "unbounded");
  });
});

test("journal: a save that a crash cut short is undone at the next start, and says so", {
  timeout: 60_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  const { uuid } = await b.do("start", { domain });
  await b.do("suspend", { domain });
  await b.driver.close();
  const path = join(b.paths.lib, "image");
  writeFileSync(`${path}.saving`, "half");
  const entry = { uuid, operation: "save", note: { path, ran: true, began: Date.now() } };
  await new JobJournal(b.paths.journal).write(entry);
  await b.start();
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "saveCanceled"));
  assert.equal(existsSync(`${path}.saving`), false);
  assert.deepEqual(await new JobJournal(b.paths.journal).load(), []);
  assert.match(b.logOf("a"), /interrupted save undone: the domain runs again/);
});

test("journal: a save whose image is whole is finished at the next start", {
  timeout: 60_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  const { uuid } = await b.do("start", { domain });
  await b.do("suspend", { domain });
  await b.driver.close();
  const path = join(b.paths.lib, "image");
  const began = Date.now() - 1000;
  writeFileSync(path, "whole");
  await new JobJournal(b.paths.journal).write({
    uuid,
    operation: "save",
    note: { path, ran: true, began },
  });
  await b.start();
  assert.deepEqual(await b.do("state", { domain }), domainState("shutoff", "saved"));
  assert.deepEqual(b.pids(), []);
});

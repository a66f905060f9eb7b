import assert from "node:assert/strict";
import { test } from "node:test";
import { domainState } from "@vireo/model/state-reason";
import type { DomainStatus } from "../../state/domain-status.ts";
import { StatusKeeper } from "./status-keeper.ts";

const status = (id: number): DomainStatus => ({
  name: "a",
  uuid: "u",
  id,
  state: domainState("running", "booted"),
  persistent: true,
  process: { pid: 1, startTime: 1 },
  bootId: "b",
  monitorPath: "/m",
  taints: [],
  companions: [],
  blockJobs: [],
  lastNode: 0,
  domainXml: "<domain/>\n",
});

function recorder(fail = false) {
  const log: string[] = [];
  const note = async (text: string): Promise<void> => {
    await new Promise(setImmediate);
    log.push(text);
    if (fail) throw new Error(text);
  };
  return {
    log,
    saveStatus: ({ id }: DomainStatus) => note(`save ${id}`),
    removeStatus: (name: string) => note(`remove ${name}`),
  };
}

test("status keeper: the newest wins, what it overtakes is never written", async () => {
  const store = recorder();
  const keeper = new StatusKeeper(store, () => assert.fail());
  for (const id of [1, 2, 3]) keeper.keep(status(id));
  await keeper.settled();
  assert.deepEqual(store.log, ["save 1", "save 3"]);
});

test("status keeper: a removal comes after the write in progress and is final", async () => {
  const store = recorder();
  const keeper = new StatusKeeper(store, () => assert.fail());
  keeper.keep(status(1));
  keeper.keep(status(2));
  keeper.drop("a");
  await keeper.settled();
  assert.deepEqual(store.log, ["save 1", "remove a"]);
});

test("status keeper: a failed write is reported and the next one is tried", async () => {
  const faults: unknown[] = [];
  const store = recorder(true);
  const keeper = new StatusKeeper(store, (error) => faults.push(error));
  keeper.keep(status(1));
  keeper.keep(status(2));
  await keeper.settled();
  assert.equal(faults.length, 2);
});

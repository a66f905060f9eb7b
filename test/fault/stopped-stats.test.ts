/** Statistics of twenty guests while one of them is stopped. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "@vireo/sdk/libvirt/connect";
import { Vireod } from "../harness/vireod.ts";
import { percentile, pidOf, startHerd, timed } from "./herd.ts";

const GUESTS = 20;
const ROUNDS = 50;
/** What noise may add to a round; a guest that is waited for adds at least 400 ms. */
const NOISE_MS = 100;

test("statistics of 20 guests: a stopped one delays none of them, and is told of as it last was", async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  await using connection = await connect(vireod.uri);
  const [stuck] = await startHerd(connection, GUESTS);
  assert.ok(stuck);
  const ask = () => connection.call("connectGetAllDomainStats", { doms: [], stats: 0, flags: 0 });
  const namesOf = async (): Promise<readonly string[]> => {
    const { retStats } = await ask();
    assert.equal(retStats.length, GUESTS);
    const record = retStats.find(({ dom }) => dom.uuid === stuck.uuid);
    return record?.params.map(({ field }) => field) ?? [];
  };
  const rounds = async (): Promise<number> => {
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round++) took.push(await timed(ask));
    return percentile(took, 0.99);
  };
  const names = await namesOf();
  assert.ok(names.includes("dirtyrate.calc_status"), "QEMU was asked");
  const before = await rounds();
  const pid = pidOf(vireod.guestPids(), stuck);
  process.kill(pid, "SIGSTOP");
  const after = await rounds();
  t.diagnostic(`p99 of ${ROUNDS} rounds: ${before.toFixed(1)} ms, then ${after.toFixed(1)} ms`);
  assert.ok(
    after < 2 * before + NOISE_MS,
    `${after.toFixed(1)} ms instead of ${before.toFixed(1)}`,
  );
  assert.deepEqual(await namesOf(), names);
  process.kill(pid, "SIGCONT");
  assert.deepEqual(await namesOf(), names);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Vireod } from "../harness/vireod.ts";
import { attack, dialPath, malformedFrames } from "./malformed-frames.ts";

const FRAMES = 500;
const SEED = 20_260_720;
const GROWTH_MAX_KIB = 64 * 1024;

/** Memory a process occupies, in KiB. */
function residentKiB(pid: number): number {
  const size = /^VmRSS:\s+(?<kib>[0-9]+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(size?.groups?.["kib"]);
}

test("vireod: 500 malformed frames leave it serving, in bounded memory", async (t) => {
  const daemon = await Vireod.started();
  t.after(() => daemon.cleanUp());
  const dial = dialPath(daemon.socket);
  await attack(dial, malformedFrames(50, SEED));
  const before = residentKiB(daemon.pid);
  await attack(dial, malformedFrames(FRAMES, SEED));
  const growth = residentKiB(daemon.pid) - before;
  assert.ok(growth < GROWTH_MAX_KIB, `memory grew by ${growth} KiB`);
  assert.deepEqual(
    daemon.log.filter((line) => /unhandled|uncaught/iu.test(line)),
    [],
  );
});

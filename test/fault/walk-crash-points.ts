/** Lets vireod die at point after point of a work and looks each time what is left. */
import assert from "node:assert/strict";
import { CrashStage } from "./crash-stage.ts";
import type { CrashWork } from "./crash-work.ts";

/** At most so many points of a work, spread over it; all when absent. */
export interface Walk {
  readonly atMost?: number;
}

async function prepare(stage: CrashStage, { before }: CrashWork): Promise<void> {
  await stage.clear();
  for (const line of before) await stage.ok(line);
}

/** No lost domain, no orphan, no half configuration, and the guest obeys. */
async function check(stage: CrashStage, work: CrashWork, whole: readonly string[]): Promise<void> {
  const names = await stage.ok("list --all --name");
  if (names === "") {
    assert.deepEqual(work.before, [], "the domain is lost");
    return;
  }
  const found = await stage.found();
  assert.equal(found.names, "crash");
  assert.equal(found.processes, found.state === "shut off" ? 0 : 1, `${found.state}: processes`);
  assert.ok(whole.includes(found.definition), `half a definition:\n${found.definition}`);
  await work.check?.(stage, found);
  const state = await stage.ok("domstate crash");
  if (state === "shut off") await stage.ok("start crash");
  if (state === "paused") await stage.ok("resume crash");
  assert.equal(await stage.ok("domstate crash"), "running");
  await stage.ok("destroy crash");
  assert.equal((await stage.found()).processes, 0);
}

function chosen(count: number, { atMost = count }: Walk): readonly number[] {
  const step = Math.max(1, count / atMost);
  const points = Array.from({ length: Math.min(count, atMost) }, (_, index) =>
    Math.ceil((index + 1) * step),
  );
  return [...new Set(points)];
}

/**
 * @returns how many points it died at
 * @throws AssertionError that names the point
 */
export async function walkCrashPoints(work: CrashWork, walk: Walk = {}): Promise<number> {
  const stage = new CrashStage();
  try {
    await stage.begin();
    await prepare(stage, work);
    const first = work.before.length === 0 ? [] : [(await stage.found()).definition];
    const count = await stage.count(() => stage.ok(work.work));
    const whole = [...first, (await stage.found()).definition];
    const points = chosen(count, walk);
    for (const point of points) {
      await prepare(stage, work);
      const where = await stage.dieAt(point, () => stage.try(work.work));
      try {
        await check(stage, work, whole);
      } catch (error) {
        throw new Error(`${work.name}: point ${point} of ${count}, ${where ?? "nowhere"}`, {
          cause: error,
        });
      }
    }
    return points.length;
  } finally {
    await stage.cleanUp();
  }
}

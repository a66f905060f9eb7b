/** The examples run as they stand: by HTTP on vireod, by libvirt's protocol on vireod and on a real libvirtd. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { run } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const LINES = 15;

async function example(file: string, url: string): Promise<string> {
  const { status, stdout, stderr } = await run(process.execPath, [join(EXAMPLES, file), url]);
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Without the comment, imports and empty lines. */
const statements = (file: string): number =>
  readFileSync(join(EXAMPLES, file), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !/^(\/\*|import )/.test(line)).length;

/** libvirt's numbers: defined, resumed, started, shut down, stopped, undefined. */
const LIFE = [0, 4, 2, 6, 5, 1];

const told = (output: string): readonly number[] =>
  [...output.matchAll(/^lifecycle (\d+)/gm)].map(([, event]) => Number(event));

test("examples: a guest's life is told in 15 lines", () => {
  for (const file of ["guest-life.ts", "guest-life-libvirt.ts"])
    assert.ok(statements(file) <= LINES, `${file} has ${statements(file)}`);
});

test("examples: on vireod, both ways", async () => {
  const vireod = await Vireod.started();
  try {
    const byHttp = await example("guest-life.ts", await vireod.httpUrl());
    assert.match(byHttp, /lifecycle defined added\nlifecycle resumed unpaused\nlifecycle started/);
    assert.match(byHttp, /lifecycle stopped destroyed\nlifecycle undefined removed\n$/);
    const events = told(await example("guest-life-libvirt.ts", vireod.uri));
    assert.deepEqual(events, LIFE);
  } finally {
    await vireod.cleanUp();
  }
});

test("examples: on a real libvirtd", { skip: Libvirtd.missing() ?? false }, async () => {
  const libvirtd = await Libvirtd.started();
  try {
    const events = told(await example("guest-life-libvirt.ts", libvirtd.uri));
    assert.deepEqual(events, LIFE);
  } finally {
    await libvirtd.cleanUp();
  }
});

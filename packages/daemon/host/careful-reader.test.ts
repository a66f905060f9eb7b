import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test, type TestContext } from "node:test";
import { CarefulReader } from "./careful-reader.ts";

/** Directories with a good file and one whose read hangs: a pipe that nobody writes to. */
function directoryOf(t: TestContext, names: readonly string[]) {
  const root = mkdtempSync(join(tmpdir(), "vireo-careful-"));
  for (const name of names) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, "good"), "yes\n");
    execFileSync("mkfifo", [join(root, name, "hangs")]);
  }
  const release = (name: string): void => writeFileSync(join(root, name, "hangs"), "late\n");
  t.after(() => rmSync(root, { recursive: true }));
  return { root, release };
}

test("careful reader: what hangs is given up, and its neighbours are left alone until it answers", async (t) => {
  const { root, release } = directoryOf(t, ["a", "b", "c"]);
  const told: string[] = [];
  const reader = new CarefulReader((path) => told.push(basename(path)), 2);
  const read = async (path: string): Promise<string | undefined> =>
    (await reader.read(join(root, path), 100))?.toString();
  assert.equal(await read("a/hangs"), undefined);
  assert.deepEqual(told, ["hangs"]);
  assert.equal(await read("a/good"), undefined);
  assert.equal(await read("b/good"), "yes\n");
  const others = await Promise.all(["b/hangs", "c/good"].map(read));
  assert.deepEqual(others, [undefined, undefined], "no more threads are risked");
  assert.equal(await read("c/good"), undefined);
  release("a");
  release("b");
  while ((await read("c/good")) === undefined || (await read("a/good")) === undefined)
    await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await read("b/good"), "yes\n");
});

test("careful reader: what is not there, no file, or damaged reads as nothing", async (t) => {
  const { root } = directoryOf(t, ["a"]);
  symlinkSync("/proc/self/mem", join(root, "broken")); // its read fails with EIO
  const reader = new CarefulReader(() => undefined);
  for (const name of ["none", "a", "broken"])
    assert.equal(await reader.read(join(root, name), 100), undefined, name);
});

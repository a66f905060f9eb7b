import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { ImageSizes } from "./image-sizes.ts";

const MIB = 1 << 20;

function looking(t: TestContext): { sizes: ImageSizes; directory: string } {
  const directory = mkdtempSync(join(tmpdir(), "vireo-sizes-"));
  const sizes = new ImageSizes();
  t.after(() => {
    sizes.close();
    rmSync(directory, { recursive: true });
  });
  return { sizes, directory };
}

/** The process that looks, as the kernel knows it. */
const hands = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return Number(parent) === process.pid && command.includes("image-sizes-main");
      } catch {
        return false; // ended meanwhile
      }
    });

test("image sizes: what the guest sees, what it takes, and the file's length", async (t) => {
  const { sizes, directory } = looking(t);
  const image = join(directory, "a.qcow2");
  execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", image, "16M"]);
  const { size, blocks } = statSync(image);
  const expected = { allocated: blocks * 512, physical: size };
  assert.deepEqual(await sizes.of(image), { capacity: 16 * MIB, ...expected });
  assert.deepEqual(await sizes.of(image, { raw: true }), { capacity: size, ...expected });
  assert.equal(await sizes.of(join(directory, "none")), undefined);
  assert.equal(await sizes.of(directory), undefined);
});

test("image sizes: a file that does not answer is told of by what was last seen, others are not late", async (t) => {
  const { sizes, directory } = looking(t);
  const [one, other] = [join(directory, "one"), mkdtempSync(join(tmpdir(), "vireo-sizes-"))];
  t.after(() => rmSync(other, { recursive: true }));
  writeFileSync(one, "x".repeat(MIB));
  writeFileSync(join(other, "two"), "xx");
  const before = await sizes.of(one);
  assert.equal(before?.physical, MIB);
  const [hand] = hands();
  assert.ok(hand !== undefined);
  process.kill(hand, "SIGSTOP"); // what a dead NFS server does to it
  const both = [sizes.of(one), sizes.of(join(other, "two"))];
  const [stuck, fine] = await Promise.all(both);
  assert.deepEqual(stuck, before);
  assert.equal(fine?.physical, 2);
  const start = performance.now();
  assert.deepEqual(await sizes.of(one), before);
  assert.ok(performance.now() - start < 100, "the directory is left alone for a while");
});

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  listDirectory,
  previousOf,
  readText,
  readTextIfThere,
  removeKept,
  removeLeftovers,
  writeFileAtomically,
} from "./file.ts";

const dir = mkdtempSync(join(tmpdir(), "vireo-file-"));
after(() => rmSync(dir, { recursive: true }));
const path = join(dir, "web1.xml");

test("file: a write replaces the whole file and keeps the revision before", async () => {
  await writeFileAtomically(path, "one", { keepPrevious: true });
  assert.equal(await readText(previousOf(path)), "one", "a copy of the first one");
  await writeFileAtomically(path, "two", { keepPrevious: true });
  await writeFileAtomically(path, "three", { keepPrevious: true });
  assert.equal(readFileSync(path, "utf8"), "three");
  assert.equal(await readText(previousOf(path)), "two");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(dir), [".prev", "web1.xml"]);
  assert.deepEqual(readdirSync(join(dir, ".prev")), ["web1.xml"]);
});

test("file: removing takes the previous revision along", async () => {
  await removeKept(path);
  assert.equal(await readTextIfThere(path), undefined);
  assert.equal(await readTextIfThere(previousOf(path)), undefined);
});

test("file: a write into a missing directory fails with the reason and leaves nothing", async () => {
  await assert.rejects(
    writeFileAtomically(join(dir, "nowhere/x"), "text"),
    /Cannot write file '.*nowhere\/x': No such file or directory/,
  );
});

test("file: reading stops at the limit, also where the size is not known in advance", async () => {
  writeFileSync(path, "x".repeat(100_000));
  await assert.rejects(readText(path, 99_999), /larger than 99999 bytes/);
  assert.equal((await readText(path, 100_000)).length, 100_000);
  assert.match(await readText("/proc/self/status"), /^Name:/);
});

test("file: what a crash left behind is not listed and can be removed", async () => {
  writeFileSync(join(dir, ".tmp-0123"), "half");
  assert.ok(!(await listDirectory(dir)).includes(".tmp-0123"));
  await removeLeftovers(dir);
  assert.ok(!readdirSync(dir).includes(".tmp-0123"));
  assert.deepEqual(await listDirectory(join(dir, "nowhere")), []);
});

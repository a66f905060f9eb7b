import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { makeDirectories, pathsOf } from "../host/paths.ts";
import { onBehalf } from "./on-behalf.ts";
import { DomainStore } from "./domain-store.ts";

const dir = mkdtempSync(join(tmpdir(), "vireo-history-"));
after(() => rmSync(dir, { recursive: true }));

const xmlOf = (memory: number): string =>
  `<domain type='qemu'>\n  <name>a</name>\n  <memory>${memory}</memory>\n</domain>\n`;

let clock = 1_700_000_000;
/** Saves a revision as if a second had gone by. */
async function save(store: DomainStore, name: string, memory: number): Promise<void> {
  await store.saveDefinition(name, xmlOf(memory));
  clock += 1;
  utimesSync(store.definitionPath(name), clock, clock);
}

test("history: each change is a revision; the last fifty stay, and a new name takes them along", async () => {
  const paths = pathsOf(dir);
  await makeDirectories(paths);
  const store = new DomainStore(paths);
  assert.deepEqual(await store.history.all("a"), []);
  await save(store, "a", 1);
  await save(store, "a", 2);
  await store.saveDefinition("a", xmlOf(2)); // nothing changed
  utimesSync(store.definitionPath("a"), clock, clock);
  const [now, before] = await store.history.all("a");
  assert.deepEqual(now, { at: clock * 1000, current: true });
  assert.deepEqual(before, { at: (clock - 1) * 1000, current: false });
  assert.equal(await store.history.read("a", (clock - 1) * 1000), xmlOf(1));
  assert.equal(await store.history.read("a", clock * 1000), xmlOf(2));
  assert.equal(await store.history.read("a", 5), undefined);
  for (let memory = 3; memory < 70; memory++) await save(store, "a", memory);
  const all = await store.history.all("a");
  assert.equal(all.length, 51);
  await store.renameDefinition("a", { name: "b", xml: xmlOf(70) });
  assert.equal((await store.history.all("b")).length, 51);
  assert.equal(await store.history.read("b", all[50]?.at ?? 0), xmlOf(19));
  await store.removeDefinition("b");
  assert.deepEqual(await store.history.all("b"), []);
});

test("history: a revision tells on whose behalf it was saved", async () => {
  const paths = pathsOf(join(dir, "signed"));
  await makeDirectories(paths);
  const store = new DomainStore(paths);
  const anna = { by: "anna", operation: "domain.define" };
  await onBehalf(anna, () => store.saveDefinition("b", xmlOf(1)));
  const [first] = await store.history.all("b");
  assert.ok(first !== undefined);
  const { at } = first;
  assert.deepEqual(first, { at, current: true, ...anna });
  await onBehalf({ by: "uid:0", operation: "domain.setMemory" }, () => save(store, "b", 2));
  const [, before] = await store.history.all("b");
  assert.deepEqual(before, { at, current: false, ...anna });
  await onBehalf(anna, () => store.renameDefinition("b", { name: "c", xml: xmlOf(3) }));
  const [renamed, ...moved] = await store.history.all("c");
  assert.equal(renamed?.by, "anna");
  assert.ok(moved.some((one) => one.at === at && one.by === "anna"));
  await onBehalf(anna, () => store.renameDefinition("c", { name: "b", xml: xmlOf(2) }));
  writeFileSync(join(paths.definitions, ".history/b", `${at}.by.json`), "\0{");
  const damaged = (await store.history.all("b")).find((one) => one.at === at);
  assert.deepEqual(damaged, { at, current: false });
});

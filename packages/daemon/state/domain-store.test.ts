import assert from "node:assert/strict";
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { previousOf } from "../host/file.ts";
import { makeDirectories, pathsOf } from "../host/paths.ts";
import type { DomainStatus } from "./domain-status.ts";
import { DomainStore } from "./domain-store.ts";

const dirs: string[] = [];
after(() => dirs.forEach((dir) => rmSync(dir, { recursive: true })));

async function freshStore(): Promise<DomainStore> {
  const dir = mkdtempSync(join(tmpdir(), "vireo-state-"));
  dirs.push(dir);
  const paths = pathsOf(dir);
  await makeDirectories(paths);
  return new DomainStore(paths);
}

const xmlOf = (name: string, memory: number): string =>
  `<domain type='qemu'>\n  <name>${name}</name>\n  <memory>${memory}</memory>\n</domain>\n`;

const statusOf = (name: string, reason: number): DomainStatus => ({
  name,
  uuid: "c7a5fdbd-cdaf-9455-926a-d65c16db1809",
  id: 1,
  state: { state: "paused", reason },
  persistent: false,
  process: { pid: 1, startTime: 2 },
  bootId: "b",
  monitorPath: "/m",
  taints: [],
  companions: [],
  blockJobs: [],
  lastNode: 0,
  domainXml: xmlOf(name, 1),
});

test("domain store: definitions, status and autostart come back", async () => {
  const store = await freshStore();
  await store.saveDefinition("a", xmlOf("a", 1));
  await store.saveDefinition("b", xmlOf("b", 2));
  await store.setAutostart("b", true);
  await store.setAutostart("b", true);
  await store.saveStatus(statusOf("b", 1));
  assert.deepEqual(await store.load(), {
    definitions: [
      { name: "a", xml: xmlOf("a", 1), autostart: false },
      { name: "b", xml: xmlOf("b", 2), autostart: true },
    ],
    statuses: [statusOf("b", 1)],
    damages: [],
  });
});

test("domain store: what was removed is gone, with its mark and its past", async () => {
  const store = await freshStore();
  await store.saveDefinition("a", xmlOf("a", 1));
  await store.saveDefinition("a", xmlOf("a", 2));
  await store.setAutostart("a", true);
  await store.saveStatus(statusOf("a", 1));
  await store.removeStatus("a");
  await store.removeDefinition("a");
  await store.saveDefinition("a", xmlOf("a", 3));
  assert.deepEqual(await store.load(), {
    definitions: [{ name: "a", xml: xmlOf("a", 3), autostart: false }],
    statuses: [],
    damages: [],
  });
});

test("domain store: a rename carries the autostart mark", async () => {
  const store = await freshStore();
  await store.saveDefinition("old", xmlOf("old", 1));
  await store.setAutostart("old", true);
  await store.renameDefinition("old", { name: "new", xml: xmlOf("new", 1) });
  assert.deepEqual((await store.load()).definitions, [
    { name: "new", xml: xmlOf("new", 1), autostart: true },
  ]);
  await store.setAutostart("new", false);
  assert.equal(await store.autostart("new"), false);
});

test("domain store: files torn at any length fall back to the revision before", async () => {
  const store = await freshStore();
  for (const reason of [1, 2]) {
    await store.saveDefinition("a", xmlOf("a", reason));
    await store.saveStatus(statusOf("a", reason));
  }
  for (const path of [store.definitionPath("a"), store.statusPath("a")]) {
    const whole = readFileSync(path);
    for (let length = whole.length - 2; length >= 0; length--) {
      truncateSync(path, length);
      const { definitions, statuses, damages } = await store.load();
      const isDefinition = path === store.definitionPath("a");
      assert.equal(definitions[0]?.xml, xmlOf("a", isDefinition ? 1 : 2));
      assert.equal(statuses[0]?.state.reason, isDefinition ? 2 : 1);
      assert.equal(damages.length, 1, `${path} cut to ${length}`);
      assert.equal(damages[0]?.recovered, true);
    }
    writeFileSync(path, whole);
  }
});

test("domain store: a file damaged beyond recovery is reported, kept, and harms no other", async () => {
  const store = await freshStore();
  await store.saveDefinition("a", xmlOf("a", 1));
  await store.saveDefinition("a", xmlOf("a", 2));
  await store.saveDefinition("b", xmlOf("b", 1));
  writeFileSync(store.definitionPath("a"), "<dom");
  writeFileSync(previousOf(store.definitionPath("a")), "\0\0\0");
  for (let starts = 0; starts < 2; starts++) {
    const { definitions, damages } = await store.load();
    assert.deepEqual(
      definitions.map((one) => one.name),
      ["b"],
    );
    assert.deepEqual(
      damages.map(({ name, what, recovered }) => ({ name, what, recovered })),
      [{ name: "a", what: "definition", recovered: false }],
    );
  }
  await store.saveDefinition("a", xmlOf("a", 3));
  assert.equal(readFileSync(previousOf(store.definitionPath("a")), "utf8"), "<dom");
});

test("domain store: a definition removed by hand stays removed", async () => {
  const store = await freshStore();
  await store.saveDefinition("a", xmlOf("a", 1));
  await store.saveDefinition("a", xmlOf("a", 2));
  unlinkSync(store.definitionPath("a"));
  assert.deepEqual((await store.load()).definitions, []);
});

test("domain store: a definition under another domain's file name is not believed", async () => {
  const store = await freshStore();
  await store.saveDefinition("a", xmlOf("b", 1));
  await store.saveStatus(statusOf("a", 1));
  writeFileSync(store.statusPath("c"), readFileSync(store.statusPath("a")));
  const { definitions, statuses, damages } = await store.load();
  assert.deepEqual(definitions, []);
  assert.deepEqual(
    statuses.map((one) => one.name),
    ["a"],
  );
  assert.deepEqual(damages.map((one) => one.name).toSorted(), ["a", "c"]);
});

test("domain store: autostart is done once per boot of the host", async () => {
  const store = await freshStore();
  assert.equal(await store.autostartIsDone("boot-1"), false);
  await store.markAutostartDone("boot-1");
  assert.equal(await store.autostartIsDone("boot-1"), true);
  assert.equal(await store.autostartIsDone("boot-2"), false);
});

/** State that cannot be written: the caller hears why, everything is as it was, and goes on when it can be again. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { checkQemu } from "./qemu-truth.ts";
import { leftovers, pictureOf } from "./crash-picture.ts";
import { CrashStage } from "./crash-stage.ts";

const DEFINE = "define DIR/guest.xml";
const DEFINITION = "ROOT/etc/qemu/crash.xml";
const SNAPSHOT = "ROOT/lib/qemu/snapshot/crash/then.xml";

const WORKS = [
  { name: "define", before: [], work: DEFINE, file: DEFINITION },
  { name: "redefine", before: [DEFINE], work: "define DIR/again.xml", file: DEFINITION },
  {
    name: "attach --config",
    before: [DEFINE, "start crash"],
    work: "attach-device crash DIR/disk.xml --config",
    file: DEFINITION,
  },
  {
    name: "snapshot-create",
    before: [DEFINE, "start crash"],
    work: "snapshot-create-as crash then",
    file: SNAPSHOT,
  },
  {
    name: "snapshot-create, off",
    before: [DEFINE],
    work: "snapshot-create-as crash then --disk-only --diskspec vda",
    file: SNAPSHOT,
  },
];

const FAULTS = [
  { code: "ENOSPC", at: "before writing", says: /No space left on device/ },
  { code: "EIO", at: "syncing", says: /I\/O error/i },
  { code: "EROFS", at: "before renaming to", says: /Read-only file system/ },
];

/** `first` comes before everything is removed. */
async function staged(t: TestContext, first: (stage: CrashStage) => void): Promise<CrashStage> {
  const stage = new CrashStage();
  t.after(async () => {
    first(stage);
    await stage.cleanUp();
  });
  await stage.begin();
  return stage;
}

const definitionsOf = ({ root }: CrashStage): string => join(root, "etc/qemu");

test("state: what cannot be written is refused with the reason, and nothing of it has happened", {
  timeout: 120_000,
}, async (t) => {
  const stage = await staged(t, () => undefined);
  for (const { name, before, work, file } of WORKS)
    for (const { code, at, says } of FAULTS)
      await t.test(`${name}: ${code}`, async () => {
        await stage.clear();
        await stage.ask(...before);
        const picture = await pictureOf(stage);
        stage.breakAt({ at: `${at} ${file}`, nth: 1 }, code);
        const { status, stderr } = await stage.try(work);
        stage.mend();
        assert.notEqual(status, 0);
        assert.match(stderr, says);
        assert.deepEqual(await pictureOf(stage), picture);
        assert.deepEqual(leftovers(stage), []);
        if (picture?.state === "running") await checkQemu(stage);
        await stage.ask(work);
        assert.notDeepEqual(await pictureOf(stage), picture);
        if (picture?.state === "running") await stage.ask("destroy crash");
      });
});

const noMounts = process.getuid?.() === 0 ? false : "mounting needs root";

test("state: a disk that is really full, then really read-only, then neither", {
  skip: noMounts,
  timeout: 60_000,
}, async (t) => {
  const stage = await staged(t, (one) =>
    execFileSync("umount", ["--lazy", definitionsOf(one)], { stdio: "ignore" }),
  );
  await stage.clear();
  const place = definitionsOf(stage);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place]);
  writeFileSync(join(place, "filler"), Buffer.alloc(64 << 10));
  const full = await stage.try(DEFINE);
  assert.match(full.stderr, /No space left on device/);
  execFileSync("mount", ["-o", "remount,ro", place]);
  const readOnly = await stage.try(DEFINE);
  assert.match(readOnly.stderr, /Read-only file system/);
  assert.equal(await pictureOf(stage), undefined);
  execFileSync("mount", ["-o", "remount,rw", place]);
  rmSync(join(place, "filler"));
  await stage.ask(DEFINE, "start crash", "destroy crash", "undefine crash");
});

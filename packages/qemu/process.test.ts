import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { isError } from "@vireo/model/error";
import { exitReason, isRunning, signalProcess, spawnQemu } from "./process.ts";

const QEMU = "/usr/bin/qemu-system-x86_64";

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "vireo-process-"));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
}
const spec = (dir: string, argv: readonly string[], binary = QEMU) => ({
  binary,
  argv,
  env: {},
  cwd: dir,
  logPath: join(dir, "log"),
  fds: [],
});

test("process: QEMU's own words say why it ended", async (t) => {
  const dir = folder(t);
  const qemu = await spawnQemu(spec(dir, ["-machine", "nosuch"]));
  const status = await qemu.exited;
  assert.equal(status.code, 1);
  assert.match(exitReason(status, join(dir, "log")), /unsupported machine type/);
});

test("process: known by pid and start time, ended by a signal to nobody else", async (t) => {
  const dir = folder(t);
  const qemu = await spawnQemu(spec(dir, ["-M", "none", "-display", "none"]));
  assert.ok(isRunning(qemu));
  assert.equal(signalProcess({ ...qemu, startTime: qemu.startTime - 1 }, "SIGKILL"), false);
  assert.ok(isRunning(qemu));
  assert.equal(signalProcess(qemu, "SIGKILL"), true);
  assert.deepEqual(await qemu.exited, { signal: "SIGKILL" });
  assert.equal(isRunning(qemu), false);
});

test("process: a binary that is missing is a clear error", async (t) => {
  await assert.rejects(
    spawnQemu(spec(folder(t), [], "/usr/bin/nosuch")),
    (error) =>
      isError(error, "internalError") && error.message.includes("cannot run '/usr/bin/nosuch'"),
  );
});

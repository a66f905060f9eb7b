import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { isError } from "@vireo/model/error";
import { spawnQemu, type SpawnedQemu } from "@vireo/qemu/process";
import { monotonicMs } from "../../host/clock.ts";
import { isAlive, isStopped, processInfo, signalProcess } from "../../host/process.ts";
import { listenUnix } from "../../host/unix-listener.ts";
import { endProcess } from "./end-process.ts";
import { GuestMonitor } from "./guest-monitor.ts";

/** A bare QEMU with a monitor of ours. */
async function bareQemu(t: TestContext): Promise<{ qemu: SpawnedQemu; path: string }> {
  const dir = mkdtempSync(join(tmpdir(), "vireo-monitor-"));
  const path = join(dir, "monitor.sock");
  const qemu = await spawnQemu({
    binary: "/usr/bin/qemu-system-x86_64",
    argv: "-M none -display none -S -nodefaults -no-shutdown -chardev socket,id=m,fd=3,server=on,wait=off -mon chardev=m,mode=control".split(
      " ",
    ),
    env: {},
    cwd: dir,
    logPath: join(dir, "log"),
    fds: [{ fd: listenUnix(path), as: 3 }],
  });
  t.after(async () => {
    signalProcess(qemu, "SIGKILL");
    await qemu.exited;
    rmSync(dir, { recursive: true });
  });
  return { qemu, path };
}

async function stop(qemu: SpawnedQemu): Promise<void> {
  signalProcess(qemu, "SIGSTOP");
  for (let info = processInfo(qemu.pid); info && !isStopped(info); ) info = processInfo(qemu.pid);
}

const silent = { onEvent: () => undefined, onLost: () => undefined };
const isTimeout = (error: unknown): boolean => isError(error, "operationTimeout");

test("guest monitor: a stopped QEMU is noticed within a second, before and during a command", async (t) => {
  const { qemu, path } = await bareQemu(t);
  const monitor = await GuestMonitor.connect({ path, process: qemu, timeoutMs: 5000 }, silent);
  assert.deepEqual(monitor.health.state, "ok");
  await stop(qemu);
  for (let round = 0; round < 2; round++) {
    const began = monotonicMs();
    await assert.rejects(monitor.execute("query-status"), isTimeout);
    assert.ok(monotonicMs() - began < 1000);
  }
  signalProcess(qemu, "SIGCONT");
  assert.deepEqual(await monitor.execute("query-status"), {
    status: "prelaunch",
    singlestep: false,
    running: false,
  });
});

test("guest monitor: a QEMU stopped in the middle of a command does not hold the caller", async (t) => {
  const { qemu, path } = await bareQemu(t);
  const monitor = await GuestMonitor.connect({ path, process: qemu, timeoutMs: 5000 }, silent);
  const began = monotonicMs();
  const call = monitor.execute("query-status");
  // the look before the command has passed by now, the answer has not been read yet
  signalProcess(qemu, "SIGSTOP");
  await call.catch((error: unknown) => assert.ok(isTimeout(error)));
  assert.ok(monotonicMs() - began < 1000);
});

test("guest monitor: the end of QEMU is heard and releases who waits", async (t) => {
  const { qemu, path } = await bareQemu(t);
  const lost = Promise.withResolvers<unknown>();
  const events: string[] = [];
  const monitor = await GuestMonitor.connect(
    { path, process: qemu, timeoutMs: 5000 },
    { onEvent: ({ name }) => events.push(name), onLost: lost.resolve },
  );
  await endProcess(qemu);
  await monitor.ended;
  await lost.promise;
  assert.deepEqual(events, ["SHUTDOWN"]);
  assert.equal(monitor.health.state, "error");
  await assert.rejects(monitor.execute("query-status"), (error) =>
    isError(error, "operationFailed"),
  );
});

test("guest monitor: after a hang-up of ours the next daemon can connect", async (t) => {
  const { qemu, path } = await bareQemu(t);
  const at = { path, process: qemu, timeoutMs: 5000 };
  const first = await GuestMonitor.connect(at, { ...silent, onLost: () => assert.fail() });
  first.close();
  const second = await GuestMonitor.connect(at, silent);
  assert.ok(await second.execute("query-version"));
  second.close();
});

test("end process: a stopped QEMU is gone in two seconds", async (t) => {
  const { qemu } = await bareQemu(t);
  await stop(qemu);
  await assert.rejects(
    endProcess(qemu, { graceful: true }),
    /Failed to terminate process \d+ with SIGTERM/,
  );
  assert.ok(isAlive(qemu));
  const began = monotonicMs();
  await endProcess(qemu);
  assert.ok(monotonicMs() - began < 2000);
  assert.ok(!isAlive(qemu));
});

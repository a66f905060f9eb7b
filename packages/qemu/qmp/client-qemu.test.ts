/** The client against a real QEMU. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { signalProcess, spawnQemu, type SpawnedQemu } from "../process.ts";
import { QmpClient, type QmpEvent } from "./client.ts";
import { QmpClosedError, QmpError, QmpTimeoutError } from "./qmp-error.ts";

interface Running {
  readonly qemu: SpawnedQemu;
  readonly client: QmpClient;
  readonly events: QmpEvent[];
  readonly closed: Promise<QmpClosedError>;
}

/** A QEMU without a machine, which connects to us. */
async function running(t: TestContext): Promise<Running> {
  const dir = mkdtempSync(join(tmpdir(), "vireo-qmp-"));
  const server = createServer();
  server.listen(join(dir, "m"));
  const connected = once(server, "connection");
  const qemu = await spawnQemu({
    binary: "/usr/bin/qemu-system-x86_64",
    argv: `-M none -nodefaults -display none -mon chardev=m,mode=control`
      .split(" ")
      .concat("-chardev", `socket,id=m,path=${join(dir, "m")}`),
    env: {},
    cwd: dir,
    logPath: join(dir, "log"),
    fds: [],
  });
  const [socket] = (await connected) as [Socket]; // as `connection` is declared
  const events: QmpEvent[] = [];
  const closed = Promise.withResolvers<QmpClosedError>();
  const client = await QmpClient.connect(socket, {
    onEvent: (event) => void events.push(event),
    onClose: closed.resolve,
  });
  t.after(() => {
    client.close();
    server.close();
    signalProcess(qemu, "SIGKILL");
    rmSync(dir, { recursive: true });
  });
  return { qemu, client, events, closed: closed.promise };
}

test("qmp: a real QEMU greets, answers at length and refuses", async (t) => {
  const { client } = await running(t);
  assert.ok((await client.greeting).version[0] >= 7);
  const schema = await client.execute("query-qmp-schema");
  assert.ok(Array.isArray(schema) && schema.length > 1000);
  await assert.rejects(
    client.execute("no-such-command"),
    (error) => error instanceof QmpError && error.errorClass === "CommandNotFound",
  );
});

test("qmp: a QEMU that stands still for a while gives nobody another's answer", async (t) => {
  const { qemu, client } = await running(t);
  signalProcess(qemu, "SIGSTOP");
  await assert.rejects(client.execute("query-name", {}, { timeoutMs: 30 }), QmpTimeoutError);
  const status = client.execute("query-status");
  signalProcess(qemu, "SIGCONT");
  const answer = await status;
  assert.ok(typeof answer === "object" && answer !== null && "running" in answer);
});

test("qmp: the end of QEMU is heard, as event and as closed connection", async (t) => {
  const { qemu, client, events, closed } = await running(t);
  await client.execute("quit");
  await Promise.all([qemu.exited, closed]);
  await assert.rejects(client.execute("query-status"), QmpClosedError);
  assert.deepEqual(
    events.map(({ name, data }) => [name, data["reason"]]),
    [["SHUTDOWN", "host-qmp-quit"]],
  );
});

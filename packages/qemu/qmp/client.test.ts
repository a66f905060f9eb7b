import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { QmpClient, type QmpEvent, type QmpOptions } from "./client.ts";
import { QmpBusyError, QmpClosedError, QmpError, QmpTimeoutError } from "./qmp-error.ts";

const GREETING = {
  QMP: { version: { qemu: { major: 7, minor: 2, micro: 1 }, package: "x" }, capabilities: [] },
};

interface Sent {
  readonly execute: string;
  readonly id: string;
}

/** A peer that answers what it is told, line by line. */
async function scripted(
  t: TestContext,
  answer: (sent: Sent, socket: Socket) => void,
  options: QmpOptions = {},
) {
  const dir = mkdtempSync(join(tmpdir(), "vireo-qmp-"));
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write(`${JSON.stringify(GREETING)}\r\n`);
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n")) {
        const sent = JSON.parse(text.slice(0, at)) as Sent; // our own client wrote it
        text = text.slice(at + 1);
        if (sent.execute === "qmp_capabilities") socket.write(`{"return":{},"id":"${sent.id}"}\n`);
        else answer(sent, socket);
      }
    });
  });
  server.listen(join(dir, "m"));
  await once(server, "listening");
  const client = await QmpClient.connect(join(dir, "m"), options);
  t.after(() => {
    client.close();
    server.close();
    rmSync(dir, { recursive: true });
  });
  return client;
}

test("qmp: answers find their command, whatever the order", async (t) => {
  const held: Sent[] = [];
  const client = await scripted(t, (sent, socket) => {
    held.push(sent);
    if (held.length < 2) return;
    for (const { id, execute } of held.toReversed())
      socket.write(`{"return":"${execute}","id":"${id}"}\n`);
  });
  assert.deepEqual(await Promise.all([client.execute("a"), client.execute("b")]), ["a", "b"]);
  assert.deepEqual((await client.greeting).version, [7, 2, 1]);
});

test("qmp: a refusal carries QEMU's class and words", async (t) => {
  const client = await scripted(t, ({ id }, socket) => {
    socket.write(`{"error":{"class":"CommandNotFound","desc":"no such"},"id":"${id}"}\n`);
  });
  await assert.rejects(
    client.execute("x"),
    (error) =>
      error instanceof QmpError &&
      error.errorClass === "CommandNotFound" &&
      error.message === "no such",
  );
});

test("qmp: a late answer is nobody's", async (t) => {
  const late: string[] = [];
  const client = await scripted(t, ({ execute, id }, socket) => {
    if (execute === "slow") late.push(id);
    else
      socket.write(`{"return":"late","id":"${late[0] ?? ""}"}\n{"return":"mine","id":"${id}"}\n`);
  });
  await assert.rejects(client.execute("slow", {}, { timeoutMs: 20 }), QmpTimeoutError);
  assert.equal(await client.execute("next"), "mine");
});

test("qmp: the end of the connection releases every waiter, and later calls fail at once", async (t) => {
  const reasons: QmpClosedError[] = [];
  const client = await scripted(t, (_sent, socket) => void socket.destroy(), {
    onClose: (why) => void reasons.push(why),
  });
  const results = await Promise.allSettled([client.execute("a"), client.execute("b")]);
  for (const result of results)
    assert.ok(result.status === "rejected" && result.reason instanceof QmpClosedError);
  await assert.rejects(client.execute("c"), QmpClosedError);
  assert.equal(reasons.length, 1);
});

test("qmp: what is not JSON, or has no end, closes the connection", async (t) => {
  const bad = await scripted(t, (_sent, socket) => void socket.write("{broken\n"));
  await assert.rejects(bad.execute("a"), /not QMP/);
  const endless = await scripted(
    t,
    (_sent, socket) => void socket.write(Buffer.alloc(11 * 1024 * 1024, 0x20)),
  );
  await assert.rejects(endless.execute("a"), (error) => error instanceof QmpClosedError);
});

test("qmp: events come with their data and time", async (t) => {
  const events: QmpEvent[] = [];
  const client = await scripted(
    t,
    ({ id }, socket) => {
      socket.write(
        `{"event":"STOP","timestamp":{"seconds":2,"microseconds":5}}\n{"return":{},"id":"${id}"}\n`,
      );
    },
    { onEvent: (event) => void events.push(event) },
  );
  await client.execute("stop");
  assert.deepEqual(events, [{ name: "STOP", data: {}, timestampUs: 2_000_005 }]);
});

test("qmp: little is held for a QEMU that reads nothing", async (t) => {
  const client = await scripted(t, (_sent, socket) => void socket.pause());
  const text = "x".repeat(1024 * 1024);
  const sent = Array.from({ length: 20 }, () => client.execute("a", { text }));
  const refused = await Promise.race(sent.map((one) => one.catch((error: unknown) => error)));
  assert.ok(refused instanceof QmpBusyError);
  client.close();
  const errors = await Promise.all(sent.map((one) => one.catch((error: unknown) => error)));
  const busy = errors.filter((error) => error instanceof QmpBusyError).length;
  assert.ok(busy >= 10 && busy < 20, `${busy} of 20 were refused`);
});

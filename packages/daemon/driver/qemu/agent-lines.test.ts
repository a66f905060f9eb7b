/** One line to each guest's agent: the agent is a socket of the test's own, and says what it likes. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { DomainEvent } from "@vireo/model/event";
import { isError } from "@vireo/model/error";
import { AgentClient } from "@vireo/qemu/agent/client";
import { EventBus } from "../../event/event-bus.ts";
import { AgentLines } from "./agent-lines.ts";

const UUID = "17527155-31ec-4ade-acb9-0bcc97178897";
const DELIMITER = "\u{ff}";
const domain = { name: "finch", uuid: UUID, id: 1 };

interface Peer {
  readonly path: string;
  readonly connections: Socket[];
  readonly hungUp: Promise<void>;
}

/** Calls `say` for each command; syncs are answered when it returns nothing. */
async function peer(
  t: TestContext,
  say: (command: string, socket: Socket) => true | undefined,
): Promise<Peer> {
  const dir = mkdtempSync(join(tmpdir(), "vireo-agent-"));
  const path = join(dir, "agent");
  const hungUp = Promise.withResolvers<void>();
  const connections: Socket[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => hungUp.resolve());
    socket.on("data", (chunk) => {
      for (const line of chunk.toString("latin1").replaceAll(DELIMITER, "").split("\n")) {
        const command = /"execute":"([^"]*)"/.exec(line)?.[1];
        if (command === undefined || say(command, socket) === true) continue;
        const id = /"id":(\d+)/.exec(line)?.[1];
        const answer = id === undefined ? '{"return":{"host-name":"finch"}}' : `{"return":${id}}`;
        socket.write(Buffer.from(`${id === undefined ? "" : DELIMITER}${answer}\n`, "latin1"));
      }
    });
  });
  await new Promise<void>((done) => void server.listen(path, done));
  t.after(() => {
    for (const socket of connections) socket.destroy();
    server.close();
    rmSync(dir, { recursive: true });
  });
  return { path, connections, hungUp: hungUp.promise };
}

const newBus = () =>
  new EventBus<DomainEvent>((error) => {
    throw error;
  });

test("agent lines: all who ask share one, and it is hung up when the guest closes its side", async (t) => {
  const { path, connections, hungUp } = await peer(t, () => undefined);
  const bus = newBus();
  const lines = new AgentLines(bus);
  t.after(() => lines.close());
  const ask = (): Promise<unknown> => lines.at(UUID, path).execute("guest-get-host-name");
  assert.deepEqual(await Promise.all([ask(), ask()]), [
    { "host-name": "finch" },
    { "host-name": "finch" },
  ]);
  await ask();
  assert.equal(connections.length, 1);
  bus.publish({ kind: "agentLifecycle", domain, state: "disconnected", reason: "channel" });
  await hungUp;
  await ask();
  assert.equal(connections.length, 2);
});

test("agent lines: who waits is released when the guest ends", async (t) => {
  const asked = Promise.withResolvers<void>();
  const { path } = await peer(t, (command) => {
    if (command !== "guest-get-time") return undefined;
    asked.resolve();
    return true;
  });
  const bus = newBus();
  const lines = new AgentLines(bus);
  t.after(() => lines.close());
  const answer = lines.at(UUID, path).execute("guest-get-time");
  answer.catch(() => undefined);
  await asked.promise;
  bus.publish({ kind: "lifecycle", domain, event: "stopped", detail: "destroyed" });
  await assert.rejects(answer, /Guest agent disappeared while executing command/);
});

test("agent lines: an agent that talks without end is cut off, and one that nobody asks is not heard", async (t) => {
  const flood = Buffer.alloc(1024 * 1024, "x\n");
  const { path, connections } = await peer(t, (command, socket) => {
    if (command !== "guest-flood") return undefined;
    const more = (): void => {
      while (!socket.destroyed && socket.write(flood));
      if (!socket.destroyed) socket.once("drain", more);
    };
    more();
    return true;
  });
  const client = new AgentClient(path);
  t.after(() => client.close());
  await assert.rejects(
    client.execute("guest-flood", {}, { timeoutMs: 20_000 }),
    (error) => isError(error, "agentUnresponsive") || isError(error, "internalError"),
  );
  const [socket] = connections;
  assert.ok(socket !== undefined);
  const before = socket.bytesWritten;
  await new Promise((done) => setImmediate(done));
  // what fits into the kernel's buffers, not what the guest would like to say
  assert.ok(socket.bytesWritten - before < 8 * flood.length);
});

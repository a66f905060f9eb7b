import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { isError } from "@vireo/model/error";
import { AgentClient } from "./client.ts";
import { agentInfo, agentPing, agentShutdown } from "./command.ts";

interface Sent {
  readonly execute: string;
  readonly arguments: { readonly id?: number };
}
const DELIMITER = Buffer.of(0xff);
const line = (value: object): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

/** The agent's own answer to a sync. */
const synced = (socket: Socket, sent: Sent): void => {
  socket.write(Buffer.concat([DELIMITER, line({ return: sent.arguments.id })]));
};

/** An agent in a guest: answers syncs by itself unless `answer` returns true. */
async function agentIn(
  t: TestContext,
  answer: (sent: Sent, socket: Socket) => true | undefined,
): Promise<AgentClient> {
  const dir = mkdtempSync(join(tmpdir(), "vireo-agent-"));
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1").replaceAll("\u{ff}", "");
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n")) {
        const sent = JSON.parse(text.slice(0, at)) as Sent; // our own client wrote it
        text = text.slice(at + 1);
        if (answer(sent, socket) === true) continue;
        if (sent.execute === "guest-sync-delimited") synced(socket, sent);
      }
    });
  });
  server.listen(join(dir, "agent"));
  await once(server, "listening");
  const client = new AgentClient(join(dir, "agent"));
  t.after(() => {
    client.close();
    server.close();
    rmSync(dir, { recursive: true });
  });
  return client;
}

test("agent: commands are answered in turn", async (t) => {
  const seen: string[] = [];
  const agent = await agentIn(t, (sent, socket) => {
    seen.push(sent.execute);
    if (sent.execute === "guest-info")
      socket.write(
        line({
          return: {
            version: "7.2",
            supported_commands: [
              { name: "a", enabled: true },
              { name: "b", enabled: false },
            ],
          },
        }),
      );
    if (sent.execute === "guest-ping") socket.write(line({ return: {} }));
    return undefined;
  });
  const [info] = await Promise.all([agentInfo(agent), agentPing(agent)]);
  assert.deepEqual(info, { version: "7.2", commands: ["a"] });
  const sync = "guest-sync-delimited";
  assert.deepEqual(seen, [sync, "guest-info", sync, "guest-ping"]);
});

test("agent: a late answer is dropped by the next sync, also when only half of it came", async (t) => {
  const slow: Sent[] = [];
  const agent = await agentIn(t, (sent, socket) => {
    if (sent.execute === "guest-slow") slow.push(sent);
    else if (sent.execute === "guest-sync-delimited" && slow.length > 0)
      socket.write(line({ return: "late" }).subarray(0, 8));
    else if (sent.execute === "guest-ping") socket.write(line({ return: "mine" }));
    return undefined;
  });
  await assert.rejects(agent.execute("guest-slow", {}, { timeoutMs: 50 }), (error) =>
    isError(error, "agentUnresponsive"),
  );
  assert.equal(await agent.execute("guest-ping"), "mine");
});

test("agent: the answer to another's sync is not believed", async (t) => {
  const agent = await agentIn(t, (sent, socket) => {
    if (sent.execute !== "guest-sync-delimited") return undefined;
    socket.write(Buffer.concat([DELIMITER, line({ return: 12 })]));
    return true;
  });
  await assert.rejects(agentPing(agent, { timeoutMs: 50 }), (error) =>
    isError(error, "agentUnresponsive"),
  );
});

test("agent: who waits behind a slow command has a deadline of its own, and takes nothing from it", async (t) => {
  const answers: (() => void)[] = [];
  const agent = await agentIn(t, (sent, socket) => {
    if (sent.execute === "guest-slow")
      answers.push(() => void socket.write(line({ return: "slow" })));
    return undefined;
  });
  const slow = agent.execute("guest-slow");
  await assert.rejects(agent.execute("guest-ping", {}, { timeoutMs: 30 }), (error) =>
    isError(error, "agentUnresponsive"),
  );
  for (const answer of answers) answer();
  assert.equal(await slow, "slow");
});

test("agent: a refusal carries the agent's words", async (t) => {
  const agent = await agentIn(t, (sent, socket) => {
    if (sent.execute === "guest-x")
      socket.write(line({ error: { class: "CommandNotFound", desc: "no such" } }));
    return undefined;
  });
  await assert.rejects(
    agent.execute("guest-x"),
    (error) =>
      isError(error, "internalError") &&
      error.message.endsWith("unable to execute QEMU agent command 'guest-x': no such"),
  );
});

test("agent: a shutdown is done when QEMU says so, or when the guest is gone", async (t) => {
  const agent = await agentIn(t, (sent, socket) => {
    if (JSON.stringify(sent).includes("halt")) socket.destroy();
    return undefined;
  });
  await agentShutdown(agent, "powerdown", { sign: () => Promise.resolve() });
  await agentShutdown(agent, "halt", {
    sign: () => new Promise(() => undefined),
    timeoutMs: 5000,
  });
  assert.ok(agent.isClosed);
  await assert.rejects(agentPing(agent), (error) => isError(error, "agentUnresponsive"));
});

test("agent: an endless answer ends the connection and releases who waits", async (t) => {
  const agent = await agentIn(t, (sent, socket) => {
    if (sent.execute === "guest-ping") socket.write(Buffer.alloc(11 * 1024 * 1024, 0x20));
    return undefined;
  });
  const results = await Promise.allSettled([agentPing(agent), agentPing(agent)]);
  for (const result of results)
    assert.ok(result.status === "rejected" && isError(result.reason, "agentUnresponsive"));
});

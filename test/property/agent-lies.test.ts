/**
 * Property: whatever a guest's agent says or does not say, whoever asks it has an answer or an error
 * within his time, the line is free for the next, and nobody else waits.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { AgentClient } from "@vireo/qemu/agent/client";
import { isError } from "@vireo/model/error";

const RUNS = 60;
const TIMEOUT_MS = 150;
/** More than the time that was given, on a host that has much to do. */
const LATE_MS = 1500;
const DELIMITER = 0xff;
const PIECE = 64 * 1024;

/** What an agent does when it is asked something. */
type Act =
  | { readonly kind: "silent" }
  | { readonly kind: "hangUp" }
  | { readonly kind: "late"; readonly ms: number; readonly text: string }
  | { readonly kind: "endless"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "honest" };

const json = fc.json({ maxDepth: 3 });
const text = fc.oneof(
  json,
  json.map((value) => `{"return":${value}}`),
  fc.string().map((words) => JSON.stringify({ error: { class: "GenericError", desc: words } })),
  fc.integer().map((id) => `{"return":${id}}`),
  fc.string({ maxLength: 200 }),
);
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constant<Act>({ kind: "silent" }),
  fc.constant<Act>({ kind: "hangUp" }),
  fc.constant<Act>({ kind: "honest" }),
  fc.record({ kind: fc.constant("late" as const), ms: fc.integer({ min: 0, max: 200 }), text }),
  fc.record({ kind: fc.constant("endless" as const), text }),
  fc.record({ kind: fc.constant("bytes" as const), bytes: fc.uint8Array({ maxLength: 400 }) }),
);

interface Script {
  readonly sync: Act;
  readonly answer: Act;
}

function honest(socket: Socket, line: string): void {
  const id = /"id":(\d+)/.exec(line)?.[1];
  if (id !== undefined) socket.write(Buffer.of(DELIMITER));
  socket.write(`{"return":${id ?? '{"host-name":"finch"}'}}\n`);
}

/** Says the same again and again, as fast as it is taken. */
function flood(socket: Socket, words: string): void {
  const piece = Buffer.from(`${words}\n`.repeat(Math.ceil(PIECE / (words.length + 1))));
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once("drain", more);
  };
  more();
}

function perform(socket: Socket, line: string, what: Act): void {
  switch (what.kind) {
    case "silent":
      return;
    case "hangUp":
      socket.destroy();
      return;
    case "late":
      setTimeout(() => socket.writable && socket.write(`${what.text}\n`), what.ms).unref();
      return;
    case "endless":
      flood(socket, what.text);
      return;
    case "bytes":
      socket.write(what.bytes);
      socket.write("\n");
      return;
    case "honest":
      honest(socket, line);
  }
}

interface Agent {
  readonly path: string;
  /** What it does from now on; as an honest one without. */
  script: Script | undefined;
}

async function agent(t: TestContext): Promise<Agent> {
  const dir = mkdtempSync(join(tmpdir(), "vireo-lies-"));
  const made: Agent = { path: join(dir, "agent"), script: undefined };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      for (const line of chunk.toString("latin1").split("\n")) {
        if (!line.includes('"execute"')) continue;
        const { script } = made;
        const isSync = line.includes("guest-sync");
        perform(socket, line, (isSync ? script?.sync : script?.answer) ?? { kind: "honest" });
      }
    });
  });
  server.listen(made.path);
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    rmSync(dir, { recursive: true });
  });
  return made;
}

/** The line was cut while it was asked. */
const isGone = (answer: unknown): boolean =>
  isError(answer, "agentUnresponsive") && answer.message.includes("disappeared");

/** Milliseconds until it has an answer or an error of ours. */
async function settled(asked: Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await asked.catch((error: unknown) => assert.ok(isError(error), String(error)));
  return performance.now() - begin;
}

test("agent: one that is silent, slow, endless or lies holds nobody up", {
  timeout: 120_000,
}, async (t) => {
  const [liar, fair] = await Promise.all([agent(t), agent(t)]);
  const other = new AgentClient(fair.path);
  t.after(() => other.close());
  await fc.assert(
    fc.asyncProperty(fc.record({ sync: act, answer: act }), async (script) => {
      liar.script = script;
      const client = new AgentClient(liar.path);
      try {
        const begin = performance.now();
        const asked = [1, 2, 3].map(() =>
          settled(client.execute("guest-get-host-name", {}, { timeoutMs: TIMEOUT_MS })),
        );
        const honestAnswer = await other.execute("guest-get-host-name");
        assert.deepEqual(honestAnswer, { "host-name": "finch" });
        for (const ms of await Promise.all(asked)) assert.ok(ms < TIMEOUT_MS + LATE_MS, `${ms} ms`);
        assert.ok(performance.now() - begin < TIMEOUT_MS + LATE_MS);
        // one that has come to its senses is understood, unless it has hung up or was hung up on
        if (client.isClosed) return;
        liar.script = undefined;
        const again = await client
          .execute("guest-get-host-name", {}, { timeoutMs: LATE_MS })
          .catch((error: unknown) => error);
        const ends = [script.sync.kind, script.answer.kind].includes("endless");
        if (!ends && !isGone(again)) assert.deepEqual(again, { "host-name": "finch" });
      } finally {
        client.close();
      }
    }),
    { numRuns: RUNS },
  );
});

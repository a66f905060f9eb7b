import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { AgentClient } from "@vireo/qemu/agent/client";
import { connectUnix } from "../../host/unix-listener.ts";
import { askThrough } from "./guest-agent.ts";

test("an agent's answer comes back and its line is hung up", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "vireo-agent-"));
  const path = join(dir, "agent");
  const hungUp = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.on("close", () => hungUp.resolve());
    socket.on("data", (chunk) => {
      for (const line of chunk.toString("latin1").replaceAll("\xff", "").split("\n")) {
        if (line === "") continue;
        const id = /"id":\s*(\d+)/.exec(line)?.[1];
        const answer = id === undefined ? '{"return":{"host-name":"finch"}}' : `{"return":${id}}`;
        socket.write(Buffer.from(`${id === undefined ? "" : "\xff"}${answer}\n`, "latin1"));
      }
    });
  });
  await new Promise<void>((done) => void server.listen(path, done));
  t.after(() => {
    server.close();
    rmSync(dir, { recursive: true });
  });
  const agent = new AgentClient(connectUnix(path));
  assert.deepEqual(await askThrough(agent, "guest-get-host-name"), { "host-name": "finch" });
  await hungUp.promise;
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { connectUnix, listenUnix } from "./unix-listener.ts";

const dir = mkdtempSync(join(tmpdir(), "vireo-unix-"));
after(() => rmSync(dir, { recursive: true }));

const ACCEPT = `
  const { createServer } = require("node:net");
  createServer((s) => s.end("hello from the heir")).listen({ fd: 3 });
`;

async function inherited(path: string): Promise<string> {
  const fd = listenUnix(path);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const client = connectUnix(path); // before anybody accepts
  const child = spawn(process.execPath, ["-e", ACCEPT], {
    stdio: ["ignore", "ignore", "inherit", fd],
  });
  closeSync(fd);
  let heard = "";
  client.on("data", (piece) => (heard += String(piece)));
  await once(client, "close");
  assert.ok(existsSync(path));
  child.kill("SIGKILL");
  await once(child, "exit");
  return heard;
}

test("unix socket: a listener lives on in the process that inherits it", async () => {
  assert.equal(await inherited(join(dir, "m.sock")), "hello from the heir");
});

test("unix socket: a stale file is replaced, and a path beyond the kernel's limit works", async () => {
  const deep = join(dir, "d".repeat(100), "e".repeat(60));
  mkdirSync(deep, { recursive: true });
  for (let round = 0; round < 2; round++)
    assert.equal(await inherited(join(deep, "monitor.sock")), "hello from the heir");
});

test("unix socket: a missing directory is an error", () => {
  assert.throws(() => listenUnix(join(dir, "nowhere/x")), /Unable to listen .*No such file/);
});

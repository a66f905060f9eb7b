import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isError } from "@vireo/model/error";
import { lockFile } from "./file-lock.ts";
import { peerCredentials, socketFd } from "./peer.ts";
import { openTap } from "./tap.ts";

const dir = mkdtempSync(join(tmpdir(), "vireo-sys-"));
after(() => rmSync(dir, { recursive: true }));

test("peer credentials: the kernel tells who connected", async () => {
  const server = createServer().listen(join(dir, "sock"));
  const client = connect(join(dir, "sock"));
  const accepted = await new Promise<Socket>((resolve) => server.once("connection", resolve));
  assert.deepEqual(peerCredentials(socketFd(accepted) ?? -1), {
    pid: process.pid,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  });
  client.destroy();
  accepted.destroy();
  server.close();
});

test("peer credentials: a closed socket has no descriptor, a bad one is an error", async () => {
  const socket = connect(join(dir, "nobody-listens"));
  await once(socket, "error");
  assert.equal(socketFd(socket), undefined);
  assert.throws(
    () => peerCredentials(9999),
    (error) =>
      isError(error, "systemError") &&
      error.int1 === 9 &&
      /Bad file descriptor/i.test(error.message),
  );
});

test("file lock: one holder at a time", () => {
  const first = lockFile(join(dir, "lock"));
  assert.ok(first);
  assert.equal(lockFile(join(dir, "lock")), undefined);
  first.release();
  const second = lockFile(join(dir, "lock"));
  assert.ok(second);
  second.release();
});

test("tap: a device is made under the first free name and goes with its descriptor", (t) => {
  if (process.getuid?.() !== 0) return t.skip("needs root");
  const one = openTap({ name: "vtst%d", vnetHeader: true });
  const two = openTap({ name: "vtst%d", vnetHeader: true });
  assert.match(one.name, /^vtst\d+$/);
  assert.notEqual(one.name, two.name);
  assert.throws(() => openTap({ name: one.name, vnetHeader: true }), /Unable to create tap device/);
  one.close();
  const again = openTap({ name: one.name, vnetHeader: false });
  assert.equal(again.name, one.name);
  again.close();
  two.close();
});

test("tap: several queues share one device", (t) => {
  if (process.getuid?.() !== 0) return t.skip("needs root");
  const tap = openTap({ name: "vtst%d", vnetHeader: true, queues: 3 });
  assert.equal(tap.fds.length, 3);
  tap.close();
});

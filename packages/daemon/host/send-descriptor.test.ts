import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { sendDescriptor } from "./send-descriptor.ts";

/** Takes one descriptor and tells what it is, and the text it came with. */
const RECEIVER = `
import array, os, socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
text, control, _, _ = line.recvmsg(100, 100)
fd = array.array("i", control[0][2])[0]
print(text.decode(), os.readlink("/proc/self/fd/%d" % fd))
`;

test("sendDescriptor: the peer has the same open file, and the text that came with it", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "vireo-fd-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const server = createServer().listen(join(dir, "line"));
  await once(server, "listening");
  t.after(() => server.close());
  const child = spawn("python3", ["-c", RECEIVER, join(dir, "line")]);
  const [socket]: [Socket] = (await once(server, "connection")) as [Socket];
  const fd = openSync("/dev/null", "r");
  sendDescriptor(socket, "getfd", fd);
  closeSync(fd);
  const [told] = (await once(child.stdout, "data")) as [Buffer];
  assert.equal(told.toString(), "getfd /dev/null\n");
  socket.destroy();
  assert.throws(
    () => sendDescriptor(socket, "getfd", 0),
    (error) => isError(error, "operationFailed"),
  );
});

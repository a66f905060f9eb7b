import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { remote } from "@vireo/rpc/program/remote";
import { protocolErrorBody, RpcProtocolError } from "@vireo/rpc/rpc-error";
import { bindProgram, RpcService } from "@vireo/rpc/server";
import type { Handlers } from "@vireo/rpc/server-contract";
import { attack, dialPath, malformedFrames } from "./malformed-frames.ts";

const FRAMES = 500;
const SEED = 20_260_720;
const GROWTH_MAX = 64 * 1024 * 1024;

const handlers: Handlers<null> = {
  authList: () => ({ types: [0] }),
  connectOpen: () => undefined,
  connectClose: (_, call) => {
    call.session.closeAfterReplies();
  },
  connectListAllDomains: () => ({ domains: [], ret: 0 }),
  domainOpenConsole: (_, call) => {
    call.openStream((stream) => stream.write(Buffer.alloc(1000)));
  },
};

const service = (): RpcService<null> =>
  new RpcService<null>({
    programs: [bindProgram<typeof remote, null>(remote, handlers)],
    openState: () => null,
    authorize: () => undefined,
    unsupported: ({ name }) => new Error(name),
    toRemoteError: (error) => protocolErrorBody(new RpcProtocolError(String(error))),
  });

test("rpc: 500 malformed frames leave the service serving, in bounded memory", async () => {
  const directory = await mkdtemp(`${tmpdir()}/vireo-malformed-`);
  const path = `${directory}/sock`;
  const served = service();
  const closings: Promise<string>[] = [];
  const listener = createServer((socket) => {
    const session = served.accept(socket, { transport: "unix" }, "rw");
    closings.push(new Promise((resolve) => session.onClose(resolve)));
  });
  listener.listen(path);
  await once(listener, "listening");
  try {
    await attack(dialPath(path), malformedFrames(50, SEED));
    const before = process.memoryUsage.rss();
    await attack(dialPath(path), malformedFrames(FRAMES, SEED));
    const growth = process.memoryUsage.rss() - before;
    assert.ok(growth < GROWTH_MAX, `memory grew by ${growth} bytes`);
    // an unhandled rejection would have failed this test by itself
    await Promise.all(closings);
    assert.deepEqual(served.sessions, []);
    assert.ok(closings.length > FRAMES);
  } finally {
    listener.close();
    await rm(directory, { recursive: true });
  }
});

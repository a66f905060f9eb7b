/** Consoles of the SDK as streams: by TCP with the platform's WebSocket, by a Unix socket with our own. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { addressOf } from "@vireo/sdk/http/address";
import type { ByteStream } from "@vireo/sdk/http/byte-stream";
import { connect } from "@vireo/sdk/http/connect";
import { WebSocketServer, createWebSocketStream } from "ws";
import { emptyXml } from "../harness/domain-xml.ts";
import { Vireod } from "../harness/vireod.ts";

/** Sends back what it gets; `/cut` cuts the line with a reason, `/ping` pings first. */
async function echoAt(
  t: TestContext,
  where: number | string,
): Promise<AddressInfo | string | null> {
  const server = createServer((_request, response) => {
    response.writeHead(404, { "content-type": "application/problem+json" });
    response.end(
      JSON.stringify({ detail: "nothing here", kind: "noSupport", status: 404, code: 3 }),
    );
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, { url }) => {
    if (url === "/cut") return socket.close(4500, "the guest has gone");
    if (url === "/ping") socket.ping("are you there");
    const stream = createWebSocketStream(socket);
    stream.on("error", () => undefined);
    return void stream.pipe(stream);
  });
  server.listen(where);
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  return server.address();
}

const SIZES = [1, 125, 126, 65_535, 65_536, 1_000_000];

async function assertEchoes({ readable, writable, close }: ByteStream): Promise<void> {
  const sent = randomBytes(SIZES.reduce((sum, size) => sum + size));
  const writer = writable.getWriter();
  const write = async (): Promise<void> => {
    let at = 0;
    for (const size of SIZES) await writer.write(sent.subarray(at, (at += size)));
  };
  const writing = write();
  const hash = createHash("sha256");
  let got = 0;
  for await (const piece of readable) {
    hash.update(piece);
    got += piece.length;
    if (got >= sent.length) break;
  }
  await writing;
  assert.equal(hash.digest("hex"), createHash("sha256").update(sent).digest("hex"));
  close();
}

async function assertCut({ readable }: ByteStream): Promise<void> {
  const read = async (): Promise<void> => {
    for await (const piece of readable) assert.ok(piece);
  };
  await assert.rejects(read(), /The stream was cut: the guest has gone/);
}

test("byte stream: by TCP, whatever the size of its pieces", async (t) => {
  const { port } = (await echoAt(t, 0)) as AddressInfo;
  const { openBytes } = await addressOf(`http://127.0.0.1:${port}`);
  await assertEchoes(await openBytes("/"));
  await assertEchoes(await openBytes("/ping"));
  await assertCut(await openBytes("/cut"));
});

test("byte stream: by a Unix socket, whatever the size of its pieces", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-bytes-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "sock");
  await echoAt(t, path);
  const { openBytes } = await addressOf(`http+unix://${path}`);
  await assertEchoes(await openBytes("/"));
  await assertEchoes(await openBytes("/ping"));
  await assertCut(await openBytes("/cut"));
});

test("byte stream: a guest's console ends with the guest, by either way", async (t) => {
  const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
  await vireod.start();
  t.after(() => vireod.cleanUp());
  const local = await connect(await vireod.httpUrl());
  const { secret } = await local.token.create({ name: "console" });
  const remote = await connect(await vireod.httpAddress(), { token: secret });
  const domain = { name: "console" };
  await local.domain.define({ xml: emptyXml("console") });
  for (const client of [local, remote]) {
    await local.domain.start({ domain });
    const { readable, writable } = await client.stream("domain.openConsole", { domain });
    const writer = writable.getWriter();
    await writer.write(new TextEncoder().encode("hello\r"));
    const ended = readable.pipeTo(new WritableStream());
    await local.domain.destroy({ domain });
    await ended.catch((error: unknown) => assert.match(String(error), /cut/));
  }
  const { readable } = await local.stream("domain.openConsole", { domain });
  await assert.rejects(readable.pipeTo(new WritableStream()), /domain is not running/);
});

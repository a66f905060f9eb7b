/** Bytes by HTTP: volumes up and down, events and a console by WebSocket. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import { WebSocket } from "ws";
import { emptyXml } from "../harness/domain-xml.ts";
import { Vireod } from "../harness/vireod.ts";

const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
let client: HttpClient;
let base: string;
let headers: { readonly authorization: string };

before(async () => {
  await vireod.start();
  const local = await connect(await vireod.httpUrl());
  const { secret } = await local.token.create({ name: "test" });
  base = await vireod.httpAddress();
  headers = { authorization: `Bearer ${secret}` };
  client = await connect(base, { token: secret });
});
after(() => vireod.cleanUp());

const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("http: a volume goes up and comes down unchanged, whole and in part", async () => {
  const target = join(vireod.root, "pool");
  const xml = `<pool type='dir'><name>p</name><target><path>${target}</path></target></pool>`;
  await client.storagePool.create({ xml, build: true });
  const bytes = randomBytes(8 * MIB + 17);
  const volume = { pool: "p", name: "a b&c.img" };
  await client.storageVolume.create({
    pool: { name: "p" },
    xml: `<volume><name>a b&amp;c.img</name><capacity unit='bytes'>${bytes.length}</capacity></volume>`,
  });
  await client.upload("storageVolume.upload", { volume, offset: 0, length: 0 }, bytes);
  const down = async (offset: number, length: number): Promise<Buffer> => {
    const stream = await client.download("storageVolume.download", { volume, offset, length });
    return Buffer.from(await new Response(stream).arrayBuffer());
  };
  assert.equal(sha256(await down(0, 0)), sha256(bytes));
  assert.equal(sha256(await down(MIB, 5000)), sha256(bytes.subarray(MIB, MIB + 5000)));
  await assert.rejects(
    client.download("storageVolume.download", {
      volume: { pool: "p", name: "no" },
      offset: 0,
      length: 0,
    }),
    /no storage vol with matching name 'no'/,
  );
});

test("http: events by WebSocket, for who has signed in only", async () => {
  const at = `${base.replace("http", "ws")}/v1/events?noun=domain`;
  const refused = new WebSocket(at);
  const [error] = (await once(refused, "error")) as [Error];
  assert.match(error.message, /401/);
  const socket = new WebSocket(at, { headers });
  const heard: string[] = [];
  const enough = new Promise<void>((resolve) => {
    socket.on("message", (data: Buffer) => {
      const { event } = JSON.parse(data.toString()) as { event: { kind: string; event?: string } };
      heard.push(event.event ?? event.kind);
      if (event.kind === "hello") void client.domain.define({ xml: emptyXml("ws") });
      if (event.event === "defined") resolve();
    });
  });
  await enough;
  assert.deepEqual(heard, ["hello", "defined"]);
  socket.close();
});

test("http: a console by a ticket that is good once", async () => {
  await client.domain.start({ domain: { name: "ws" } });
  const opened = await fetch(`${base}/v1/domains/ws/open-console`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: "{}",
  });
  assert.equal(opened.status, 201);
  const { url } = (await opened.json()) as { url: string };
  const at = `${base.replace("http", "ws")}${url}`;
  const socket = new WebSocket(at);
  await once(socket, "open");
  const second = new WebSocket(at);
  const [code] = (await once(second, "close")) as [number];
  assert.equal(code, 4404);
  const ended = once(socket, "close");
  await client.domain.destroy({ domain: { name: "ws" } });
  await ended;
});

test("http: what takes long is a job when that is preferred", async () => {
  const answer = await fetch(`${base}/v1/domains/ws/start`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", prefer: "respond-async" },
    body: "{}",
  });
  assert.equal(answer.status, 202);
  const at = `${base}${answer.headers.get("location")}`;
  const events = client.events({ noun: "job" });
  for await (const { event } of events) {
    if (event.kind === "hello") {
      const now = (await (await fetch(at, { headers })).json()) as { state: string };
      if (now.state !== "running") break;
    }
    if ((event["job"] as { state?: string } | undefined)?.state === "done") break;
  }
  const job = (await (await fetch(at, { headers })).json()) as {
    state: string;
    operation: string;
    result: { name: string };
  };
  assert.deepEqual([job.state, job.operation, job.result.name], ["done", "domain.start", "ws"]);
});

test("http: a download whose program fails, and a client that leaves, harm nobody", async () => {
  const volume = { pool: "p", name: "a b&c.img" };
  await client.storageVolume.create({
    pool: { name: "p" },
    xml: "<volume><name>large.img</name><capacity unit='MiB'>64</capacity></volume>",
  });
  rmSync(join(vireod.root, "pool/a b&c.img"));
  await assert.rejects(
    client.download("storageVolume.download", { volume, offset: 0, length: 0 }),
    /No such file or directory/,
  );
  const large = { pool: "p", name: "large.img" };
  const left = await client.download("storageVolume.download", {
    volume: large,
    offset: 0,
    length: 0,
  });
  const reader = left.getReader();
  await reader.read();
  await reader.cancel();
  const stop = new AbortController();
  const aborted = client.upload(
    "storageVolume.upload",
    { volume: large, offset: 0, length: 0 },
    new ReadableStream<Uint8Array>({
      // fetch goes on reading what was aborted
      pull: async (into) => {
        await immediate();
        if (stop.signal.aborted) into.close();
        else into.enqueue(new Uint8Array(MIB));
      },
    }),
    { signal: stop.signal },
  );
  await client.domain.list();
  stop.abort(new Error("enough"));
  await assert.rejects(aborted, /enough/);
  assert.equal((await client.connect.type()).length > 0, true);
});

/** What takes long by HTTP: an import is a job that tells how far it is, and a domain comes with its volumes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connect } from "@vireo/sdk/http/connect";
import { emptyXml } from "../harness/domain-xml.ts";
import { Vireod } from "../harness/vireod.ts";

const MIB = 1 << 20;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly progress?: { readonly done: number; readonly total: number };
  readonly result?: { readonly format?: string };
}

async function host(t: TestContext) {
  const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
  await vireod.start();
  t.after(() => vireod.cleanUp());
  const client = await connect(await vireod.httpUrl());
  const { secret } = await client.token.create({ name: "test" });
  const base = await vireod.httpAddress();
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const pool = join(vireod.root, "p");
  mkdirSync(pool);
  const xml = `<pool type='dir'><name>p</name><target><path>${pool}</path></target></pool>`;
  await client.storagePool.create({ xml });
  return { client, base, headers, pool };
}

test("http: an import tells its progress, and appears when it is whole", async (t) => {
  const { client, base, headers, pool } = await host(t);
  const halfway = Promise.withResolvers<() => void>();
  const server = createServer((_request, answer) => {
    answer.writeHead(200, { "content-length": String(2 * MIB) }).write(Buffer.alloc(MIB, "x"));
    halfway.resolve(() => answer.end(Buffer.alloc(MIB, "y")));
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const source = `http://127.0.0.1:${address.port}/image`;
  const asked = await fetch(`${base}/v1/images/import`, {
    method: "POST",
    headers: { ...headers, prefer: "respond-async" },
    body: JSON.stringify({ pool: { name: "p" }, source }),
  });
  assert.equal(asked.status, 202);
  const { id } = (await asked.json()) as Job;
  const job = async (): Promise<Job> =>
    (await (await fetch(`${base}/v1/jobs/${id}`, { headers })).json()) as Job;
  const goOn = await halfway.promise;
  let seen = await job();
  while (seen.progress === undefined) seen = await job();
  assert.equal(seen.progress.total, 2 * MIB);
  assert.ok(seen.progress.done > 0 && seen.progress.done <= MIB);
  assert.deepEqual(await client.storagePool.volumes({ pool: { name: "p" } }), []);
  goOn();
  while (seen.state === "running") seen = await job();
  assert.equal(seen.state, "done");
  assert.equal(seen.result?.format, "raw");
  assert.deepEqual(readdirSync(pool), ["image"]);
});

test("http: a domain comes with its volumes and its seed, and is cloned", async (t) => {
  const { client, pool } = await host(t);
  const disk = (volume: string, dev: string): string =>
    `<disk type='volume'><source pool='p' volume='${volume}'/><target dev='${dev}' bus='virtio'/></disk>`;
  const devices = `<devices>${disk("web", "vda")}${disk("seed", "vdb")}`;
  const capacity = "<capacity>1048576</capacity>";
  const wish = {
    xml: emptyXml("web").replace("<devices>", devices),
    volumes: [{ pool: "p", xml: `<volume><name>web</name>${capacity}</volume>` }],
    seed: { pool: "p", name: "seed", userData: "#cloud-config\n" },
  };
  await client.domain.createWithVolumes(wish);
  assert.deepEqual(readdirSync(pool).toSorted(), ["seed", "web"]);
  await assert.rejects(client.domain.createWithVolumes(wish), /domain 'web' already exists/);
  await client.domain.clone({ domain: { name: "web" }, name: "web2" });
  const names = (await client.domain.list({})).map(({ name }) => name);
  assert.deepEqual(names.toSorted(), ["web", "web2"]);
  const other = { ...wish, xml: wish.xml.replace("web", "other"), seed: undefined };
  await assert.rejects(client.domain.createWithVolumes(other), /'web'/);
  assert.deepEqual(readdirSync(pool).toSorted(), ["seed", "web", "web2-vda.raw", "web2-vdb.raw"]);
});

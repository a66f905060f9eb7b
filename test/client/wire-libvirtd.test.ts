/** Our client against the real libvirtd: the wire as its owner speaks it. */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { ErrorNumber } from "@vireo/rpc/constant/error";
import type { StreamChunk } from "@vireo/rpc/stream";
import { connect } from "@vireo/sdk/libvirt/connect";
import type { LibvirtConnection } from "@vireo/sdk/libvirt/connection";
import { NotVireoError } from "@vireo/sdk/libvirt/libvirt-error";
import { Libvirtd } from "../harness/libvirtd.ts";
import { checkWireErrors } from "./wire-errors.ts";
import { checkWireSession, libvirtErrorOf } from "./wire-session.ts";

test("wire: our client and the real libvirtd", { skip: Libvirtd.missing() ?? false }, async (t) => {
  const daemon = await Libvirtd.started();
  t.after(() => daemon.cleanUp());
  await checkWireSession(t, `test+unix:///default?socket=${daemon.socket}`);
  await t.test("protocol errors", () => checkWireErrors(daemon.socket));
  await t.test("no operations of ours", () => noOperations(daemon));
  await t.test("read-only socket", () => readOnly(daemon));
  await checkStreams(t, daemon);
});

async function noOperations(daemon: Libvirtd): Promise<void> {
  await using c = await connect(`test+unix:///default?socket=${daemon.socket}`);
  await assert.rejects(c.vireo("domain.list", {}), NotVireoError);
}

async function readOnly(daemon: Libvirtd): Promise<void> {
  await using c = await connect(`test+unix:///default?socket=${daemon.socket}-ro`);
  const { dom } = await c.call("domainLookupByName", { name: "test" });
  const error = await libvirtErrorOf(c.call("domainDestroy", { dom }));
  assert.equal(error.code, ErrorNumber.errOperationDenied);
}

async function checkStreams(t: TestContext, daemon: Libvirtd): Promise<void> {
  await using c = await connect(daemon.uri);
  const directory = `${daemon.root}/pool`;
  await mkdir(directory);
  const xml = `<pool type='dir'><name>wire</name><target><path>${directory}</path></target></pool>`;
  const { pool } = await c.call("storagePoolCreateXml", { xml, flags: 0 });
  const made = await c.call("storageVolCreateXml", { pool, xml: VOLUME, flags: 0 });
  await t.test("upload", () => upload(c, made.vol, directory));
  await t.test("download", () => download(c, made.vol, directory));
  await t.test("sparse transfer", () => sparse(c, made.vol, directory));
  await t.test("aborted streams", () => aborts(c, made.vol));
  await c.call("storagePoolDestroy", { pool });
}

const VOLUME = `<volume><name>wire.img</name><capacity unit='B'>1048576</capacity></volume>`;
const DATA = Buffer.alloc(700_001, "0123456789abcdef\n");
const SPARSE_FLAG = 1;

type Volume = Parameters<typeof args>[0];

const args = (
  vol: { readonly pool: string; readonly name: string; readonly key: string },
  flags = 0,
): { vol: typeof vol; offset: bigint; length: bigint; flags: number } => ({
  vol,
  offset: 0n,
  length: 0n,
  flags,
});

async function upload(c: LibvirtConnection, vol: Volume, directory: string): Promise<void> {
  const { stream } = await c.callStream("storageVolUpload", args(vol));
  await stream.write(DATA);
  await stream.finish();
  const written = await readFile(`${directory}/wire.img`);
  assert.ok(written.subarray(0, DATA.length).equals(DATA));
}

async function collect(incoming: AsyncIterable<StreamChunk>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.alloc(Number(chunk.hole)));
  }
  return Buffer.concat(chunks);
}

async function download(c: LibvirtConnection, vol: Volume, directory: string): Promise<void> {
  const { stream } = await c.callStream("storageVolDownload", args(vol));
  const received = await collect(stream.incoming);
  await stream.finish();
  assert.ok(received.equals(await readFile(`${directory}/wire.img`)));
}

async function sparse(c: LibvirtConnection, vol: Volume, directory: string): Promise<void> {
  const up = await c.callStream("storageVolUpload", args(vol, SPARSE_FLAG));
  await up.stream.write(Buffer.from("start"));
  await up.stream.writeHole(500_000n);
  await up.stream.write(Buffer.from("end"));
  await up.stream.finish();
  const down = await c.callStream("storageVolDownload", args(vol, SPARSE_FLAG));
  const received = await collect(down.stream.incoming);
  await down.stream.finish();
  assert.ok(received.equals(await readFile(`${directory}/wire.img`)));
  assert.equal(received.toString("latin1", 500_005, 500_008), "end");
}

async function aborts(c: LibvirtConnection, vol: Volume): Promise<void> {
  const down = await c.callStream("storageVolDownload", args(vol));
  await down.stream.abort();
  const early = await c.callStream("storageVolDownload", args(vol));
  const finished = early.stream.finish();
  await collect(early.stream.incoming).catch(() => undefined);
  await finished;
  const up = await c.callStream("storageVolUpload", args(vol));
  await up.stream.write(Buffer.from("x"));
  await up.stream.abort();
  assert.notEqual((await c.call("connectGetHostname")).hostname, "");
}

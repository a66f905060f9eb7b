import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { isError } from "@vireo/model/error";
import { bench, type Bench } from "./test-bench.ts";

const domain = { name: "a" };
const disk = "vdb";
const MIB = 1 << 20;

/** Three images, each with a pattern of its own over a part of the one below. */
interface Images {
  readonly base: string;
  readonly mid: string;
  readonly top: string;
}

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: "utf8" });

function makeImages(b: Bench): Images {
  const at = (name: string): string => join(b.paths.lib, `${name}.qcow2`);
  const images = { base: at("base"), mid: at("mid"), top: at("top") };
  const { base, mid, top } = images;
  run("qemu-img", "create", "-q", "-f", "qcow2", base, "32M");
  run("qemu-io", "-f", "qcow2", "-c", "write -q -P 0x11 0 8M", base);
  run("qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", mid);
  run("qemu-io", "-f", "qcow2", "-c", "write -q -P 0x22 4M 8M", mid);
  run("qemu-img", "create", "-q", "-f", "qcow2", "-b", mid, "-F", "qcow2", top);
  run("qemu-io", "-f", "qcow2", "-c", "write -q -P 0x33 8M 8M", top);
  return images;
}

/** Every guest sees this, whatever became of the chain. */
function mustHoldData(image: string, format = "qcow2"): void {
  const reads = ["0x11 0 4M", "0x22 4M 4M", "0x33 8M 8M", "0 16M 16M"];
  for (const read of reads)
    assert.doesNotMatch(run("qemu-io", "-r", "-f", format, "-c", `read -P ${read}`, image), /fail/);
}

const belowOf = (image: string): string | undefined =>
  /backing file: (\S+)/.exec(run("qemu-img", "info", "-U", image))?.[1];

async function guestWithChain(t: TestContext): Promise<{ b: Bench; images: Images }> {
  const b = await bench(t);
  const images = makeImages(b);
  const source = `<driver name='qemu' type='qcow2'/><source file='${images.top}'/>`;
  await b.define({
    name: "a",
    devices: `<disk type='file'>${source}<target dev='${disk}' bus='virtio'/></disk>`,
  });
  await b.do("start", { domain });
  return { b, images };
}

/** Images of the disk in the live XML, top first, with the numbers of their nodes. */
async function chainIn(b: Bench, inactive = false): Promise<string> {
  const xml = await b.do("xml", { domain, inactive });
  const all = xml.split("<disk ").find((one) => one.includes(`dev='${disk}'`)) ?? "";
  const own = all.split("<mirror")[0] ?? "";
  const names = [...own.matchAll(/file='[^']*\/([^'/]+)'/g)].map((match) => match[1]);
  return `${names.join(" ")}${own.includes("<backingStore/>") ? "." : ""}`;
}

const told = (b: Bench): string[] =>
  b.events.flatMap((event) => (event.kind === "blockJob" ? [`${event.type} ${event.status}`] : []));

/** What QEMU itself has open of the disk. */
async function nodesOf(b: Bench): Promise<string> {
  const command = JSON.stringify({ execute: "query-named-block-nodes", arguments: { flat: true } });
  return b.do("monitorCommand", { domain, command });
}

const idle = (b: Bench) => async (): Promise<void> => {
  while ((await b.do("blockJobInfo", { domain, disk })) !== undefined)
    await new Promise(setImmediate);
};

test("block job: the chain that nobody wrote down is in the live XML", {
  timeout: 60_000,
}, async (t) => {
  const { b } = await guestWithChain(t);
  assert.equal(await chainIn(b), "top.qcow2 mid.qcow2 base.qcow2.");
  assert.equal(await chainIn(b, true), "top.qcow2");
});

test("block job: pull to a base, then all of it", { timeout: 60_000 }, async (t) => {
  const { b, images } = await guestWithChain(t);
  await b.do("blockPull", { domain, disk, base: images.base });
  await idle(b)();
  assert.equal(await chainIn(b), "top.qcow2 base.qcow2.");
  assert.equal(belowOf(images.top), images.base);
  assert.doesNotMatch(await nodesOf(b), /mid\.qcow2/);
  await b.do("blockPull", { domain, disk });
  await idle(b)();
  assert.equal(await chainIn(b), "top.qcow2.");
  assert.deepEqual(told(b), ["1 completed", "1 completed"]);
  await b.do("destroy", { domain });
  assert.equal(belowOf(images.top), undefined);
  mustHoldData(images.top);
});

test("block job: commit of the middle, then of the disk's own image with pivot", {
  timeout: 60_000,
}, async (t) => {
  const { b, images } = await guestWithChain(t);
  await b.do("blockCommit", { domain, disk, top: images.mid, base: images.base });
  await idle(b)();
  assert.equal(await chainIn(b), "top.qcow2 base.qcow2.");
  assert.equal(belowOf(images.top), images.base);
  await b.do("blockCommit", { domain, disk, active: true });
  await assert.rejects(b.do("blockPull", { domain, disk }), (error) =>
    isError(error, "blockCopyActive"),
  );
  await assert.rejects(b.do("managedSave", { domain }), /domain has active block job/);
  await b.until(() => told(b).includes("4 ready"));
  await b.do("blockJobAbort", { domain, disk, pivot: true });
  assert.equal(await chainIn(b), "base.qcow2.");
  assert.equal(await chainIn(b, true), "base.qcow2.");
  assert.doesNotMatch(await nodesOf(b), /(top|mid)\.qcow2/);
  await b.do("destroy", { domain });
  mustHoldData(images.base);
});

test("block job: a copy is kept or dropped, and nothing of it stays behind", {
  timeout: 60_000,
}, async (t) => {
  const { b, images } = await guestWithChain(t);
  const path = join(b.paths.lib, "copy.raw");
  const destination = { path, format: "raw" };
  await assert.rejects(b.do("blockCopy", { domain, disk, destination }), /not transient/);
  await b.do("blockCopy", { domain, disk, destination, transient: true });
  await b.until(() => told(b).includes("2 ready"));
  assert.match(
    await b.do("xml", { domain }),
    /<mirror type='file' file='[^']*copy.raw' format='raw' job='copy' ready='yes'>/,
  );
  await b.do("blockJobAbort", { domain, disk });
  assert.doesNotMatch(await b.do("xml", { domain }), /<mirror/);
  assert.doesNotMatch(await nodesOf(b), /copy\.raw/);
  mustHoldData(path, "raw");
  await b.do("blockCopy", { domain, disk, destination, transient: true, reuse: true });
  await b.until(() => told(b).filter((one) => one === "2 ready").length === 2);
  await b.do("blockJobAbort", { domain, disk, pivot: true });
  assert.equal(await chainIn(b), "copy.raw.");
  assert.doesNotMatch(await nodesOf(b), /qcow2/);
  await b.do("blockResize", { domain, disk, bytes: 48 * MIB });
  await b.do("destroy", { domain });
  mustHoldData(path, "raw");
  assert.equal(statSync(path).size, 48 * MIB);
  assert.equal(existsSync(images.top), true);
});

test("block job: one that cannot begin leaves nothing", { timeout: 60_000 }, async (t) => {
  const { b } = await guestWithChain(t);
  const path = join(b.paths.lib, "copy.qcow2");
  const destination = { path };
  await assert.rejects(
    b.do("blockCopy", { domain, disk, destination, transient: true, granularity: 3 }),
    /granularity/i,
  );
  assert.equal(existsSync(path), false);
  assert.doesNotMatch(await nodesOf(b), /copy\.qcow2/);
  assert.doesNotMatch(await b.do("xml", { domain }), /<mirror/);
  await b.do("blockCopy", { domain, disk, destination, transient: true });
});

test("block job: jobs that ended while no daemon ran are settled by the next", {
  timeout: 60_000,
}, async (t) => {
  const { b, images } = await guestWithChain(t);
  await b.do("blockCommit", {
    domain,
    disk,
    top: images.mid,
    base: images.base,
    bandwidth: 2 * MIB,
  });
  await b.driver.close();
  await b.start();
  assert.equal((await b.do("blockJobInfo", { domain, disk }))?.type, "commit");
  await b.do("blockJobSpeed", { domain, disk, bandwidth: 0 });
  await idle(b)();
  assert.equal(await chainIn(b), "top.qcow2 base.qcow2.");
  await b.do("blockCommit", { domain, disk, active: true });
  await b.driver.close(); // it gets ready unheard
  await b.start();
  while (!/<mirror [^>]*ready=/.test(await b.do("xml", { domain })))
    await new Promise(setImmediate);
  await b.do("blockJobAbort", { domain, disk, pivot: true });
  assert.equal(await chainIn(b), "base.qcow2.");
  await b.do("destroy", { domain });
  mustHoldData(images.base);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { STATS_GROUPS } from "@vireo/model/operation/domain-monitor";
import { IDLE } from "../boot-disk.ts";
import { bench } from "../test-bench.ts";

const MIB = 1024 * 1024;

test("figures: of a guest that is off, that runs, that is stopped", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  const devices = "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>";
  const { name } = await b.define({ name: "a", code: IDLE, devices });
  const domain = { name };
  const read = async (): Promise<Record<string, unknown>> => {
    const [record] = await b.do("stats", { domains: [domain], groups: [...STATS_GROUPS] });
    assert.ok(record);
    return Object.fromEntries(
      Object.entries(record.stats).map(([field, { value }]) => [field, value]),
    );
  };

  const off = await read();
  assert.equal(off["state.state"], 5);
  assert.equal(off["block.0.capacity"], MIB);
  assert.equal(off["block.0.physical"], MIB);
  assert.equal(off["block.0.rd.reqs"], undefined);
  assert.equal((await b.do("blockInfo", { domain, disk: "vda" })).capacity, MIB);
  await assert.rejects(b.do("blockStats", { domain, disk: "" }), /domain is not running/);
  await assert.rejects(b.do("cpuUsage", { domain }), /domain is not running/);

  await b.do("start", { domain });
  const on = await read();
  assert.equal(on["block.0.backingIndex"], 2);
  assert.equal(on["block.0.capacity"], MIB);
  assert.equal(on["block.1.name"], "sda");
  assert.equal(on["dirtyrate.calc_mode"], "page-sampling");
  assert.equal(typeof on["vcpu.0.delay"], "number");
  assert.equal(on["balloon.current"], on["balloon.maximum"], "it has no balloon");
  assert.ok(Number(on["cpu.time"]) > 0 && Number(on["balloon.rss"]) > 0);
  assert.ok("rd_bytes" in (await b.do("blockStats", { domain, disk: "vda" })));
  const piece = { domain, disk: "vda", offset: 510, bytes: 2 };
  assert.equal(await b.do("blockPeek", piece), Buffer.from([0x55, 0xaa]).toString("base64"));
  await assert.rejects(b.do("blockPeek", { ...piece, offset: MIB - 1 }), /ends at 1048576 bytes/);
  assert.deepEqual(await b.do("diskErrors", { domain }), { disks: 2, errors: [] });
  await assert.rejects(b.do("blockInfo", { domain, disk: "sda" }), /does not currently have/);
  await assert.rejects(b.do("blockStats", { domain, disk: "vdz" }), (error) =>
    isError(error, "invalidArg"),
  );

  await b.do("setBlockThreshold", { domain, device: "vda", threshold: 512 });
  assert.equal((await read())["block.0.threshold"], 512);
  const inKvmOnly = b.do("calculateDirtyRate", { domain, seconds: 1, mode: "dirtyBitmap" });
  await assert.rejects(inKvmOnly, /requires KVM/);
  await assert.rejects(b.do("calculateDirtyRate", { domain, seconds: 61 }), /within \[1, 60\]/);

  const names = Object.keys(await read());
  process.kill(b.pidOf(name), "SIGSTOP");
  assert.deepEqual(Object.keys(await read()), names, "what QEMU said last stands in");
});

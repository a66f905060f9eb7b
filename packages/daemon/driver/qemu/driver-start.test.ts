import assert from "node:assert/strict";
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { connectUnix } from "../../host/unix-listener.ts";
import { execProgram } from "../../host/exec.ts";
import { bench } from "./test-bench.ts";

const timeout = 40_000;

test("start: firmware variables are made from the template once", { timeout }, async (t) => {
  const b = await bench(t);
  const xml = b
    .xmlOf({ name: "uefi" })
    .replace(
      "</os>",
      "<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader></os>",
    );
  await b.do("define", { xml });
  const domain = { name: "uefi" };
  await b.do("start", { domain, paused: true });
  const store = join(b.paths.nvram, "uefi_VARS.fd");
  assert.equal(statSync(store).size, statSync("/usr/share/OVMF/OVMF_VARS_4M.fd").size);
  await b.do("destroy", { domain });
  writeFileSync(store, Buffer.alloc(statSync(store).size, 0xff));
  await b.do("start", { domain, paused: true });
  assert.equal(readFileSync(store)[0], 0xff);
  await b.do("destroy", { domain });
  await b.do("start", { domain, paused: true, resetNvram: true });
  assert.notEqual(readFileSync(store)[0], 0xff);
  await b.do("destroy", { domain });
  await assert.rejects(b.do("undefine", { domain }), /cannot undefine domain with nvram/);
  await b.do("undefine", { domain, nvram: true });
  assert.deepEqual(readdirSync(b.paths.nvram), []);
});

test("start: an emulated TPM comes and goes with the guest", { timeout }, async (t) => {
  const b = await bench(t);
  const devices = "<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>";
  await b.define({ name: "tpm", devices });
  await b.do("start", { domain: { name: "tpm" } });
  const isTpm = (pid: number): boolean =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("swtpm");
  assert.equal(b.pids().filter(isTpm).length, 1);
  await b.do("destroy", { domain: { name: "tpm" } });
  await b.until(() => b.pids().length === 0);
});

test("start: a directory is served by virtiofsd, which comes and goes with the guest", {
  timeout,
}, async (t) => {
  const b = await bench(t);
  const of = (dir: string): string =>
    `<filesystem type='mount'><driver type='virtiofs'/><binary><sandbox mode='chroot'/></binary>
    <source dir='${dir}'/><target dir='tag'/></filesystem>`;
  const xml = "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>";
  await b.define({ name: "fs", devices: of(b.paths.lib), xml });
  await b.define({ name: "lost", devices: of("/nowhere"), xml });
  await b.do("start", { domain: { name: "fs" } });
  const isServer = (pid: number): boolean =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("virtiofsd");
  assert.ok(b.pids().some(isServer));
  await b.do("destroy", { domain: { name: "fs" } });
  await b.until(() => b.pids().length === 0);
  await assert.rejects(
    b.do("start", { domain: { name: "lost" } }),
    /export directory '\/nowhere' does not exist/,
  );
  assert.deepEqual(b.pids(), []);
});

test("start: a display gets a free port, and its password is not on the command line", {
  timeout,
}, async (t) => {
  const b = await bench(t);
  const devices = "<graphics type='vnc' port='-1' autoport='yes' passwd='hush'/>";
  for (const name of ["one", "two"]) {
    await b.define({ name, devices });
    await b.do("start", { domain: { name } });
  }
  const ports = await Promise.all(
    ["one", "two"].map(async (name) => {
      const xml = await b.do("xml", { domain: { name } });
      assert.ok(!xml.includes("hush"));
      return /<graphics type='vnc' port='(\d+)'/.exec(xml)?.[1];
    }),
  );
  assert.ok(Number(ports[0]) >= 5900);
  assert.notEqual(ports[0], ports[1]);
  for (const pid of b.pids())
    assert.ok(!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("hush"));
});

const BRIDGE = "vtstbr0";

test("start: a card on a bridge has a tap in it, which goes with the guest", {
  timeout,
}, async (t) => {
  if (process.getuid?.() !== 0) return t.skip("needs root");
  const b = await bench(t);
  await execProgram("ip", ["link", "add", BRIDGE, "type", "bridge"]);
  t.after(() => execProgram("ip", ["link", "del", BRIDGE]));
  const devices = `<interface type='bridge'><mac address='52:54:00:00:00:07'/><source bridge='${BRIDGE}'/>
    <model type='virtio'/><mtu size='1400'/></interface>`;
  await b.define({ name: "net", devices });
  await b.do("start", { domain: { name: "net" } });
  const dev = /<target dev='(vnet\d+)'/.exec(await b.do("xml", { domain: { name: "net" } }))?.[1];
  assert.ok(dev);
  assert.match(readlinkSync(`/sys/class/net/${dev}/master`), new RegExp(`/${BRIDGE}$`));
  const fact = (name: string): string =>
    readFileSync(`/sys/class/net/${dev}/${name}`, "utf8").trim();
  assert.equal(fact("address"), "fe:54:00:00:00:07");
  assert.equal(fact("mtu"), "1400");
  await b.driver.close();
  await b.start();
  assert.ok(existsSync(`/sys/class/net/${dev}`), "a daemon that ends leaves the card alone");
  await b.do("destroy", { domain: { name: "net" } });
  assert.ok(!existsSync(`/sys/class/net/${dev}`));
});

test("start: a missing bridge fails the start and leaves no tap", { timeout }, async (t) => {
  if (process.getuid?.() !== 0) return t.skip("needs root");
  const b = await bench(t);
  const devices = "<interface type='bridge'><source bridge='nosuchbr0'/></interface>";
  await b.define({ name: "net", devices });
  const taps = (): number =>
    readdirSync("/sys/class/net").filter((one) => one.startsWith("vnet")).length;
  const before = taps();
  await assert.rejects(b.do("start", { domain: { name: "net" } }), /nosuchbr0|does not exist/);
  assert.equal(taps(), before);
  assert.deepEqual(b.pids(), []);
});

test("start: a channel's socket listens before QEMU runs and goes with the guest", {
  timeout,
}, async (t) => {
  const b = await bench(t);
  const devices =
    "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>";
  await b.define({ name: "chan", devices });
  await b.do("start", { domain: { name: "chan" } });
  const xml = await b.do("xml", { domain: { name: "chan" } });
  const path = /<source mode='bind' path='([^']+)'/.exec(xml)?.[1];
  assert.ok(path);
  const client = connectUnix(path);
  await new Promise<void>((resolve, reject) =>
    client.once("connect", resolve).once("error", reject),
  );
  client.destroy();
  assert.match(xml, /<target type='virtio' name='org.qemu.guest_agent.0' state='disconnected'\/>/);
  await assert.rejects(
    b.do("shutdown", { domain: { name: "chan" }, agent: true }),
    /QEMU guest agent is not connected/,
  );
  await b.do("destroy", { domain: { name: "chan" } });
  assert.ok(!existsSync(path));
});

/** What a plan can do at once is done at once, or taken back. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { bench, type Bench } from "./test-bench.ts";

const timeout = 60_000;
const NAME = "applied";
const NIC = "<interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/>";
const TABLET = "<input type='tablet' bus='usb'/>";

const usbDisk = (path: string, dev: string): string =>
  `<disk type='file'><driver name='qemu' type='raw'/><source file='${path}'/><target dev='${dev}' bus='usb'/></disk>`;

interface Running {
  readonly b: Bench;
  /** The definition with other devices in the place of the card and the tablet. */
  readonly wanted: (devices: string, more?: string) => string;
  readonly xml: (inactive: boolean) => Promise<string>;
  readonly image: string;
}

async function running(t: TestContext): Promise<Running> {
  const b = await bench(t);
  const xml = b
    .xmlOf({
      name: NAME,
      devices: `${NIC}</interface>${TABLET}`,
      xml: "<vcpu current='1'>2</vcpu>",
    })
    .replace("model='none'/>", "model='qemu-xhci'/>")
    .replace("<memballoon model='none'/>", "<memballoon model='virtio'/>");
  const domain = await b.do("define", { xml });
  await b.do("start", { domain });
  const image = join(b.paths.lib, "usb.img");
  writeFileSync(image, Buffer.alloc(1024 * 1024));
  const written = await b.do("xml", { domain, inactive: true, secure: true });
  const rest = written
    .replace(/ *<interface[^]*?<\/interface>\n/, "")
    .replace(/ *<input type='tablet'[^]*?<\/input>\n/, "");
  const wanted = (devices: string, more = ""): string =>
    rest.replace("<memballoon", `${devices}<memballoon`).replace("<memory", `${more}<memory`);
  return { b, wanted, xml: (inactive) => b.do("xml", { domain, inactive }), image };
}

const domain = { name: NAME };

test("apply: devices, cables and virtual CPUs change at once", { timeout }, async (t) => {
  const { b, wanted, xml, image } = await running(t);
  const asked = wanted(`${NIC}<link state='down'/></interface>${usbDisk(image, "sdb")}`)
    .replace("current='1'", "current='2'")
    .replace(/(<currentMemory unit='KiB'>)\d+/, "$18192");
  const { changes } = await b.do("apply", { domain, xml: asked });
  assert.deepEqual(
    changes.filter(({ impact }) => impact !== "live").map(({ path }) => path),
    [],
  );
  for (const found of [await xml(false), await xml(true)]) {
    assert.match(found, /<link state='down'\/>/);
    assert.match(found, /<target dev='sdb' bus='usb'\/>/);
    assert.match(found, /<vcpu placement='static'>2<\/vcpu>/);
    assert.doesNotMatch(found, /type='tablet'/);
  }
  assert.deepEqual((await b.do("plan", { domain, xml: asked })).changes, []);
  assert.equal(await b.do("isUpdated", { domain }), false);
});

test("apply: what was done at once is taken back when a step fails", { timeout }, async (t) => {
  const { b, wanted, xml, image } = await running(t);
  const before = await xml(true);
  const missing = usbDisk("/nowhere.img", "sdc");
  const asked = wanted(
    `${NIC}<link state='down'/></interface>${TABLET}${usbDisk(image, "sdb")}${missing}`,
  ).replace("current='1'", "current='2'");
  await assert.rejects(b.do("apply", { domain, xml: asked }), /nowhere\.img/);
  const gone = { kind: "deviceRemoved", alias: "usb-disk1" }; // the vCPU's comes earlier on a busy host
  await b.until(() =>
    b.events.some(
      (event) => "alias" in event && event.kind === gone.kind && event.alias === gone.alias,
    ),
  );
  // what is behind a device is cleared away after QEMU's word, in the domain's turn
  while ((await xml(false)).includes("sdb")) await new Promise(setImmediate);
  assert.doesNotMatch(await xml(false), /sdc|state='down'/);
  assert.equal(await xml(true), before);
});

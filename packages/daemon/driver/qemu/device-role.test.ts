/** Devices that need descriptors: what QEMU holds before and after, also when it goes wrong. */
import assert from "node:assert/strict";
import { readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { bench, type Bench } from "./test-bench.ts";

const NAME = "plugged";
const SERIAL_BUS = "<controller type='virtio-serial'/>";

async function started(b: Bench): Promise<{ uuid: string; fds: () => string[] }> {
  const { uuid } = await b.define({ name: NAME, devices: SERIAL_BUS });
  await b.do("start", { domain: { uuid } });
  const dir = `/proc/${b.pidOf(NAME)}/fd`;
  const kindOf = (fd: string): string => readlinkSync(`${dir}/${fd}`).replace(/\[\d+\]/, "");
  // eventfds come and go as the firmware finds its devices
  const fds = (): string[] =>
    readdirSync(dir)
      .map(kindOf)
      .filter((kind) => !kind.includes("eventfd"))
      .toSorted();
  return { uuid, fds };
}

const CHANNELS = {
  "a socket that listens":
    "<channel type='unix'><target type='virtio' name='org.example.a'/></channel>",
  "a file": (dir: string) =>
    `<channel type='file'><source path='${dir}/chan'/><target type='virtio' name='org.example.b'/></channel>`,
} as const;

test("hot plug: descriptors of character devices come with them and go with them", async (t) => {
  const b = await bench(t);
  const { uuid, fds } = await started(b);
  const domain = { uuid };
  for (const [what, xml] of Object.entries(CHANNELS))
    await t.test(what, async () => {
      const before = fds();
      const device = typeof xml === "string" ? xml : xml(b.paths.run);
      await b.do("attachDevice", { domain, xml: device, live: true });
      assert.notDeepEqual(fds(), before);
      await b.do("detachDeviceAlias", { domain, alias: "channel0", live: true });
      await b.until(() => fds().length === before.length);
      assert.deepEqual(fds(), before);
    });
  const kinds = b.events.flatMap(({ kind }) => (kind.startsWith("device") ? [kind] : []));
  assert.deepEqual(kinds, ["deviceAdded", "deviceRemoved", "deviceAdded", "deviceRemoved"]);
});

test("hot plug: what was given for a device that QEMU refuses is taken back", async (t) => {
  const b = await bench(t);
  const { uuid, fds } = await started(b);
  const before = fds();
  const port = "<address type='virtio-serial' controller='0' bus='0' port='9999'/>";
  const refused = [
    `<channel type='unix'><target type='virtio' name='org.example.c'/>${port}</channel>`,
    `<channel type='file'><source path='${b.paths.run}/chan'/><target type='virtio' name='d'/>${port}</channel>`,
    "<interface type='ethernet'><model type='nosuch'/></interface>",
  ];
  for (const xml of refused) {
    await assert.rejects(b.do("attachDevice", { domain: { uuid }, xml, live: true }));
    assert.deepEqual(fds(), before, xml);
  }
});

test("hot plug: a guest that does not answer keeps the device, and nobody waits for it", async (t) => {
  const b = await bench(t);
  const { uuid } = await started(b);
  const domain = { uuid };
  const xml = "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>";
  await b.do("attachDevice", { domain, xml, live: true, config: true });
  const began = performance.now();
  const detaching = b.do("detachDevice", { domain, xml, live: true, config: true });
  await b.do("suspend", { domain });
  assert.ok(performance.now() - began < 3000, "the domain's turn is not held");
  await detaching;
  assert.match(await b.do("xml", { domain }), /<rng /);
  assert.doesNotMatch(await b.do("xml", { domain, inactive: true }), /<rng /);
});

test("hot plug: no number of a block node is given twice while a QEMU lives", async (t) => {
  const b = await bench(t);
  const controller = "<controller type='scsi' model='lsilogic'/>";
  const { uuid } = await b.define({ name: NAME, devices: controller });
  const domain = { uuid };
  await b.do("start", { domain });
  const path = `${b.paths.run}/more.img`;
  writeFileSync(path, Buffer.alloc(1 << 20));
  const xml = `<disk type='file'><driver name='qemu' type='raw'/><source file='${path}'/><target dev='sdb' bus='scsi'/></disk>`;
  let removed = 0;
  const numberOf = async (): Promise<number> => {
    await b.do("attachDevice", { domain, xml, live: true });
    const [, index] = /more\.img' index='(\d+)'/.exec(await b.do("xml", { domain })) ?? [];
    await b.do("detachDevice", { domain, xml, live: true });
    removed++;
    await b.until(() => b.events.filter(({ kind }) => kind === "deviceRemoved").length === removed);
    return Number(index);
  };
  const first = await numberOf();
  const second = await numberOf();
  assert.ok(second > first, `${first}, then ${second}`);
});

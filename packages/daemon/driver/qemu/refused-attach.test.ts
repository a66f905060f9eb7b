/**
 * A device that QEMU refuses at the last step, of each kind that can be plugged in: nothing of it is
 * left, neither in QEMU nor in the daemon. Something else has its name already.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { bench, type Bench } from "./test-bench.ts";

const NAME = "refusing";
const domain = { name: NAME };
const ALIAS = "ua-taken";
const named = `<alias name='${ALIAS}'/>`;

const HOST = `<maxMemory slots='2' unit='MiB'>256</maxMemory><vcpu>1</vcpu>
  <memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>
  <cpu><numa><cell id='0' cpus='0' memory='16' unit='MiB'/></numa></cpu>`;
const BUSES = `<controller type='virtio-serial'/><controller type='scsi' model='virtio-scsi'/>
  <controller type='usb' model='qemu-xhci'/>`;

type Device = string | ((dir: string) => string | undefined);

const image = (dir: string): string => {
  const path = join(dir, "plugged.qcow2");
  if (!existsSync(path)) execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", path, "4M"]);
  return path;
};
const disk =
  (target: string, inside = "") =>
  (dir: string): string =>
    `<disk type='file'><driver name='qemu' type='qcow2'/><source file='${image(dir)}'/>${target}${inside}${named}</disk>`;

const DEVICES: Readonly<Record<string, Device>> = {
  "disk, virtio": disk("<target dev='vdb' bus='virtio'/>"),
  "disk, SCSI": disk("<target dev='sda' bus='scsi'/>"),
  "disk, USB": disk("<target dev='sdb' bus='usb'/>"),
  "disk with limits": disk(
    "<target dev='vdb' bus='virtio'/>",
    "<iotune><total_iops_sec>50</total_iops_sec></iotune>",
  ),
  "card, user": `<interface type='user'><model type='virtio'/>${named}</interface>`,
  "channel, socket": `<channel type='unix'><target type='virtio' name='org.example.a'/>${named}</channel>`,
  "channel, file": (dir) =>
    `<channel type='file'><source path='${dir}/chan'/><target type='virtio' name='org.example.b'/>${named}</channel>`,
  "channel, terminal": `<channel type='pty'><target type='virtio' name='org.example.c'/>${named}</channel>`,
  "serial port, USB": `<serial type='pty'><target type='usb-serial'/>${named}</serial>`,
  "random numbers": `<rng model='virtio'><backend model='random'>/dev/urandom</backend>${named}</rng>`,
  "random numbers from a socket": (dir) =>
    `<rng model='virtio'><backend model='egd' type='unix'><source mode='bind' path='${dir}/egd'/></backend>${named}</rng>`,
  memory: `<memory model='dimm'><target><size unit='MiB'>64</size><node>0</node></target>${named}</memory>`,
  "memory, virtio": `<memory model='virtio-mem'><target><size unit='MiB'>64</size><node>0</node><block unit='MiB'>2</block><requested unit='MiB'>0</requested></target>${named}</memory>`,
  watchdog: `<watchdog model='i6300esb' action='none'>${named}</watchdog>`,
  "input, virtio": `<input type='keyboard' bus='virtio'>${named}</input>`,
  "input, USB": `<input type='tablet' bus='usb'>${named}</input>`,
  "redirected USB": `<redirdev bus='usb' type='pty'>${named}</redirdev>`,
  "shared memory": `<shmem name='vireo-test'><model type='ivshmem-plain'/><size unit='M'>1</size>${named}</shmem>`,
  "file system": (dir) =>
    existsSync("/usr/lib/qemu/virtiofsd")
      ? `<filesystem type='mount'><driver type='virtiofs'/><source dir='${dir}'/><target dir='tag'/>${named}</filesystem>`
      : undefined,
  "controller, SCSI": `<controller type='scsi' model='virtio-scsi' index='7'>${named}</controller>`,
};

const linksIn = (dir: string): readonly string[] =>
  readdirSync(dir).flatMap((fd) => {
    try {
      return [readlinkSync(`${dir}/${fd}`).replace(/\[\d+\]/, "")];
    } catch {
      return []; // the one that reads
    }
  });

/** eventfds come and go as the firmware finds its devices, and the log and the list itself are ours. */
const descriptors = (pid: number | "self"): readonly string[] =>
  linksIn(`/proc/${pid}/fd`)
    .filter((kind) => !/eventfd|\/proc\/.*\/fd/.test(kind))
    .toSorted();

async function asked(b: Bench, execute: string, args = {}): Promise<string> {
  const command = JSON.stringify({ execute, arguments: args });
  const { return: answer }: { return: unknown } = JSON.parse(
    await b.do("monitorCommand", { domain, command }),
  );
  return JSON.stringify(answer).replace(/"(?:wr|rd|flush)_[a-z_]*":\d+,?/g, "");
}

const names = (json: string, member: string): readonly string[] =>
  [...json.matchAll(new RegExp(`"${member}":\\s*"([^"]*)"`, "g"))]
    .map(([, name]) => name ?? "")
    .toSorted();

/** Programs that serve something below a directory. */
const companionsIn = (directory: string): readonly string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return words.includes("virtiofsd") && words.includes(directory);
    } catch {
      return false; // no process, or gone
    }
  });

/** Everything that a device could leave behind. */
async function everything(b: Bench, pid: number): Promise<Readonly<Record<string, unknown>>> {
  return {
    nodes: names(await asked(b, "query-named-block-nodes", { flat: true }), "node-name"),
    objects: names(await asked(b, "qom-list", { path: "/objects" }), "name"),
    devices: names(await asked(b, "qom-list", { path: "/machine/peripheral" }), "name"),
    chardevs: names(await asked(b, "query-chardev"), "label"),
    sets: await asked(b, "query-fdsets"),
    qemu: descriptors(pid),
    daemon: descriptors("self"),
    companions: companionsIn(b.paths.run),
    xml: await b.do("xml", { domain }),
    definition: await b.do("xml", { domain, inactive: true }),
  };
}

const SETTLED_MS = 5000;

/** QEMU closes the files of memory a moment after it has let go of it. */
async function settled(b: Bench, pid: number, wanted: object): Promise<object> {
  const end = performance.now() + SETTLED_MS;
  for (;;) {
    const found = await everything(b, pid);
    if (isDeepStrictEqual(found, wanted) || performance.now() > end) return found;
  }
}

async function guest(t: TestContext): Promise<{ b: Bench; pid: number }> {
  const b = await bench(t);
  // the driver would try out KVM in between, with descriptors of its own
  await b.driver.roles.connect?.capabilities?.({}, b.call);
  const xml = b
    .xmlOf({ name: NAME, xml: HOST, devices: BUSES })
    .replace("<controller type='usb' model='none'/>", "");
  await b.do("define", { xml });
  await b.do("start", { domain });
  return { b, pid: b.pidOf(NAME) };
}

test("hot plug: a device of any kind that QEMU refuses leaves nothing behind", {
  timeout: 120_000,
}, async (t) => {
  const { b, pid } = await guest(t);
  await asked(b, "device_add", { driver: "virtio-keyboard-pci", id: ALIAS, addr: "0x1f" });
  for (const [kind, device] of Object.entries(DEVICES)) {
    const xml = typeof device === "string" ? device : device(b.paths.run);
    await t.test(kind, { skip: xml === undefined ? "the host has none" : false }, async () => {
      assert.ok(xml !== undefined);
      const before = await everything(b, pid);
      await assert.rejects(
        b.do("attachDevice", { domain, xml, live: true, config: true }),
        /Duplicate (device )?ID|duplicate/i,
      );
      assert.deepEqual(await settled(b, pid, before), before);
    });
  }
});

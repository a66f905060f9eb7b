/**
 * PCI devices between the host and guests of vireod, on an emulated sysfs (no test machine has VFIO): what is written
 * to it, what is refused and why, and that each device is the host's again however the guest ends.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { putVfio } from "../harness/emulated-devices.ts";
import { EmulatedKernel } from "../harness/emulated-kernel.ts";
import { putPci } from "../harness/emulated-pci.ts";
import { run } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";
import { AssignedHost, type Hardware, pciHostdev } from "./assigned-host.ts";

const skip = EmulatedKernel.missing() ?? false;

const VIREO = join(import.meta.dirname, "../../bin/vireo");

const [CARD, SOUND, DISK, NET, PLAIN] = [
  "0000:01:00.0",
  "0000:01:00.1",
  "0000:02:00.0",
  "0000:03:00.0",
  "0000:06:00.0",
];

const hardware: Hardware = (kernel) => {
  putVfio(kernel);
  putPci(kernel, { address: CARD, driver: "nvidia", group: 12 });
  putPci(kernel, { address: SOUND, driver: "snd_hda_intel", group: 12 });
  const disk = putPci(kernel, { address: DISK, driver: "ahci", group: 13 });
  kernel.put(`${disk}/ata1/host0/target0:0:0/0:0:0:0/block/sda`, { dev: "8:0" });
  kernel.put(`${disk}/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1`, { dev: "8:1" });
  kernel.link("class/block/sda", `${disk}/ata1/host0/target0:0:0/0:0:0:0/block/sda`);
  kernel.link("class/block/sda1", `${disk}/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1`);
  putPci(kernel, { address: NET, driver: "igb", group: 14, cards: ["ens3"] });
  putPci(kernel, { address: PLAIN, driver: "xhci_hcd", group: 16, reset: false });
  const proc = join(kernel.root, "proc");
  mkdirSync(join(proc, "net"), { recursive: true });
  writeFileSync(join(proc, "mountinfo"), "22 1 8:1 / /srv rw - ext4 /dev/sda1 rw\n");
  writeFileSync(join(proc, "swaps"), "Filename Type Size Used Priority\n");
  const route = "ens3 00000000 0102A8C0 0003 0 0 0 00000000 0 0 0";
  writeFileSync(join(proc, "net/route"), `Iface Destination Gateway ...\n${route}\n`);
};

interface Lab {
  readonly host: AssignedHost;
  readonly vireod: Vireod;
  readonly define: (name: string, devices: string) => Promise<void>;
  /** What virsh complains of. */
  readonly refused: (...words: readonly string[]) => Promise<string>;
  readonly ok: (...words: readonly string[]) => Promise<string>;
  readonly file: (xml: string) => string;
}

async function lab(t: TestContext, env: Record<string, string> = {}): Promise<Lab> {
  const host = await AssignedHost.vireod(hardware, env);
  t.after(() => host.cleanUp());
  const { daemon: vireod, kernel } = host;
  assert.ok(vireod instanceof Vireod);
  const ok: Lab["ok"] = (...words) => virshOk(vireod.uri, ...words);
  const file = (xml: string): string => {
    const path = join(kernel.root, "document.xml");
    writeFileSync(path, xml);
    return path;
  };
  return {
    host,
    vireod,
    ok,
    file,
    define: async (name, devices) => {
      await ok("define", file(host.domain(name, devices)));
    },
    refused: async (...words) => {
      const { status, stderr } = await virsh(vireod.uri, words);
      assert.notEqual(status, 0, `virsh ${words.join(" ")} was not refused`);
      return stderr.trim().split("\n").at(-1) ?? "";
    },
  };
}

test("assignment: a managed device goes to VFIO for a guest, and back when it ends", {
  skip,
}, async (t) => {
  const { host, ok, define } = await lab(t);
  const { kernel } = host;
  await define("one", pciHostdev(PLAIN));
  await ok("start", "one");
  assert.equal(kernel.driverOf(PLAIN), "vfio-pci");
  const live = await ok("dumpxml", "one", "--xpath", "//hostdev");
  assert.match(live, /<driver name="vfio"\/>[^]*<alias name="hostdev0"\/>/);
  await ok("destroy", "one");
  assert.equal(kernel.driverOf(PLAIN), "xhci_hcd");
  const device = `/devices/pci0000:00/${PLAIN}`;
  assert.deepEqual(kernel.writes, [
    `${device}/driver_override=vfio-pci`,
    `/bus/pci/drivers/xhci_hcd/unbind=${PLAIN}`,
    `/bus/pci/drivers_probe=${PLAIN}`,
    `${device}/driver_override=`,
    `/bus/pci/drivers/vfio-pci/unbind=${PLAIN}`,
    `/bus/pci/drivers_probe=${PLAIN}`,
  ]);
});

test("assignment: what the host needs, what is missing, and half a group are refused before anything is done", {
  skip,
}, async (t) => {
  const { host, define, refused, ok } = await lab(t);
  const starts = async (devices: string): Promise<string> => {
    await define("one", devices);
    const said = await refused("start", "one");
    await ok("undefine", "one");
    return said;
  };
  assert.match(
    await starts(pciHostdev(CARD)),
    /group 12 also holds 0000:01:00\.1 \(driver snd_hda_intel\).*nodedev-detach pci_0000_01_00_1/,
  );
  assert.match(
    await starts(pciHostdev(DISK)),
    /0000:02:00\.0 is needed by the host: \/srv is mounted from its disk sda/,
  );
  assert.match(
    await starts(pciHostdev(NET)),
    /0000:03:00\.0 is needed by the host: the default route leads through ens3/,
  );
  assert.match(await starts(pciHostdev("0000:09:00.0")), /Device 0000:09:00\.0 not found/);
  assert.match(
    await starts(pciHostdev(PLAIN, "no")),
    /Unmanaged PCI device 0000:06:00\.0 must be manually detached from the host/,
  );
  assert.deepEqual(host.kernel.writes, []);
});

test("assignment: all that speaks against a domain's devices is told before it starts", {
  skip,
}, async (t) => {
  const { vireod, define, ok } = await lab(t);
  const why = async (): Promise<string> => {
    const { status, stdout, stderr } = await run(VIREO, [
      "--connect",
      vireod.uri,
      "device",
      "why",
      "one",
    ]);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  await define("one", pciHostdev(CARD) + pciHostdev(DISK));
  const told = await why();
  assert.match(told, /host pci device 0000:01:00\.0\n! group 12 also holds 0000:01:00\.1/);
  assert.match(told, /host pci device 0000:02:00\.0\n! .* \/srv is mounted from its disk sda/);
  await ok("undefine", "one");
  await define("one", pciHostdev(PLAIN));
  await ok("start", "one");
  assert.match(await why(), /\(the domain has it\)\n! 0000:06:00\.0 has no reset of its own/);
});

test("assignment: a device is given back after a crash of the guest and after a start that failed", {
  skip,
}, async (t) => {
  const { host, vireod, define, refused, ok } = await lab(t);
  const { kernel } = host;
  await define("one", pciHostdev(CARD) + pciHostdev(SOUND));
  await ok("start", "one");
  const [pid = 0] = vireod.guestPids();
  assert.equal(kernel.driverOf(SOUND), "vfio-pci");
  process.kill(pid, "SIGKILL");
  while ((await ok("domstate", "one")) !== "shut off"); // each question takes its time
  assert.deepEqual(
    [CARD, SOUND].map((one) => kernel.driverOf(one)),
    ["nvidia", "snd_hda_intel"],
  );
  await ok("undefine", "one");
  // QEMU has no such bus
  const wrong = `<hostdev mode='subsystem' type='usb'><source><vendor id='1'/><product id='2'/></source></hostdev>`;
  await define("one", pciHostdev(PLAIN) + wrong);
  assert.match(await refused("start", "one"), /usb|USB/);
  assert.equal(kernel.driverOf(PLAIN), "xhci_hcd");
});

test("assignment: what a guest has is known after kill -9, and given back when the guest ended meanwhile", {
  skip,
}, async (t) => {
  const { host, vireod, define, refused, ok } = await lab(t);
  const { kernel } = host;
  await define("one", pciHostdev(CARD) + pciHostdev(SOUND));
  await define("two", pciHostdev(SOUND));
  await ok("start", "one");
  await vireod.end("SIGKILL");
  await vireod.start();
  assert.match(
    await refused("start", "two"),
    /PCI device 0000:01:00\.1 is in use by driver QEMU, domain one/,
  );
  assert.equal(kernel.driverOf(CARD), "vfio-pci");
  await vireod.end("SIGKILL");
  for (const pid of vireod.guestPids()) process.kill(pid, "SIGKILL");
  await vireod.start();
  assert.deepEqual(
    [CARD, SOUND].map((one) => kernel.driverOf(one)),
    ["nvidia", "snd_hda_intel"],
  );
});

test("assignment: a driver that never lets go of its device holds up neither the start for ever nor others", {
  skip,
}, async (t) => {
  const { host, define, refused, ok } = await lab(t, { VIREO_SYSFS_MS: "1500" });
  host.kernel.stick("bus/pci/drivers/xhci_hcd/unbind");
  await define("one", pciHostdev(PLAIN));
  await define("two", pciHostdev(CARD) + pciHostdev(SOUND));
  const said = refused("start", "one");
  assert.equal(await ok("domstate", "two"), "shut off");
  assert.match(await said, /the driver of the device does not let go of it/);
  await ok("start", "two");
  assert.equal(host.kernel.driverOf(CARD), "vfio-pci");
});

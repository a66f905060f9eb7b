/**
 * Virtual functions of an SR-IOV card for guests, on an emulated sysfs and with a stand-in for ip: by a card of type
 * hostdev, and by a network that is a pool of functions.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { putVfio } from "../harness/emulated-devices.ts";
import { EmulatedKernel } from "../harness/emulated-kernel.ts";
import { putIp, putPci, putVirtual } from "../harness/emulated-pci.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";
import { AssignedHost, type Hardware } from "./assigned-host.ts";

const skip = EmulatedKernel.missing() ?? false;

const [PHYSICAL, FIRST, SECOND] = ["0000:03:00.0", "0000:03:10.0", "0000:03:10.2"];
const BEFORE = ["0 0a:00:00:00:00:00 0", "1 0a:00:00:00:00:01 0"];

const hardware: Hardware = (kernel) => {
  putVfio(kernel);
  putPci(kernel, { address: PHYSICAL, driver: "igb", group: 20, cards: ["ens3"] });
  putVirtual(kernel, {
    physical: PHYSICAL,
    driver: "igbvf",
    functions: [
      { address: FIRST, group: 21, card: "ens3v0" },
      { address: SECOND, group: 22, card: "ens3v1" },
    ],
  });
  putIp(kernel, BEFORE);
};

async function lab(t: TestContext) {
  const host = await AssignedHost.vireod(hardware);
  t.after(() => host.cleanUp());
  const { daemon, kernel } = host;
  assert.ok(daemon instanceof Vireod);
  writeFileSync(join(kernel.sys, "bus/pci/devices", PHYSICAL, "sriov_numvfs"), "2");
  const ok = (...words: readonly string[]): Promise<string> => virshOk(daemon.uri, ...words);
  const file = (xml: string): string => {
    const path = join(kernel.root, "document.xml");
    writeFileSync(path, xml);
    return path;
  };
  /** What functions were told since the beginning. */
  const told = (): readonly string[] =>
    readFileSync(join(kernel.root, "functions"), "utf8").trimEnd().split("\n").slice(BEFORE.length);
  const define = (name: string, devices: string): Promise<string> =>
    ok("define", file(host.domain(name, devices)));
  return { host, kernel, vireod: daemon, ok, file, told, define };
}

const MAC = "52:54:00:00:00:07";
const card = `<interface type='hostdev' managed='yes'><mac address='${MAC}'/>
<source><address type='pci' domain='0' bus='3' slot='0x10' function='2'/></source><vlan><tag id='42'/></vlan></interface>`;

test("virtual function: it has the guest's address and VLAN, and its own again afterwards", {
  skip,
}, async (t) => {
  const { kernel, ok, define, told, file } = await lab(t);
  await define("one", card);
  await ok("start", "one");
  assert.equal(kernel.driverOf(SECOND), "vfio-pci");
  assert.deepEqual(told(), [`1 ${MAC} 42`]);
  const live = await ok("dumpxml", "one", "--xpath", "//interface");
  assert.match(live, /<driver name="vfio"\/>[^]*<tag id="42"\/>[^]*<alias name="hostdev0"\/>/);
  await ok("destroy", "one");
  assert.equal(kernel.driverOf(SECOND), "igbvf");
  assert.deepEqual(told().at(-1), "1 0a:00:00:00:00:01 0");
  await define("two", "");
  await ok("start", "two");
  await ok("attach-device", "two", file(card), "--live");
  assert.equal(told().at(-1), `1 ${MAC} 42`);
  await ok("destroy", "two");
  assert.equal(told().at(-1), "1 0a:00:00:00:00:01 0");
});

test("virtual function: a network gives each guest one, also after kill -9, and has them back", {
  skip,
}, async (t) => {
  const { kernel, vireod, ok, define, told, file } = await lab(t);
  const pool = `<network><name>pool</name><forward mode='hostdev' managed='yes'><pf dev='ens3'/></forward></network>`;
  await ok("net-create", file(pool));
  const nic = (last: number): string =>
    `<interface type='network'><mac address='52:54:00:00:00:0${last}'/><source network='pool'/></interface>`;
  await define("one", nic(1));
  await define("two", nic(2));
  await define("three", nic(3));
  await ok("start", "one");
  await ok("start", "two");
  assert.deepEqual(
    [FIRST, SECOND].map((one) => kernel.driverOf(one)),
    ["vfio-pci", "vfio-pci"],
  );
  assert.deepEqual(told(), ["0 52:54:00:00:00:01 0", "1 52:54:00:00:00:02 0"]);
  assert.match(
    await ok("dumpxml", "one", "--xpath", "//interface"),
    /type="hostdev" managed="yes"/,
  );
  assert.match(
    await ok("dumpxml", "one", "--inactive", "--xpath", "//interface"),
    /type="network"/,
  );
  const none = await virsh(vireod.uri, ["start", "three"]);
  assert.match(
    none.stderr,
    /network 'pool' requires exclusive access to interfaces, but none are available/,
  );
  await vireod.end("SIGKILL");
  await vireod.start();
  assert.notEqual((await virsh(vireod.uri, ["start", "three"])).status, 0);
  await ok("destroy", "one");
  assert.equal(told().at(-1), "0 0a:00:00:00:00:00 0");
  await ok("start", "three");
  assert.equal(told().at(-1), "0 52:54:00:00:00:03 0");
  await vireod.end("SIGKILL");
  for (const pid of vireod.guestPids()) process.kill(pid, "SIGKILL");
  await vireod.start();
  assert.deepEqual(
    [FIRST, SECOND].map((one) => kernel.driverOf(one)),
    ["igbvf", "igbvf"],
  );
  await ok("start", "one");
  await ok("start", "two");
});

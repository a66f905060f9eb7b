/** Attributes that hang or are damaged, in a sysfs of our own: a pipe that nobody writes to, and a file that fails with EIO. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Vireod } from "../harness/vireod.ts";
import { virshOk } from "../harness/virsh.ts";
import { writeHostTree } from "./host-tree.ts";

const HOST = `/devices/pci0000:00/0000:00:01.0
  pci 8086:10c9 020000
/devices/pci0000:00/0000:00:02.0
  pci 8086:10c9 020000
/devices/pci0000:00/0000:00:03.0
  pci 8086:10c9 020000
  numa_node = 1
`;

test("node devices: an attribute that hangs or is damaged harms no list, and not the daemon's end", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-hang-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const sys = join(directory, "sys");
  writeHostTree({ sys, udev: join(directory, "udev") }, HOST);
  const of = (slot: number): string => join(sys, `bus/pci/devices/0000:00:0${slot}.0`);
  execFileSync("mkfifo", [join(of(1), "numa_node")]);
  rmSync(join(of(2), "config"));
  symlinkSync("/proc/self/mem", join(of(2), "config"));
  const vireod = new Vireod(undefined, [], { VIREO_DEVICES: directory });
  t.after(() => vireod.cleanUp());
  await vireod.start();
  const names = ["computer", "pci_0000_00_01_0", "pci_0000_00_02_0", "pci_0000_00_03_0"];
  for (let round = 0; round < 2; round += 1)
    assert.deepEqual((await virshOk(vireod.uri, "nodedev-list")).split("\n"), names);
  assert.match(await virshOk(vireod.uri, "nodedev-dumpxml", "pci_0000_00_03_0"), /numa node='1'/);
  assert.match(await virshOk(vireod.uri, "nodedev-dumpxml", "pci_0000_00_02_0"), /0x10c9/);
  assert.equal(vireod.log.filter((line) => line.includes("numa_node")).length, 1);
  await vireod.end();
});

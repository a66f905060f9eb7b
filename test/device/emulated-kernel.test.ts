/** The emulated sysfs that other tests stand on: what is written takes effect before the write returns. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EmulatedKernel } from "../harness/emulated-kernel.ts";
import { putPci, putVirtual } from "../harness/emulated-pci.ts";

const skip = EmulatedKernel.missing() ?? false;

test("emulated sysfs: drivers let go of devices and take them as in the kernel", {
  skip,
}, async (t) => {
  const kernel = await EmulatedKernel.started();
  t.after(() => kernel.cleanUp());
  const write = (path: string, text: string): void => writeFileSync(join(kernel.sys, path), text);
  putPci(kernel, { address: "0000:01:00.0", driver: "nvidia", group: 12 });
  kernel.addDriver("vfio-pci");
  const card = "bus/pci/devices/0000:01:00.0";
  assert.equal(kernel.driverOf("0000:01:00.0"), "nvidia");
  assert.throws(() => write("bus/pci/drivers/vfio-pci/unbind", "0000:01:00.0"), {
    code: "ENODEV",
  });
  write(`${card}/driver_override`, "vfio-pci\n");
  write(`${card}/driver/unbind`, "0000:01:00.0");
  assert.equal(existsSync(join(kernel.sys, card, "driver")), false);
  write("bus/pci/drivers_probe", "0000:01:00.0");
  assert.equal(kernel.driverOf("0000:01:00.0"), "vfio-pci");
  write(`${card}/driver_override`, "\n");
  write(`${card}/driver/unbind`, "0000:01:00.0");
  write("bus/pci/drivers_probe", "0000:01:00.0");
  assert.equal(kernel.driverOf("0000:01:00.0"), "nvidia");
  assert.equal(readFileSync(join(kernel.sys, card, "driver_override"), "utf8"), "(null)\n");
});

test("emulated sysfs: virtual functions come and go, with their network cards", {
  skip,
}, async (t) => {
  const kernel = await EmulatedKernel.started();
  t.after(() => kernel.cleanUp());
  const write = (path: string, text: string): void => writeFileSync(join(kernel.sys, path), text);
  const there = (path: string): boolean => existsSync(join(kernel.sys, path));
  putPci(kernel, { address: "0000:03:00.0", driver: "igb", group: 20, cards: ["ens3"] });
  putVirtual(kernel, {
    physical: "0000:03:00.0",
    driver: "igbvf",
    functions: [
      { address: "0000:03:10.0", group: 21, card: "ens3v0" },
      { address: "0000:03:10.2", group: 22, card: "ens3v1" },
    ],
  });
  const count = "bus/pci/devices/0000:03:00.0/sriov_numvfs";
  assert.throws(() => write(count, "3"), { code: "ERANGE" });
  write(count, "2");
  assert.equal(kernel.driverOf("0000:03:10.2"), "igbvf");
  assert.ok(there("class/net/ens3v1") && there("bus/pci/devices/0000:03:00.0/virtfn1/physfn"));
  assert.throws(() => write(count, "1"), { code: "EBUSY" });
  write("bus/pci/drivers/igbvf/unbind", "0000:03:10.2");
  assert.ok(there("class/net/ens3v0") && !there("class/net/ens3v1"));
  write("bus/pci/drivers/igbvf/bind", "0000:03:10.2");
  assert.ok(there("class/net/ens3v1"));
  write(count, "0");
  assert.ok(!there("bus/pci/devices/0000:03:10.0") && there("class/net/ens3"));
});

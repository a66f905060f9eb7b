import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { usbDevices } from "./usb-devices.ts";

test("USB devices: those of the kernel's directory, without their interfaces", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-usb-"));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const name of ["usb1", "1-2", "1-2:1.0", "1-3"]) mkdirSync(join(directory, name));
  const files = { busnum: "1\n", devnum: "4\n", idVendor: "046d\n", idProduct: "c31c\n" };
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(directory, "1-2", name), text);
  assert.deepEqual(await usbDevices(directory), [
    { bus: 1, device: 4, vendor: 0x046d, product: 0xc31c },
  ]);
});

test("USB devices: a host without USB says so", () =>
  assert.rejects(usbDevices("/nosuch/usb"), { message: /cannot open directory '\/nosuch\/usb'/ }));

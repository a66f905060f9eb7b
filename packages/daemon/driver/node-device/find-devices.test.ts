import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDevice } from "@vireo/model/domain/device/parse-device";
import type { Hostdev } from "@vireo/model/domain/device/hostdev";
import { chooseUsb } from "./find-devices.ts";

const usb = (source: string): Extract<Hostdev, { type: "usb" }> => {
  const found = parseDevice(
    `<hostdev mode='subsystem' type='usb'><source>${source}</source></hostdev>`,
  );
  assert.ok(found.kind === "hostdevs" && found.device.type === "usb");
  return found.device;
};
const named = (address = ""): Extract<Hostdev, { type: "usb" }> =>
  usb(`<vendor id='0x046d'/><product id='0xc31c'/>${address}`);
const keyboard = { bus: 1, device: 4, vendor: 0x046d, product: 0xc31c };
const second = { ...keyboard, device: 5 };
const mouse = { bus: 1, device: 6, vendor: 0x046d, product: 0xc077 };

test("USB device of the host: by name, by place, or by both", () => {
  assert.equal(chooseUsb(named(), [mouse, keyboard]), keyboard);
  assert.equal(chooseUsb(usb("<address bus='1' device='6'/>"), [keyboard, mouse]), mouse);
  assert.equal(chooseUsb(named("<address bus='1' device='5'/>"), [keyboard, second]), second);
});

test("USB device of the host: none, or one of several", () => {
  assert.throws(() => chooseUsb(named(), [mouse]), {
    message: "internal error: Did not find USB device 046d:c31c",
  });
  assert.throws(() => chooseUsb(named("<address bus='1' device='9'/>"), [keyboard]), {
    message: "internal error: Did not find USB device 046d:c31c bus:1 device:9",
  });
  assert.throws(() => chooseUsb(usb("<address bus='2' device='6'/>"), [mouse]), {
    message: "internal error: Did not find USB device bus:2 device:6",
  });
  assert.throws(() => chooseUsb(named(), [keyboard, second]), {
    message: "operation failed: Multiple USB devices for 46d:c31c, use <address> to specify one",
  });
});

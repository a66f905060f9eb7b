/** USB devices and their interfaces. */
import { basename } from "node:path";
import { deviceName, type FoundDevice } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";

const idOf = (id: string | undefined, name: string | undefined) => ({
  id: `0x${id ?? "0000"}`,
  ...(name === undefined ? {} : { name }),
});

const NODE_DIGITS = 3;
const digits = (number: number): string => String(number).padStart(NODE_DIGITS, "0");

async function wholeDevice(tree: DeviceTree, real: string): Promise<FoundDevice | undefined> {
  const [bus, device] = await Promise.all([
    tree.number(real, "busnum"),
    tree.number(real, "devnum"),
  ]);
  if (bus === undefined || device === undefined) return undefined;
  const [vendor, vendorName, product, productName] = await Promise.all(
    ["idVendor", "manufacturer", "idProduct", "product"].map((name) => tree.text(real, name)),
  );
  return {
    name: deviceName("usb", basename(real)),
    real,
    nodes: [`/dev/bus/usb/${digits(bus)}/${digits(device)}`],
    capability: {
      type: "usb_device",
      bus,
      device,
      product: idOf(product, productName),
      vendor: idOf(vendor, vendorName),
    },
  };
}

async function oneInterface(tree: DeviceTree, real: string): Promise<FoundDevice> {
  const hex = async (name: string): Promise<number> => (await tree.number(real, name, 16)) ?? 0;
  return {
    name: deviceName("usb", basename(real)),
    real,
    capability: {
      type: "usb",
      number: await hex("bInterfaceNumber"),
      class: await hex("bInterfaceClass"),
      subclass: await hex("bInterfaceSubClass"),
      protocol: await hex("bInterfaceProtocol"),
    },
  };
}

/** An interface has the number of its configuration in its name: `1-1:1.0`. */
export const usbDevice = (tree: DeviceTree, real: string): Promise<FoundDevice | undefined> =>
  basename(real).includes(":") ? oneInterface(tree, real) : wholeDevice(tree, real);

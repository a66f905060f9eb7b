/** USB devices and their interfaces. */
import { deviceName, type DeviceReader } from "./found-device.ts";
import { udevRecord } from "./sys-device.ts";

const idOf = (id: string | undefined, name: string | undefined) => ({
  id: `0x${id ?? "0000"}`,
  ...(name === undefined ? {} : { name }),
});

/** Names are those of udev's database before what the device says of itself. */
export const usbDevice: DeviceReader = async (tree, device) => {
  const { real, name, uevent } = device;
  if (uevent.get("DEVTYPE") === "usb_interface") return usbInterface(tree, device);
  const [bus, number] = [Number(uevent.get("BUSNUM")), Number(uevent.get("DEVNUM"))];
  if (Number.isNaN(bus) || Number.isNaN(number)) return undefined;
  const { properties } = await udevRecord(tree, device);
  const [vendorId, manufacturer, productId, product] = await Promise.all(
    ["idVendor", "manufacturer", "idProduct", "product"].map((one) => tree.text(real, one)),
  );
  return {
    name: deviceName("usb", name),
    capability: {
      type: "usb_device",
      bus,
      device: number,
      product: idOf(productId, properties.get("ID_MODEL_FROM_DATABASE") ?? product),
      vendor: idOf(vendorId, properties.get("ID_VENDOR_FROM_DATABASE") ?? manufacturer),
    },
  };
};

const usbInterface: DeviceReader = async (tree, { real, name }) => {
  const hex = async (attribute: string): Promise<number> =>
    (await tree.number(real, attribute, 16)) ?? 0;
  return {
    name: deviceName("usb", name),
    capability: {
      type: "usb",
      number: await hex("bInterfaceNumber"),
      class: await hex("bInterfaceClass"),
      subclass: await hex("bInterfaceSubClass"),
      protocol: await hex("bInterfaceProtocol"),
    },
  };
};

/** Channel subsystem and cryptographic adapters of mainframes. */
import { deviceName, type DeviceReader } from "./found-device.ts";
import { mdevTypes } from "./mdev-types.ts";
import type { SysDevice } from "./sys-device.ts";

interface ChannelAddress {
  readonly cssid: number;
  readonly ssid: number;
  readonly devno: number;
}

/** `0.1.fffe`: subsystem, set and device. */
function channelAddress(text: string | undefined): ChannelAddress | undefined {
  const match = /^([\da-f]{1,2})\.([0-3])\.([\da-f]{4})$/i.exec(text ?? "");
  if (match === null) return undefined;
  const [cssid = 0, ssid = 0, devno = 0] = match.slice(1).map((hex) => Number.parseInt(hex, 16));
  return { cssid, ssid, devno };
}

/** Devices that are switched on. */
export const ccwDevice: DeviceReader = async (tree, { name, real }) => {
  const address = channelAddress(name);
  if (address === undefined || (await tree.number(real, "online")) !== 1) return undefined;
  return { name: deviceName("ccw", name), capability: { type: "ccw", ...address } };
};

/** Of subchannels those that carry a device. */
const SUBCHANNEL_DRIVERS: readonly (string | undefined)[] = ["io_subchannel", "vfio_ccw"];

export const cssDevice: DeviceReader = async (tree, { name, real, uevent }) => {
  const address = channelAddress(name);
  if (address === undefined || !SUBCHANNEL_DRIVERS.includes(uevent.get("DRIVER"))) return undefined;
  const channelDevice = channelAddress(await tree.text(real, "dev_busid"));
  const capabilities = await mdevTypes(tree, real);
  return {
    name: deviceName("css", name),
    capability: {
      type: "css",
      ...address,
      ...(channelDevice === undefined ? {} : { channelDevice }),
      ...(capabilities.length === 0 ? {} : { capabilities }),
    },
  };
};

/** `card07`, and its queues `07.0038`. */
export const apDevice: DeviceReader = (_tree, { name }: SysDevice) => {
  const card = /^card([\da-f]+)$/i.exec(name)?.[1];
  const [, adapter, domain] = /^([\da-f]+)\.([\da-f]+)$/i.exec(name) ?? [];
  const number = (hex = ""): number => Number.parseInt(hex, 16);
  if (card !== undefined)
    return Promise.resolve({
      name: deviceName("ap", name),
      capability: { type: "ap_card", adapter: number(card) },
    });
  if (adapter === undefined) return Promise.resolve(undefined);
  return Promise.resolve({
    name: deviceName("ap", name),
    capability: { type: "ap_queue", adapter: number(adapter), apDomain: number(domain) },
  });
};

/** The one device that assigns cryptographic adapters. */
export const apMatrix: DeviceReader = async (tree, { name, real }) => {
  const capabilities = await mdevTypes(tree, real);
  return {
    name: deviceName("ap", name),
    capability: {
      type: "ap_matrix",
      ...(capabilities.length === 0 ? {} : { capabilities }),
    },
  };
};

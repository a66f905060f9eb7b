/** Devices that speak virtio in hardware. */
import { join } from "node:path";
import { deviceName, type DeviceReader } from "./found-device.ts";

/** Listed while there is a node that QEMU can open: with another driver it is the host's own card. */
export const vdpaDevice: DeviceReader = async (tree, { name, real }) => {
  const node = (await tree.names(real)).find((one) => one.startsWith("vhost-vdpa"));
  if (node === undefined || !(await tree.isThere(join(tree.roots.dev, node)))) return undefined;
  return {
    name: deviceName("vdpa", name),
    capability: { type: "vdpa", charDevice: join("/dev", node) },
  };
};

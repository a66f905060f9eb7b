/** Network links of the host. */
import { LINK_STATES } from "@vireo/model/node/host-interface";
import { linkFeatures } from "../../host/ethtool.ts";
import { deviceName, type DeviceReader } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";

async function linkOf(tree: DeviceTree, real: string) {
  const told = await tree.text(real, "operstate");
  const shown = LINK_STATES.find((one) => one === told) ?? "unknown";
  const speed = shown === "up" ? await tree.number(real, "speed") : undefined;
  // a link that is up and knows no speed says -1, which libvirt reads without a sign
  return { ...(speed === undefined || speed === 0 ? {} : { speed: speed >>> 0 }), state: shown };
}

/** Cards, real or not; bridges, VLANs and others that name their kind are no devices to libvirt. */
export const netDevice: DeviceReader = async (tree, { real, name, uevent }) => {
  const kind = uevent.get("DEVTYPE");
  if (kind !== undefined && kind !== "wlan") return undefined;
  const address = await tree.text(real, "address");
  const features = linkFeatures(name).map((one) => ({ name: one }));
  return {
    name: deviceName("net", name, ...(address === undefined ? [] : [address])),
    capability: {
      type: "net",
      interface: name,
      ...(address === undefined ? {} : { address }),
      link: await linkOf(tree, real),
      ...(features.length === 0 ? {} : { features }),
      capabilities: [{ type: kind === "wlan" ? "80211" : "80203" }],
    },
  };
};

/** Network cards of the host. */
import { basename, join } from "node:path";
import { LINK_STATES } from "@vireo/model/node/host-interface";
import { linkFeatures } from "../../host/ethtool.ts";
import { deviceName, type FoundDevice } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";

const NO_ADDRESS = "00:00:00:00:00:00";

async function linkOf(tree: DeviceTree, real: string) {
  const told = await tree.text(real, "operstate");
  const shown = LINK_STATES.find((one) => one === told) ?? "unknown";
  const speed = shown === "up" ? await tree.number(real, "speed") : undefined;
  // a link that is up and knows no speed says -1, which libvirt reads without a sign
  return { ...(speed === undefined || speed === 0 ? {} : { speed: speed >>> 0 }), state: shown };
}

export async function netDevice(tree: DeviceTree, real: string): Promise<FoundDevice> {
  const name = basename(real);
  const address = (await tree.text(real, "address")) ?? NO_ADDRESS;
  const wireless = (await tree.names(join(real, "phy80211"))).length > 0;
  const features = [...linkFeatures(name)];
  return {
    name: deviceName("net", name, address),
    real,
    capability: {
      type: "net",
      interface: name,
      address,
      link: await linkOf(tree, real),
      ...(features.length === 0 ? {} : { features: features.map((one) => ({ name: one })) }),
      capabilities: [{ type: wireless ? "80211" : "80203" }],
    },
  };
}

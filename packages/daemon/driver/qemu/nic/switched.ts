/** A tap device that is a port of Open vSwitch: the switch keeps the port until it is told otherwise. */
import { configureLink } from "../../../host/link.ts";
import { addSwitchPort, removeSwitchPort } from "../../../host/open-vswitch.ts";
import { bridgeOfCard, coalesce, mtuOf, openPort } from "./bridged.ts";
import { hostAddressOf } from "./card-tap.ts";
import type { Connection } from "./wiring.ts";

export const switched: Connection = {
  open: openPort,
  join: async (dev, wiring) => {
    const { net, owner, root } = wiring;
    const { parameters } = net.virtualPort ?? {};
    coalesce(dev, net);
    configureLink(dev, { ...hostAddressOf(net), mtu: mtuOf(wiring) });
    await addSwitchPort({
      name: dev,
      bridge: bridgeOfCard(net),
      mac: net.mac?.address ?? "",
      owner,
      interfaceId: parameters?.interfaceId ?? "",
      profileId: parameters?.profileId,
      vlan: net.vlan,
      root,
    });
  },
  leave: removeSwitchPort,
};

/** A tap device that is a port of a bridge of the host. */
import type { Interface } from "@vireo/model/domain/device/interface";
import { bridgeMtu, configureLink, isolatePort, setCoalescedFrames } from "../../../host/link.ts";
import type { Tap } from "../../../host/tap.ts";
import { hostAddressOf, mustBeFreeName, openCardTap, wantedName } from "./card-tap.ts";
import type { Connection, Wiring } from "./wiring.ts";

/** The bridge of a card as it runs. */
export const bridgeOfCard = (net: Interface): string =>
  (net.type === "bridge" || net.type === "network" ? net.source?.bridge : undefined) ?? "";

/** A bridge's packets are as long as the bridge's, unless told otherwise. @throws VireoError `systemError` */
export function mtuOf({ net, mtu: usual }: Wiring): number {
  const bridged = bridgeMtu(bridgeOfCard(net));
  return net.mtu?.size ?? usual ?? bridged;
}

/** A tap of that name which is there already may be taken. @throws VireoError */
export function openPort({ net }: Wiring): Tap {
  const name = wantedName(net);
  if (name !== undefined) mustBeFreeName(name, true);
  return openCardTap(net);
}

/** How many received packets share an interrupt of the host. */
export function coalesce(dev: string, net: Interface): void {
  const frames = net.coalesce?.rx?.frames?.max;
  if (frames !== undefined) setCoalescedFrames(dev, frames);
}

export const bridged: Connection = {
  open: openPort,
  join: (dev, wiring) => {
    const { net } = wiring;
    coalesce(dev, net);
    const bridge = bridgeOfCard(net);
    configureLink(dev, { bridge, ...hostAddressOf(net), mtu: mtuOf(wiring) });
    if (net.port?.isolated === true) isolatePort(dev, true);
  },
};

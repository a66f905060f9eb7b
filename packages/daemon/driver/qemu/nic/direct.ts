/** A macvtap device: the guest shares an interface of the host. It stays until it is removed. */
import type { Interface } from "@vireo/model/domain/device/interface";
import { virError } from "@vireo/model/error";
import { openMacvtap, removeMacvtap } from "../../../host/macvtap.ts";
import { hasVnetHeader, queuesOf, wantedName } from "./card-tap.ts";
import type { Connection } from "./wiring.ts";
import { groupOfRoot } from "./sweep.ts";

/** The host's interface and how guests on it reach each other. */
function sourceOf(net: Interface): { readonly dev: string; readonly mode: string } {
  const { dev = "", mode = "vepa" } =
    net.type === "direct" || net.type === "network" ? (net.source ?? {}) : {};
  return { dev, mode };
}

function refuseVlan({ vlan }: Interface, dev: string): void {
  if ((vlan?.tags ?? []).length > 0)
    throw virError(
      "configUnsupported",
      `vlan can only be set for SR-IOV VFs, but ${dev} is not a VF`,
    );
}

export const direct: Connection = {
  open: ({ net, root }) => {
    const source = sourceOf(net);
    refuseVlan(net, source.dev);
    const name = wantedName(net);
    return openMacvtap({
      ...source,
      mac: net.mac?.address ?? "",
      vnetHeader: hasVnetHeader(net),
      queues: queuesOf(net),
      group: groupOfRoot(root),
      ...(name === undefined ? {} : { name }),
    });
  },
  leave: removeMacvtap,
};

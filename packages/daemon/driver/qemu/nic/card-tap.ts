/** What all kinds of connections ask of a card: its queues, its headers, the name of its device. */
import type { Interface } from "@vireo/model/domain/device/interface";
import { virError } from "@vireo/model/error";
import { hostSideMac, isTap, linkIsThere, mustFitName } from "../../../host/link.ts";
import { openTap, type Tap } from "../../../host/tap.ts";

/** The kernel completes it with the first free number, as libvirt names its devices. */
const ANY_NAME = "vnet%d";

/** Names of this form are ours to give: one that stands in a definition is not kept. */
const GENERATED = /^(?:vnet|macvtap)\d+$/;

/** The name that somebody asked for. */
export const wantedName = ({ target }: Interface): string | undefined =>
  target?.dev === undefined || target.dev === "" || GENERATED.test(target.dev)
    ? undefined
    : target.dev;

export const queuesOf = (net: Interface): number =>
  Math.max("driver" in net ? (net.driver.queues ?? 1) : 1, 1);

/** Let virtio pass checksums and segmentation on. */
export const hasVnetHeader = ({ model }: Interface): boolean =>
  model?.type?.startsWith("virtio") === true;

const exists = (name: string): never => {
  throw virError("operationInvalid", `The ${name} interface already exists`);
};

/** @throws VireoError `operationInvalid`, `systemError` when the name cannot be had */
export function mustBeFreeName(name: string, mayBeTap: boolean): void {
  mustFitName(`Network interface name '${name}' is too long`, name);
  if (linkIsThere(name) && !(mayBeTap && isTap(name))) exists(name);
}

/** @throws VireoError `systemError` */
export const openCardTap = (net: Interface, name = wantedName(net)): Tap =>
  openTap({ name: name ?? ANY_NAME, vnetHeader: hasVnetHeader(net), queues: queuesOf(net) });

/** The address of its end on the host. */
export const hostAddressOf = ({ mac }: Interface): { mac?: string } =>
  mac === undefined ? {} : { mac: hostSideMac(mac.address) };

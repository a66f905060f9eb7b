/** Which devices of a domain are on PCI, and how each is connected, in the order in which libvirt gives them slots. */
import type { Address, PciAddress } from "../device/address.ts";
import type { Devices } from "../device/devices.ts";
import type { Video } from "../device/video.ts";
import type { Domain } from "../domain.ts";
import { isQ35 } from "../machine.ts";
import { CARDS } from "./interface-models.ts";
import {
  controllerConnect,
  NO_PCI,
  PCI,
  PCIE,
  type PciConnect,
  type PciOffer,
} from "./address-pci-connect.ts";
import type { ResolveFacts } from "./facts.ts";

export interface Addressed {
  readonly address?: Address;
}
export interface PciDevice {
  /** The device itself; addresses are kept beside it, by identity. */
  readonly device: Addressed;
  readonly connect: PciConnect;
}
interface WithModel extends Addressed {
  readonly model?: string;
}

/** What board and QEMU offer a domain's devices. */
export function pciOffer(
  domain: Domain,
  { capabilities }: Pick<ResolveFacts, "capabilities">,
): PciOffer {
  const ports = capabilities.has("pcie-root-port") || capabilities.has("ioh3420");
  const express = isQ35(domain) && ports ? PCIE : PCI;
  return { express, virtio: capabilities.has("virtio-pci-non-transitional") ? express : PCI };
}

export function pciDevices(domain: Domain, offer: PciOffer): readonly PciDevice[] {
  const devices = domain.devices ?? {};
  const on =
    (connect: PciConnect) =>
    (device: Addressed): PciDevice => ({ device, connect });
  const byModel = (device: WithModel): PciDevice => ({
    device,
    connect: device.model === "virtio-transitional" ? PCI : offer.virtio,
  });
  return [
    ...(devices.filesystems ?? []).map(byModel),
    ...interfaces(devices, offer),
    ...(devices.sounds ?? [])
      .filter(({ model }) => !OFF_PCI_SOUNDS.includes(model))
      .map((device) => ({ device, connect: device.model === "ich7" ? NO_PCI : PCI })),
    ...controllers(devices, offer),
    ...(devices.disks ?? []).filter(({ target }) => target?.bus === "virtio").map(byModel),
    ...hostdevs(devices, offer),
    ...[devices.memballoon]
      .filter((one) => one !== undefined)
      .filter(({ model }) => model.startsWith("virtio"))
      .map(byModel),
    ...(devices.rngs ?? []).map(byModel),
    ...(devices.watchdogs ?? []).filter(({ model }) => model === "i6300esb").map(on(PCI)),
    ...videos(devices, offer),
    ...(devices.shmems ?? []).map(on(PCI)),
    ...(devices.inputs ?? []).filter(({ bus }) => bus === "virtio").map(byModel),
    ...(devices.serials ?? []).filter(({ target }) => target?.type === "pci-serial").map(on(PCI)),
    ...[devices.vsock].filter((one) => one !== undefined).map(byModel),
    ...(devices.memories ?? [])
      .filter(({ model }) => model.startsWith("virtio-"))
      .map(on(offer.virtio)),
    ...[devices.iommu]
      .filter((one) => one !== undefined)
      .filter(({ model }) => model === "virtio")
      .map(on({ kind: isQ35(domain) ? "pcie" : "pci", integrated: true })),
  ];
}

const OFF_PCI_SOUNDS: readonly string[] = ["sb16", "pcspk", "usb"];
const EXPRESS_CARDS: readonly string[] = ["e1000e", "smc91c111"];

const interfaces = ({ interfaces: all = [] }: Devices, offer: PciOffer): readonly PciDevice[] =>
  all
    .filter(({ type, model }) => type !== "hostdev" && model?.type !== "spapr-vlan")
    .map((device) => {
      const model = device.model?.type ?? "";
      if (model === "usb-net") return { device, connect: NO_PCI };
      if (EXPRESS_CARDS.includes(model) || !CARDS.includes(model))
        return { device, connect: offer.express };
      const modern = model === "virtio" || model === "virtio-non-transitional";
      return { device, connect: modern ? offer.virtio : PCI };
    });

const controllers = ({ controllers: all = [] }: Devices, offer: PciOffer): readonly PciDevice[] =>
  all
    .filter(({ type }) => type !== "pci")
    .flatMap((device) => {
      const connect = controllerConnect(device, offer);
      return connect === undefined ? [] : [{ device, connect }];
    });

/** Only cards without the VGA registers can be Express devices. */
export function videoConnect({ model }: Video, { express, virtio }: PciOffer): PciConnect {
  if (model?.type === "gop") return NO_PCI;
  if (model?.type === "virtio") return virtio;
  return model?.type === "bochs" ? express : PCI;
}

const videos = ({ videos: all = [] }: Devices, offer: PciOffer): readonly PciDevice[] =>
  all
    .filter(({ model }) => model?.type !== "none" && model?.type !== "ramfb")
    .map((device) => ({
      device,
      connect: videoConnect(device, offer),
    }));

function hostdevs(
  { hostdevs: all = [], interfaces: cards = [] }: Devices,
  { express, virtio }: PciOffer,
): readonly PciDevice[] {
  const given = cards
    .filter(({ type }) => type === "hostdev")
    .map((device): PciDevice => ({ device, connect: express }));
  const others = all.flatMap((device): readonly PciDevice[] => {
    switch (device.type) {
      case "pci":
        return [{ device, connect: express }];
      case "mdev":
        return device.model === "vfio-pci" ? [{ device, connect: express }] : [];
      case "scsi_host":
        return [{ device, connect: device.model === "virtio-transitional" ? PCI : virtio }];
      default:
        return [];
    }
  });
  return [...given, ...others];
}

export const pciAddressOf = ({ address }: Addressed): PciAddress | undefined =>
  address?.type === "pci" ? address : undefined;

/** No address at all, or `<address type='pci'/>` without numbers. */
export function wantsPci({ address }: Addressed): boolean {
  if (address === undefined) return true;
  if (address.type !== "pci") return false;
  const { domain = 0, bus = 0, slot = 0, function: fn = 0 } = address;
  return domain === 0 && bus === 0 && slot === 0 && fn === 0;
}

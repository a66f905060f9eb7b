/** What messages call a device of the host. */
import { hostPciName } from "../host-pci-name.ts";
import type { Hostdev } from "./hostdev.ts";

const hex = (value = 0): string => `0x${value.toString(16).padStart(4, "0")}`;

type Of<T extends Hostdev["type"]> = Extract<Hostdev, { type: T }>;

const usb = ({ source }: Of<"usb">): string => {
  const { address, vendor, product } = source ?? {};
  return address === undefined
    ? `host usb device vendor=${hex(vendor?.id)} product=${hex(product?.id)}`
    : `host usb device ${String(address.bus).padStart(3, "0")}.${String(address.device).padStart(3, "0")}`;
};

function scsi({ source }: Of<"scsi">): string {
  if (source?.protocol === "iscsi") return `host scsi iSCSI path ${source.name ?? ""}`;
  const { bus = 0, target = 0, unit = "0" } = source?.address ?? {};
  return `host scsi device ${source?.adapter?.name ?? ""}:${bus}:${target}.${unit}`;
}

const pci = ({ source }: Of<"pci">): string =>
  `host pci device ${hostPciName(source?.address ?? {})}`;
const scsiHost = ({ source }: Of<"scsi_host">): string =>
  `host scsi_host wwpn ${source?.wwpn ?? ""}`;
const mdev = ({ source }: Of<"mdev">): string => `mediated device '${source?.address?.uuid ?? ""}'`;

export function describeHostdev(hostdev: Hostdev): string {
  switch (hostdev.type) {
    case "usb":
      return usb(hostdev);
    case "pci":
      return pci(hostdev);
    case "scsi":
      return scsi(hostdev);
    case "scsi_host":
      return scsiHost(hostdev);
    case "mdev":
      return mdev(hostdev);
    default:
      return `host device of type '${hostdev.type}'`; // of containers
  }
}

/** What every virtio device has in common. */
import type { Address } from "@vireo/model/domain/device/address";
import { given, type JsonObject } from "../json.ts";

/** `<driver iommu= ats= packed= page_per_vq=>`. */
export interface VirtioOptions {
  readonly iommu?: boolean | undefined;
  readonly ats?: boolean | undefined;
  readonly packed?: boolean | undefined;
  readonly pagePerVq?: boolean | undefined;
}

export const virtioProps = (driver: VirtioOptions | undefined): JsonObject =>
  given({
    iommu_platform: driver?.iommu,
    ats: driver?.ats,
    packed: driver?.packed,
    "page-per-vq": driver?.pagePerVq,
  });

/** Suffix of the driver for the bus the device is on. */
function busSuffix(address: Address | undefined): string {
  switch (address?.type) {
    case "ccw":
      return "-ccw";
    case "virtio-mmio":
      return "-device";
    default:
      return "-pci";
  }
}

/** `virtio-blk` -> `virtio-blk-pci-transitional`, `virtio-blk-ccw` ... */
export function virtioDriver(base: string, address: Address | undefined, model?: string): string {
  const name = `${base}${busSuffix(address)}`;
  if (model?.endsWith("non-transitional") === true) return `${name}-non-transitional`;
  return model?.endsWith("transitional") === true ? `${name}-transitional` : name;
}

/** `<iommu>`: an I/O memory management unit for the guest. */
import type { Iommu } from "@vireo/model/domain/device/iommu";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { busProps } from "./bus-address.ts";
import { aliasOf } from "./alias.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";

const onOff = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? "on" : "off";

/** ARM's SMMUv3 is a property of the machine. */
export function iommuSteps(iommu: Iommu, scope: DeviceScope): PlugStep[] {
  switch (iommu.model) {
    case "intel":
      return [
        deviceStep(
          given({
            driver: "intel-iommu",
            id: aliasOf(iommu),
            intremap: onOff(iommu.driver?.intremap),
            "caching-mode": iommu.driver?.cachingMode,
            eim: onOff(iommu.driver?.eim),
            "device-iotlb": iommu.driver?.iotlb,
            "aw-bits": iommu.driver?.awBits,
          }),
          scope.origin,
        ),
      ];
    case "virtio":
      return [
        deviceStep(
          given({ driver: "virtio-iommu", id: aliasOf(iommu), ...busProps(iommu, scope) }),
          scope.origin,
        ),
      ];
    case "smmuv3":
      return [];
  }
}

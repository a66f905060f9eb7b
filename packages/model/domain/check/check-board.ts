/** IOMMU and serial ports: boards that have them. */
import type { Domain } from "../domain.ts";
import { isArmVirt, isPseries, isQ35 } from "../machine.ts";
import { unsupported } from "./refuse.ts";

const BOARDS = {
  intel: { has: isQ35, names: "Q35 machines" },
  smmuv3: { has: isArmVirt, names: "ARM Virt machines" },
  virtio: {
    has: (domain: Domain): boolean => isQ35(domain) || isArmVirt(domain),
    names: "Q35 and ARM Virt machines",
  },
} as const;

/** Boards that have the IOMMU; said as soon as the board is known, before places are looked for. */
export function checkIommuBoard(domain: Domain): void {
  const type = domain.os?.type;
  const model = domain.devices?.iommu?.model;
  if (model === undefined || type?.arch === undefined || type.machine === undefined) return;
  if (!BOARDS[model].has(domain))
    unsupported(`IOMMU device: '${model}' is only supported with ${BOARDS[model].names}`);
}

/** A virtio IOMMU is a PCI device. */
export function checkIommu(domain: Domain): void {
  checkIommuBoard(domain);
  const { model, address } = domain.devices?.iommu ?? {};
  if (model === "virtio" && address !== undefined && address.type !== "pci")
    unsupported("IOMMU device: 'virtio' needs a PCI address");
}

/** Serial ports of pSeries boards. */
export function checkSerials(domain: Domain): void {
  for (const { target } of domain.devices?.serials ?? [])
    if (target?.type === "spapr-vio-serial" && !isPseries(domain))
      unsupported(
        "Serial device with target type 'spapr-vio-serial' and target model 'spapr-vty' not compatible with guest architecture or machine type",
      );
}

/** Network cards, IOMMU, file systems, serial ports, shared memory. */
import type { Domain } from "../domain.ts";
import { isArmVirt, isPseries, isQ35 } from "../machine.ts";
import { unsupported, wrongXml } from "./refuse.ts";

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));

/** Queues of virtio cards are powers of two. */
export function checkInterfaces({ devices }: Domain): void {
  for (const one of devices?.interfaces ?? []) {
    const driver = "driver" in one ? one.driver : undefined;
    if (driver?.rxQueueSize !== undefined && !isPowerOfTwo(driver.rxQueueSize))
      unsupported("rx_queue_size has to be a power of two");
    if (driver?.txQueueSize !== undefined && !isPowerOfTwo(driver.txQueueSize))
      unsupported("tx_queue_size has to be a power of two");
  }
}

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

/** What virtiofs cannot do. */
export function checkFilesystems({ devices }: Domain): void {
  for (const { driver, readonly, accessMode } of devices?.filesystems ?? []) {
    if (driver?.type !== "virtiofs") continue;
    if (readonly === true) unsupported("virtiofs does not yet support read-only mode");
    if (accessMode !== undefined && accessMode !== "passthrough")
      unsupported("virtiofs only supports passthrough accessmode");
  }
}

/** Serial ports of pSeries boards. */
export function checkSerials(domain: Domain): void {
  for (const { target } of domain.devices?.serials ?? [])
    if (target?.type === "spapr-vio-serial" && !isPseries(domain))
      unsupported(
        "Serial device with target type 'spapr-vio-serial' and target model 'spapr-vty' not compatible with guest architecture or machine type",
      );
}

/** Shared memory is a power of two, on PCI. */
export function checkSharedMemory({ devices }: Domain): void {
  for (const { sizeMiB, address } of devices?.shmems ?? []) {
    if (sizeMiB !== undefined && sizeMiB < 1)
      wrongXml("shmem size must be at least 1 MiB (1024 KiB)");
    if (sizeMiB !== undefined && !isPowerOfTwo(sizeMiB))
      wrongXml("shmem size must be a power of two");
    if (address !== undefined && address.type !== "pci")
      unsupported("only 'pci' addresses are supported for the shared memory device");
  }
}

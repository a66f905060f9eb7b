/** Rules across elements: what libvirt refuses although every value is legal. */
import type { ResolveFacts } from "../resolve/facts.ts";
import type { ResolvedDomain } from "../resolve/resolved-domain.ts";
import { checkZpci } from "./check-address.ts";
import { checkBootOrder } from "./check-boot.ts";
import { checkControllerNodes } from "./check-controller.ts";
import { checkCpuCache, checkCpuFeatures, checkPhysicalAddressBits } from "./check-cpu.ts";
import { checkDiskFormat, checkDiskKind, checkDiskNames } from "./check-disk.ts";
import { checkGraphics, checkVideos } from "./check-display.ts";
import { checkDriveAddresses } from "./check-drive-address.ts";
import { checkFeatures, checkTseg } from "./check-features.ts";
import { checkFirmware, checkFirmwareAcpi } from "./check-firmware.ts";
import { checkMediatedDisplay } from "./check-hostdev.ts";
import {
  checkHugePages,
  checkMemoryAccess,
  checkMemoryHotplug,
  checkMemoryTargets,
} from "./check-memory.ts";
import { checkNumaTune } from "./check-numa.ts";
import {
  checkFilesystems,
  checkInterfaces,
  checkIommu,
  checkSerials,
  checkSharedMemory,
} from "./check-other-devices.ts";
import { checkIoThreads } from "./check-tuning.ts";
import { checkMachineVcpus, checkTopology, checkVcpuOrder } from "./check-vcpu.ts";

export type QemuCheck = (domain: ResolvedDomain, facts: ResolveFacts) => void;

const CHECKS: readonly QemuCheck[] = [
  checkBootOrder,
  checkFirmware,
  checkFirmwareAcpi,
  checkIoThreads,
  checkNumaTune,
  checkMemoryHotplug,
  checkMemoryTargets,
  checkHugePages,
  checkMemoryAccess,
  checkTopology,
  checkVcpuOrder,
  checkMachineVcpus,
  checkCpuFeatures,
  checkCpuCache,
  checkPhysicalAddressBits,
  checkFeatures,
  checkTseg,
  checkDiskNames,
  checkDiskKind,
  checkDiskFormat,
  checkDriveAddresses,
  checkZpci,
  checkControllerNodes,
  checkGraphics,
  checkVideos,
  checkMediatedDisplay,
  checkInterfaces,
  checkIommu,
  checkFilesystems,
  checkSerials,
  checkSharedMemory,
];

/** All rules for a domain on this QEMU. @throws {VireoError} for the first one broken. */
export function checkDomain(domain: ResolvedDomain, facts: ResolveFacts): void {
  for (const check of CHECKS) check(domain, facts);
}

/** Rules across elements: what libvirt refuses although every value is legal. */
import type { ResolveFacts } from "../resolve/facts.ts";
import type { ResolvedDomain } from "../resolve/resolved-domain.ts";
import { checkZpci } from "./check-address.ts";
import { checkTimers } from "./check-clock.ts";
import { checkGuestKind, checkLifecycle, checkName } from "./check-identity.ts";
import { checkBootOrder, checkBootTimes } from "./check-boot.ts";
import { checkControllerNodes } from "./check-controller.ts";
import { checkCpuCache, checkPhysicalAddressBits } from "./check-cpu.ts";
import { checkDiskFormat, checkDiskKind, checkDiskNames } from "./check-disk.ts";
import { checkGraphics, checkVideos } from "./check-display.ts";
import { checkDriveAddresses } from "./check-drive-address.ts";
import { checkFeatures, checkLaunchSecurity, checkTseg } from "./check-features.ts";
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
import { checkPortNumbers, checkSpiceLines } from "./device-chardev.ts";
import { checkBusOrder, checkExpanders, checkIde } from "./device-controller.ts";
import { checkDiskThreads, checkDrivePlaces } from "./device-drive.ts";
import { checkSharedMemoryUsers } from "./device-shared-memory.ts";
import { checkAudios, checkIommuParts, checkIvshmem, checkSingleDevices } from "./device-single.ts";
import { checkFirmwareEntries } from "./check-sysinfo.ts";
import { checkBandwidth, checkIoThreads } from "./check-tuning.ts";
import { checkMachineVcpus, checkTopology, checkVcpuOrder } from "./check-vcpu.ts";

export type QemuCheck = (domain: ResolvedDomain, facts: ResolveFacts) => void;

const CHECKS: readonly QemuCheck[] = [
  checkName,
  checkGuestKind,
  checkLifecycle,
  checkBandwidth,
  checkTimers,
  checkBootTimes,
  checkFirmwareEntries,
  checkLaunchSecurity,
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
  checkIvshmem,
  checkSharedMemory,
  checkDiskThreads,
  checkDrivePlaces,
  checkIde,
  checkBusOrder,
  checkExpanders,
  checkSpiceLines,
  checkPortNumbers,
  checkSingleDevices,
  checkAudios,
  checkIommuParts,
  checkSharedMemoryUsers,
];

/** All rules for a domain on this QEMU. @throws {VireoError} for the first one broken. */
export function checkDomain(domain: ResolvedDomain, facts: ResolveFacts): void {
  for (const check of CHECKS) check(domain, facts);
}

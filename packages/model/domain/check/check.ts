/** Rules across elements: what libvirt refuses although every value is legal. */
import type { ResolveFacts } from "../resolve/facts.ts";
import type { ResolvedDomain } from "../resolve/resolved-domain.ts";
import { checkZpci } from "./check-address.ts";
import { checkTimers } from "./check-clock.ts";
import { checkGuestKind, checkLifecycle, checkName } from "./check-identity.ts";
import { checkBiosSerial, checkBootOrder, checkBootTimes } from "./check-boot.ts";
import { checkControllerNodes, checkPciRoot } from "./check-controller.ts";
import { checkCpuCache, checkPhysicalAddressBits } from "./check-cpu.ts";
import { checkDiskFormat, checkDiskKind, checkDiskNames } from "./check-disk.ts";
import { checkGraphics, checkQemuScreens, checkVideoParts, checkVideos } from "./check-display.ts";
import { checkDiskParts } from "./check-disk-parts.ts";
import { checkInterfaces } from "./check-interface.ts";
import {
  checkBoardDevices,
  checkFilesystems,
  checkInputs,
  checkNames,
} from "./check-small-devices.ts";
import { checkDriveAddresses } from "./check-drive-address.ts";
import { checkFeatures, checkLaunchSecurity, checkTseg } from "./check-features.ts";
import { checkFirmware, checkFirmwareAcpi } from "./check-firmware.ts";
import { checkHostdevModes, checkMediatedDisplay, checkMediatedModels } from "./check-hostdev.ts";
import {
  checkHugePages,
  checkMemoryAccess,
  checkMemoryHotplug,
  checkMemorySizes,
  checkMemoryTargets,
} from "./check-memory.ts";
import { checkNumaTune } from "./check-numa.ts";
import { checkIommu, checkSerials } from "./check-board.ts";
import { checkSpiceLines } from "./device-chardev.ts";
import { checkUsbUse } from "./device-usb.ts";
import { checkInputAddresses, checkPanics } from "./device-panic.ts";
import {
  checkForeignBuses,
  checkPciRanges,
  checkPciOptions,
  checkScsiControllers,
} from "./device-pci-options.ts";
import { checkBuiltInScsi, checkVideoSizes, checkVirtioOnly } from "./device-parts.ts";
import { checkBusOrder, checkIde } from "./device-controller.ts";
import { checkDiskThreads, checkDrivePlaces } from "./device-drive.ts";
import { checkSharedMemoryUsers } from "./device-shared-memory.ts";
import {
  checkAliases,
  checkAudios,
  checkIommuParts,
  checkIvshmem,
  checkSingleDevices,
} from "./device-single.ts";
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
  checkBiosSerial,
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
  checkMemorySizes,
  checkHugePages,
  checkMemoryAccess,
  checkTopology,
  checkVcpuOrder,
  checkMachineVcpus,
  checkCpuCache,
  checkPhysicalAddressBits,
  checkFeatures,
  checkTseg,
  checkBusOrder,
  checkPciRanges,
  checkDiskKind,
  checkDiskFormat,
  checkDiskNames,
  checkDriveAddresses,
  checkZpci,
  checkPciRoot,
  checkControllerNodes,
  checkGraphics,
  checkVideos,
  checkMediatedDisplay,
  checkMediatedModels,
  checkDiskParts,
  checkQemuScreens,
  checkVideoParts,
  checkVideoSizes,
  checkHostdevModes,
  checkUsbUse,
  checkInputs,
  checkBoardDevices,
  checkNames,
  checkInterfaces,
  checkIommu,
  checkFilesystems,
  checkSerials,
  checkIvshmem,
  checkVirtioOnly,
  checkDiskThreads,
  checkDrivePlaces,
  checkIde,
  checkSpiceLines,
  checkSingleDevices,
  checkAudios,
  checkIommuParts,
  checkSharedMemoryUsers,
  checkAliases,
  checkForeignBuses,
  checkPciOptions,
  checkBuiltInScsi,
  checkScsiControllers,
  checkInputAddresses,
  checkPanics,
];

/** All rules for a domain on this QEMU. @throws {VireoError} for the first one broken. */
export function checkDomain(domain: ResolvedDomain, facts: ResolveFacts): void {
  for (const check of CHECKS) check(domain, facts);
}

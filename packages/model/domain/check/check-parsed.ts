/** Rules a domain breaks by itself, whatever host and QEMU can do. Applied as soon as it is read. */
import type { Domain } from "../domain.ts";
import { checkAddresses } from "./check-address.ts";
import { checkChardevs } from "./check-chardev.ts";
import { checkClock } from "./check-clock.ts";
import { checkCpuModel } from "./check-cpu.ts";
import { checkHyperV } from "./check-features.ts";
import { checkOsType, checkTitle } from "./check-identity.ts";
import {
  checkControllerIndexes,
  checkPciRootIndex,
  checkUsbControllers,
} from "./check-controller.ts";
import { checkDiskAddress, checkDiskSecrets, checkDiskTarget } from "./check-disk.ts";
import { checkDiskSources } from "./check-disk-parts.ts";
import { checkScreenAccess } from "./check-display.ts";
import { checkInterfaceSources } from "./check-interface.ts";
import { checkBackends, checkFilesystemEnds } from "./check-small-devices.ts";
import { checkDriveAddresses } from "./check-drive-address.ts";
import { checkHostdevs, checkHostdevSources } from "./check-hostdev.ts";
import { checkDeviceParts } from "./device-parts.ts";
import { checkPortNumbers, checkSerialConsoles } from "./device-chardev.ts";
import { checkNumaCells } from "./check-numa.ts";
import { checkSeclabelParts, checkSeclabels, checkSourceSeclabels } from "./check-seclabel.ts";
import { checkSysinfoUuid } from "./check-sysinfo.ts";
import { checkCpuTune, checkIoThreadIds } from "./check-tuning.ts";
import { checkVcpuCount, checkVcpuList } from "./check-vcpu.ts";

export type Check = (domain: Domain) => void;

const CHECKS: readonly Check[] = [
  checkOsType,
  checkTitle,
  checkCpuModel,
  checkClock,
  checkIoThreadIds,
  checkSeclabelParts,
  checkHyperV,
  checkVcpuCount,
  checkVcpuList,
  checkCpuTune,
  checkNumaCells,
  checkSysinfoUuid,
  checkSeclabels,
  checkAddresses,
  checkDiskTarget,
  checkDiskSecrets,
  checkDiskAddress,
  checkDriveAddresses,
  checkUsbControllers,
  checkChardevs,
  checkControllerIndexes,
  checkPciRootIndex,
  checkHostdevSources,
  checkHostdevs,
  checkDiskSources,
  checkInterfaceSources,
  checkFilesystemEnds,
  checkBackends,
  checkScreenAccess,
  checkSerialConsoles,
  checkPortNumbers,
  checkSourceSeclabels,
  checkDeviceParts,
];

/** @throws {VireoError} for the first rule broken. */
export function checkParsedDomain(domain: Domain): void {
  for (const check of CHECKS) check(domain);
}

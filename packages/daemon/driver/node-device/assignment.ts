/** PCI devices between the host's driver and VFIO, by the administrator's own hand. */
import { basename, join } from "node:path";
import { virError } from "@vireo/model/error";
import type { DeviceTree } from "./device-tree.ts";
import type { GuestDevices } from "./guest-devices.ts";
import { isBridge } from "./pci.ts";
import {
  bindToHost,
  bindToVfio,
  clearOverride,
  driverOf,
  needVfioDriver,
  VFIO,
} from "./pci-binding.ts";
import { explainPci } from "./pci-preflight.ts";
import type { ScannedDevice } from "./scan.ts";

/** Where a PCI device is, and its address as the kernel writes it. @throws VireoError `invalidArg` */
function pciOf({ device, real }: ScannedDevice): { real: string; address: string } {
  if (real === undefined || device.capabilities?.[0]?.type !== "pci")
    throw virError("invalidArg", `device ${device.name} is not a PCI device`);
  return { real, address: basename(real) };
}

const hasIommu = async (tree: DeviceTree): Promise<boolean> =>
  (await tree.names(tree.at("kernel/iommu_groups"))).length > 0;

/** What speaks against giving the device to a guest. @throws VireoError `invalidArg` */
export const objectionsTo = async (
  tree: DeviceTree,
  found: ScannedDevice,
): Promise<readonly string[]> => explainPci(tree, pciOf(found).address);

/** @throws VireoError `invalidArg`, `argumentUnsupported`, `operationInvalid`, `operationFailed`, `operationTimeout` */
export async function detachDevice(
  tree: DeviceTree,
  { found, guests }: { found: ScannedDevice; guests: GuestDevices | undefined },
  driver = "vfio",
): Promise<void> {
  const { address } = pciOf(found);
  if (driver !== "vfio") throw virError("invalidArg", `unknown driver name '${driver}'`);
  if (!(await hasIommu(tree)))
    throw virError(
      "argumentUnsupported",
      "VFIO device assignment is currently not supported on this system",
    );
  guests?.mustBeUnheld(address);
  const before = await driverOf(tree, address);
  if (before === VFIO) return;
  await needVfioDriver(tree);
  try {
    await bindToVfio(tree, address);
  } catch (error) {
    await bindToHost(tree, address, before).catch(() => undefined); // the first fault tells more
    throw error;
  }
}

/** @throws VireoError `invalidArg`, `operationInvalid` when a guest has it */
export async function reattachDevice(
  tree: DeviceTree,
  { found, guests }: { found: ScannedDevice; guests: GuestDevices | undefined },
): Promise<void> {
  const { address } = pciOf(found);
  guests?.mustBeUnheld(address);
  if ((await driverOf(tree, address)) === VFIO) await bindToHost(tree, address);
  else await clearOverride(tree, address);
}

/** @throws VireoError `invalidArg`, `internalError` when it has no reset of its own */
export async function resetDevice(
  tree: DeviceTree,
  { found, guests }: { found: ScannedDevice; guests: GuestDevices | undefined },
): Promise<void> {
  const { real, address } = pciOf(found);
  if (guests?.isHeld(address) === true)
    throw virError("internalError", `Not resetting active device ${address}`);
  if (isBridge(await tree.config(real)))
    throw virError(
      "internalError",
      `Invalid attempt to reset PCI device ${address}. Only PCI endpoint devices can be reset`,
    );
  if ((await driverOf(tree, address)) === VFIO) return; // VFIO resets it when it is opened
  if (!(await tree.names(real)).includes("reset"))
    throw virError(
      "internalError",
      `Unable to reset PCI device ${address}: the kernel knows no way to reset it alone`,
    );
  await tree.write(join(real, "reset"), "1");
}

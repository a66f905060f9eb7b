/** Which driver of the host a PCI device belongs to: taken from it for VFIO, and given back. */
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import { execProgram } from "../../host/exec.ts";
import type { DeviceTree } from "./device-tree.ts";

export const VFIO = "vfio-pci";

const MODPROBE_MS = 20_000;

export const pciDirectory = (tree: DeviceTree, address: string): string =>
  tree.at(`bus/pci/devices/${address}`);

export const driverOf = (tree: DeviceTree, address: string): Promise<string | undefined> =>
  tree.link(pciDirectory(tree, address), "driver");

export const hasVfioDriver = async (tree: DeviceTree): Promise<boolean> =>
  (await tree.names(tree.at("bus/pci/drivers"))).includes(VFIO);

/** Loads the module when it is not there. @throws VireoError `internalError` in libvirt's words and ours */
export async function needVfioDriver(tree: DeviceTree): Promise<void> {
  if (await hasVfioDriver(tree)) return;
  const loaded = await execProgram("modprobe", ["-b", VFIO], { timeoutMs: MODPROBE_MS }).catch(
    (cause: unknown) => ({ cause }),
  );
  if (await hasVfioDriver(tree)) return;
  throw virError(
    "internalError",
    `Failed to load PCI driver module ${VFIO}: install the kernel's modules or a kernel with CONFIG_VFIO_PCI, then 'modprobe ${VFIO}'`,
    "cause" in loaded ? { cause: loaded.cause } : {},
  );
}

/** Lets the kernel choose again who drives the device: only `override`, or, when empty, whoever knows it. */
async function choose(tree: DeviceTree, address: string, override: string): Promise<void> {
  const directory = pciDirectory(tree, address);
  await tree.write(join(directory, "driver_override"), `${override}\n`);
  const driver = await driverOf(tree, address);
  if (driver !== undefined && driver !== override)
    await tree.write(tree.at(`bus/pci/drivers/${driver}/unbind`), address);
  await tree.write(tree.at("bus/pci/drivers_probe"), address);
}

/**
 * Takes the device from its driver.
 * @throws VireoError `operationTimeout` when that does not let go, `operationFailed` when VFIO does not take it
 */
export async function bindToVfio(tree: DeviceTree, address: string): Promise<void> {
  if ((await driverOf(tree, address)) === VFIO) return;
  await choose(tree, address, VFIO);
  const got = await driverOf(tree, address);
  if (got === VFIO) return;
  throw virError(
    "operationFailed",
    `PCI device ${address} did not go to ${VFIO}${got === undefined ? "" : ` but to ${got}`}: see the kernel's log`,
  );
}

/** Gives it back to the host; to the very driver it had, where that is known. @throws VireoError */
export async function bindToHost(
  tree: DeviceTree,
  address: string,
  driver?: string,
): Promise<void> {
  const now = await driverOf(tree, address);
  // a driver of the host that has it still, or again, is not to be disturbed
  if (now !== undefined && now !== VFIO) return clearOverride(tree, address);
  await choose(tree, address, "");
  const drivers = tree.at("bus/pci/drivers");
  if (driver === undefined || (await driverOf(tree, address)) !== undefined) return;
  if ((await tree.names(drivers)).includes(driver))
    await tree.write(join(drivers, driver, "bind"), address);
}

/** Clears what keeps a device without driver from the drivers that know it. @throws VireoError */
export const clearOverride = (tree: DeviceTree, address: string): Promise<void> =>
  tree.write(join(pciDirectory(tree, address), "driver_override"), "\n");

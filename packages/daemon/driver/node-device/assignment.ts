/** PCI devices between the host's driver and VFIO. */
import { basename, join } from "node:path";
import { virError } from "@vireo/model/error";
import type { ScannedDevice } from "./scan.ts";
import type { DeviceTree } from "./device-tree.ts";
import { groupMembers, isBridge } from "./pci.ts";

const VFIO = "vfio-pci";

/** Where a PCI device is, and its address as the kernel writes it. @throws VireoError `invalidArg` */
function pciOf({ device, real }: ScannedDevice): { real: string; address: string } {
  if (real === undefined || device.capabilities?.[0]?.type !== "pci")
    throw virError("invalidArg", `device ${device.name} is not a PCI device`);
  return { real, address: basename(real) };
}

const hasVfio = async (tree: DeviceTree): Promise<boolean> =>
  (await tree.names(tree.at("kernel/iommu_groups"))).length > 0;

/** Why the IOMMU does not serve the device; undefined when it does. */
async function iommuObjection(
  tree: DeviceTree,
  { real, address }: { real: string; address: string },
): Promise<string | undefined> {
  if ((await tree.link(real, "iommu_group")) !== undefined) return undefined;
  return `IOMMU off: ${address} is in no IOMMU group; switch VT-d or AMD-Vi on in the firmware, and on Intel boot with intel_iommu=on`;
}

/** Others of its group that the host still uses: a group goes to a guest as a whole. */
async function groupObjections(
  tree: DeviceTree,
  { real, address }: { real: string; address: string },
): Promise<readonly string[]> {
  const number = await tree.link(real, "iommu_group");
  const others = (await groupMembers(tree, real)).filter((one) => one !== address);
  const objections = others.map(async (one) => {
    const directory = tree.at(`bus/pci/devices/${one}`);
    const [driver, config] = await Promise.all([
      tree.link(directory, "driver"),
      tree.config(directory),
    ]);
    if (driver === undefined || driver === VFIO || isBridge(config)) return [];
    return [`group ${number} also holds ${one}, which the host uses (${driver}); detach it too`];
  });
  return (await Promise.all(objections)).flat();
}

/** What speaks against giving the device to a guest. @throws VireoError `invalidArg` */
export async function objectionsTo(
  tree: DeviceTree,
  found: ScannedDevice,
): Promise<readonly string[]> {
  const pci = pciOf(found);
  const iommu = await iommuObjection(tree, pci);
  if (iommu !== undefined) return [iommu];
  const bridge = isBridge(await tree.config(pci.real));
  return [
    ...(bridge ? [`${pci.address} is a bridge: bridges cannot be given to guests`] : []),
    ...(await groupObjections(tree, pci)),
  ];
}

/** Lets the kernel choose again who drives the device. */
async function probe(
  tree: DeviceTree,
  { real, address }: { real: string; address: string },
  override: string,
): Promise<void> {
  await tree.write(join(real, "driver_override"), `${override}\n`);
  if ((await tree.link(real, "driver")) !== undefined)
    await tree.write(join(real, "driver/unbind"), address);
  await tree.write(tree.at("bus/pci/drivers_probe"), address);
}

/** @throws VireoError `invalidArg`, `argumentUnsupported`, `operationFailed` */
export async function detachDevice(
  tree: DeviceTree,
  found: ScannedDevice,
  driver = "vfio",
): Promise<void> {
  if (driver !== "vfio") throw virError("invalidArg", `unknown driver name '${driver}'`);
  if (!(await hasVfio(tree)))
    throw virError(
      "argumentUnsupported",
      "VFIO device assignment is currently not supported on this system",
    );
  const pci = pciOf(found);
  const objection = await iommuObjection(tree, pci);
  if (objection !== undefined) throw virError("operationFailed", objection);
  if ((await tree.link(pci.real, "driver")) === VFIO) return;
  await probe(tree, pci, VFIO);
  const got = await tree.link(pci.real, "driver");
  if (got === VFIO) return;
  await probe(tree, pci, ""); // back to who had it
  throw virError(
    "operationFailed",
    `${pci.address} did not go to ${VFIO}${got === undefined ? "" : ` but to ${got}`}: is the module loaded?`,
  );
}

/** @throws VireoError `invalidArg` */
export async function reattachDevice(tree: DeviceTree, found: ScannedDevice): Promise<void> {
  const pci = pciOf(found);
  if ((await tree.link(pci.real, "driver")) === VFIO) await probe(tree, pci, "");
  else await tree.write(join(pci.real, "driver_override"), "\n");
}

/** @throws VireoError `invalidArg`, `internalError` when it has no reset of its own */
export async function resetDevice(tree: DeviceTree, found: ScannedDevice): Promise<void> {
  const { real, address } = pciOf(found);
  if (!(await tree.names(real)).includes("reset"))
    throw virError(
      "internalError",
      `Unable to reset PCI device ${address}: the kernel knows no way to reset it alone`,
    );
  await tree.write(join(real, "reset"), "1");
}

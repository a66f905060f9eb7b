/** The node of /dev by which QEMU has a device of the host. */
import { join } from "node:path";
import type { Holding } from "./device-book.ts";
import type { DeviceTree } from "./device-tree.ts";
import { pciDirectory } from "./pci-binding.ts";

const digits = (number = ""): string => number.padStart(3, "0");

async function groupNode(tree: DeviceTree, directory: string): Promise<string | undefined> {
  const group = await tree.link(directory, "iommu_group");
  return group === undefined ? undefined : join(tree.roots.dev, "vfio", group);
}

/** None of what QEMU does not open by name. */
export async function nodeOf(
  tree: DeviceTree,
  { kind, device }: Pick<Holding, "kind" | "device">,
): Promise<string | undefined> {
  switch (kind) {
    case "pci":
      return groupNode(tree, pciDirectory(tree, device));
    case "mdev":
      return groupNode(tree, tree.at(`bus/mdev/devices/${device}`));
    case "usb": {
      const [bus, number] = device.split(":");
      return join(tree.roots.dev, "bus/usb", digits(bus), digits(number));
    }
    case "scsi": {
      const [name] = await tree.names(tree.at(`bus/scsi/devices/${device}/scsi_generic`));
      return name === undefined ? undefined : join(tree.roots.dev, name);
    }
    case "scsi_host":
      return undefined; // we open it
  }
}

/** What speaks against giving a PCI device to a guest, in words that tell what to do. Nothing is changed here. */
import type { ErrorKind } from "@vireo/model/error-catalogue";
import { virError, type VireoError } from "@vireo/model/error";
import type { DeviceTree } from "./device-tree.ts";
import { groupMembers, isBridge } from "./pci.ts";
import { driverOf, hasVfioDriver, pciDirectory, VFIO } from "./pci-binding.ts";
import { hostUses } from "./host-uses.ts";

export interface Objection {
  /** In libvirt's words, where it refuses the same. */
  readonly kind: ErrorKind;
  readonly text: string;
}

/** Whether the IOMMU is on and VFIO can be had at all. */
export async function hasPassthrough(tree: DeviceTree): Promise<boolean> {
  const groups = await tree.names(tree.at("kernel/iommu_groups"));
  return groups.length > 0 && (await tree.names(tree.roots.dev)).includes("vfio");
}

/** Why there is no VFIO on this host; undefined when there is. */
export async function hostObjection(tree: DeviceTree): Promise<string | undefined> {
  if ((await tree.names(tree.at("kernel/iommu_groups"))).length === 0)
    return "IOMMU is off: switch VT-d or AMD-Vi on in the firmware and add intel_iommu=on (Intel) or amd_iommu=on (AMD) to the kernel's command line";
  if ((await tree.names(tree.roots.dev)).includes("vfio")) return undefined;
  return (await hasVfioDriver(tree))
    ? "/dev/vfio/vfio is missing: 'modprobe vfio'"
    : "the module vfio-pci is not loaded: 'modprobe vfio-pci'";
}

const NOT_VIABLE = new Set<string | undefined>([undefined, VFIO, "pci-stub", "pcieport"]);

/** Others of its group that the host still uses: a group goes to a guest as a whole. */
async function groupObjections(
  tree: DeviceTree,
  address: string,
  together: ReadonlySet<string>,
): Promise<readonly Objection[]> {
  const directory = pciDirectory(tree, address);
  const number = await tree.link(directory, "iommu_group");
  const others = (await groupMembers(tree, directory)).filter((one) => !together.has(one));
  const objections = others.map(async (one): Promise<readonly Objection[]> => {
    const driver = await driverOf(tree, one);
    if (one === address || NOT_VIABLE.has(driver)) return [];
    if (isBridge(await tree.config(pciDirectory(tree, one)))) return [];
    const text = `group ${number} also holds ${one} (driver ${driver}): an IOMMU group goes to a guest as a whole; give that device to the same guest, or 'virsh nodedev-detach pci_${one.replace(/[:.]/g, "_")}' first`;
    return [{ kind: "operationInvalid", text }];
  });
  return (await Promise.all(objections)).flat();
}

/** Things that work, but less well. */
async function remarks(tree: DeviceTree, address: string): Promise<readonly string[]> {
  const directory = pciDirectory(tree, address);
  const members = await groupMembers(tree, directory);
  const canReset = (await tree.names(directory)).includes("reset");
  return [
    ...(canReset
      ? []
      : [
          `${address} has no reset of its own: after a guest that crashed it may not work until its bus or the host is reset`,
        ]),
    ...(members.length > 1
      ? [
          `${address} shares its IOMMU group with ${members.filter((one) => one !== address).join(", ")}: another slot, or firmware and bridges with ACS, may part them`,
        ]
      : []),
  ];
}

/**
 * What keeps the device from a guest. `together`: all that the guest is to have with it.
 * The first of them is what a start fails with.
 */
export async function pciObjections(
  tree: DeviceTree,
  address: string,
  together: ReadonlySet<string> = new Set(),
): Promise<readonly Objection[]> {
  const directory = pciDirectory(tree, address);
  const config = await tree.config(directory);
  if (config.length === 0)
    return [
      {
        kind: "systemError",
        text: `Device ${address} not found: could not access /sys/bus/pci/devices/${address}/config: No such file or directory`,
      },
    ];
  if (isBridge(config))
    return [
      {
        kind: "internalError",
        text: "Non-endpoint PCI devices cannot be assigned to guests",
      },
    ];
  if ((await tree.link(directory, "iommu_group")) === undefined)
    return [
      {
        kind: "operationInvalid",
        text: `PCI device ${address} is in no IOMMU group: the IOMMU does not serve it, no guest can have it`,
      },
    ];
  const uses = await hostUses(tree, directory);
  return [
    ...uses.map(
      (use): Objection => ({
        kind: "operationInvalid",
        text: `PCI device ${address} is needed by the host: ${use}`,
      }),
    ),
    ...(await groupObjections(tree, address, together)),
  ];
}

export const refusal = ({ kind, text }: Objection): VireoError => virError(kind, text);

/** All that is to be said of giving the device away, most serious first. */
export async function explainPci(
  tree: DeviceTree,
  address: string,
  together: ReadonlySet<string> = new Set(),
): Promise<readonly string[]> {
  const host = await hostObjection(tree);
  const objections = await pciObjections(tree, address, together);
  return [
    ...(host === undefined ? [] : [host]),
    // without an IOMMU no device is in a group
    ...objections
      .filter(({ text }) => host === undefined || !text.includes("no IOMMU group"))
      .map(({ text }) => text),
    ...(await remarks(tree, address)),
  ];
}

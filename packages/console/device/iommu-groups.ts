/** Which PCI devices must go to a guest together. Pure. */

export interface PciDevice {
  readonly name: string;
  /** What people call it: vendor and product. */
  readonly title: string;
  /** Absent where the host has no IOMMU. */
  readonly group: number | undefined;
  readonly driver: string | undefined;
}

export interface IommuGroup {
  readonly group: number;
  readonly devices: readonly PciDevice[];
}

/** From the XML of a node device. */
export function pciDevice(name: string, xml: string): PciDevice {
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  const textOf = (selector: string): string => tree.querySelector(selector)?.textContent ?? "";
  const group = tree.querySelector("iommuGroup")?.getAttribute("number");
  const title = `${textOf("capability > vendor")} ${textOf("capability > product")}`.trim();
  const driver = textOf("device > driver > name");
  return {
    name,
    title: title === "" ? name : title,
    group: group === null || group === undefined ? undefined : Number(group),
    driver: driver === "" ? undefined : driver,
  };
}

/** By number; devices without a group are in none. */
export function iommuGroups(devices: readonly PciDevice[]): readonly IommuGroup[] {
  const groups = new Map<number, PciDevice[]>();
  for (const device of devices) {
    if (device.group === undefined) continue;
    const known = groups.get(device.group);
    if (known === undefined) groups.set(device.group, [device]);
    else known.push(device);
  }
  return [...groups]
    .map(([group, members]) => ({ group, devices: members }))
    .toSorted((a, b) => a.group - b.group);
}

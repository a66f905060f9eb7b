/** Places of SCSI host devices among the disks of their bus. */
import type { DriveAddress } from "../device/address.ts";
import type { Devices } from "../device/devices.ts";
import type { Hostdev } from "../device/hostdev.ts";

/** Units of a narrow SCSI bus; libvirt offers no more by itself. */
const UNITS = 7;

const key = ({ controller = 0, bus = 0, target = 0, unit = 0 }: DriveAddress): string =>
  `${controller}:${bus}:${target}:${unit}`;

/** Gives SCSI host devices without an address the first free unit. */
export function addressHostdevs(devices: Devices): Devices {
  const taken = new Set<string>();
  for (const { address, target } of devices.disks ?? [])
    if (address?.type === "drive" && target?.bus === "scsi") taken.add(key(address));
  for (const { address } of devices.hostdevs ?? [])
    if (address?.type === "drive") taken.add(key(address));
  const hostdevs = (devices.hostdevs ?? []).map((one) => place(one, taken));
  return { ...devices, hostdevs };
}

function place(hostdev: Hostdev, taken: Set<string>): Hostdev {
  if (hostdev.type !== "scsi" || hostdev.address !== undefined) return hostdev;
  for (let number = 0; ; number += 1) {
    const address: DriveAddress = {
      type: "drive",
      controller: Math.floor(number / UNITS),
      bus: 0,
      target: 0,
      unit: number % UNITS,
    };
    if (taken.has(key(address))) continue;
    taken.add(key(address));
    return { ...hostdev, address };
  }
}

/** Where devices are in sysfs, and who reads which. */
import { deviceName, type DeviceReader } from "./found-device.ts";
import { apDevice, apMatrix, ccwDevice, cssDevice } from "./channel.ts";
import { mdevDevice } from "./mdev.ts";
import { netDevice } from "./net.ts";
import { pciDevice } from "./pci.ts";
import { genericDevice, scsiDevice } from "./scsi.ts";
import { storageDevice } from "./storage.ts";
import { usbDevice } from "./usb.ts";
import { vdpaDevice } from "./vdpa.ts";

const DRM_TYPES: ReadonlyMap<string, string> = new Map([
  ["card", "primary"],
  ["controlD", "control"],
  ["renderD", "render"],
]);

const drmDevice: DeviceReader = (_tree, { name, uevent }) => {
  const typeText = DRM_TYPES.get(name.replace(/\d+$/, ""));
  // a connector is none
  if (typeText === undefined || uevent.get("DEVTYPE") !== "drm_minor")
    return Promise.resolve(undefined);
  return Promise.resolve({ name: deviceName("drm", name), capability: { type: "drm", typeText } });
};

export interface Place {
  /** Where the members of a bus or class are, below /sys. */
  readonly path: string;
  readonly subsystem: string;
  readonly read: DeviceReader;
}
const busOf = (subsystem: string, read: DeviceReader): Place => ({
  path: `bus/${subsystem}/devices`,
  subsystem,
  read,
});
const classOf = (subsystem: string, read: DeviceReader): Place => ({
  path: `class/${subsystem}`,
  subsystem,
  read,
});

export const PLACES: readonly Place[] = [
  busOf("pci", pciDevice),
  busOf("usb", usbDevice),
  classOf("net", netDevice),
  busOf("scsi", scsiDevice),
  classOf("block", storageDevice),
  classOf("scsi_generic", genericDevice),
  classOf("drm", drmDevice),
  busOf("mdev", mdevDevice),
  busOf("ccw", ccwDevice),
  busOf("css", cssDevice),
  busOf("ap", apDevice),
  busOf("matrix", apMatrix),
  busOf("vdpa", vdpaDevice),
];

/** A guest without USB has nothing on USB. */
import type { Devices } from "../device/devices.ts";
import type { Domain } from "../domain.ts";
import { unsupported } from "./refuse.ts";

/** The messages differ by kind of device. */
export function checkUsbUse({ devices = {} }: Domain): void {
  if (devices.controllers?.some((one) => one.type === "usb" && one.model === "none") !== true)
    return;
  if (devices.inputs?.some(({ bus }) => bus === "usb") === true)
    unsupported("Can't add USB input device. USB bus is disabled");
  if ((devices.hubs ?? []).length > 0)
    unsupported("Can't add USB hub: USB is disabled for this domain");
  if (devices.hostdevs?.some(({ type }) => type === "usb") === true)
    unsupported("Can't add host USB device: USB is disabled in this host");
  if (hasOthers(devices))
    unsupported("USB is disabled for this domain, but USB devices are present in the domain XML");
}

const hasOthers = ({ disks, redirdevs = [], sounds, serials, smartcards = [] }: Devices): boolean =>
  redirdevs.length > 0 ||
  smartcards.length > 0 ||
  disks?.some(({ target }) => target?.bus === "usb") === true ||
  sounds?.some(({ model }) => model === "usb") === true ||
  serials?.some(({ target }) => target?.type === "usb-serial") === true;

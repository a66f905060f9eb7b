/** USB devices of the host, as the kernel lists them. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { hostError } from "./errno.ts";

export interface UsbDevice {
  readonly bus: number;
  readonly device: number;
  readonly vendor: number;
  readonly product: number;
}

const DIRECTORY = "/sys/bus/usb/devices";

async function number(path: string, radix: number): Promise<number> {
  return Number.parseInt(await readFile(path, "utf8"), radix);
}

async function read(directory: string): Promise<UsbDevice | undefined> {
  try {
    const [bus, device, vendor, product] = await Promise.all([
      number(join(directory, "busnum"), 10),
      number(join(directory, "devnum"), 10),
      number(join(directory, "idVendor"), 16),
      number(join(directory, "idProduct"), 16),
    ]);
    return { bus, device, vendor, product };
  } catch {
    return undefined; // it was pulled out while we looked
  }
}

/** @throws VireoError `systemError` when the host has no USB */
export async function usbDevices(directory = DIRECTORY): Promise<readonly UsbDevice[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw hostError(`cannot open directory '${directory}'`, error);
  });
  // entries with a colon are interfaces of devices
  const devices = names
    .filter((name) => !name.includes(":"))
    .map((name) => read(join(directory, name)));
  return (await Promise.all(devices)).filter((one) => one !== undefined);
}

/** Devices as clients describe them that want one found. */
import { deviceWord } from "./device-support.ts";
import { parseDevice, type KindedDevice } from "./parse-device.ts";

/** Of a character device also what only a running guest has: its terminal. @throws VireoError as `parseDevice` */
export function parseSoughtDevice(xml: string): KindedDevice {
  const device = parseDevice(xml);
  return deviceWord(device.kind) === "character" ? parseDevice(xml, true) : device;
}

/** `<console>`: a text console over virtio or SCLP; the others are serial ports. */
import type { Console } from "@vireo/model/domain/device/console";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { chardevSteps } from "./chardev.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";
import { serialPortProps } from "./virtio-serial-port.ts";

const SCLP_DRIVER: Readonly<Record<string, string>> = {
  sclp: "sclpconsole",
  sclplm: "sclplmconsole",
};

/** The first console of most guests only repeats the first serial port. */
export function consoleSteps(console: Console, scope: DeviceScope): PlugStep[] {
  const type = console.target?.type;
  if (type === undefined || type === "serial") return [];
  const id = aliasOf(console);
  const chardev = `char${id}`;
  const backend = chardevSteps(chardev, console, scope);
  const sclp = SCLP_DRIVER[type];
  const device =
    sclp === undefined
      ? { driver: "virtconsole", ...serialPortProps(console.address, scope), chardev, id }
      : { driver: sclp, chardev, id };
  return [...backend, deviceStep(device, scope.origin)];
}

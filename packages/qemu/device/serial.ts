/** `<serial>`: a serial port. */
import type { Serial } from "@vireo/model/domain/device/serial";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import { chardevSteps } from "./chardev.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";

type Model = NonNullable<NonNullable<Serial["target"]>["model"]>["name"];

/** Ports that are part of the board are connected by order alone. */
const BUILT_IN = new Set<Model>(["pl011", "16550a"]);

const driverOf = (model: Model): string => model ?? "isa-serial";

/** Only ISA ports have a number of their own. */
const numberProps = (serial: Serial, driver: string): JsonObject =>
  driver === "isa-serial" ? { index: serial.target?.port } : {};

export function serialSteps(serial: Serial, scope: DeviceScope): PlugStep[] {
  const model = serial.target?.model?.name;
  const id = aliasOf(serial);
  const chardev = `char${id}`;
  const backend = chardevSteps(chardev, serial, scope);
  if (BUILT_IN.has(model)) return backend;
  const driver = driverOf(model);
  const device = given({
    driver,
    chardev,
    id,
    ...numberProps(serial, driver),
    ...busProps(serial, scope),
  });
  return [...backend, deviceStep(device, scope.origin)];
}

/** `<input>`: keyboards, mice, tablets, and event devices of the host. */
import type { Input } from "@vireo/model/domain/device/input";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep, objectStep } from "./step.ts";
import { virtioDriver, virtioProps } from "./virtio.ts";

const USB_DRIVER: Readonly<Record<string, string>> = {
  mouse: "usb-mouse",
  tablet: "usb-tablet",
  keyboard: "usb-kbd",
};

/** The machine has PS/2 devices of its own, and Xen gives its own as well. */
export function inputSteps(input: Input, scope: DeviceScope): PlugStep[] {
  if (input.type === "evdev") return [evdevStep(input, scope)];
  const driver =
    input.bus === "virtio"
      ? virtioInputDriver(input)
      : input.bus === "usb"
        ? USB_DRIVER[input.type]
        : undefined;
  if (driver === undefined) return [];
  return [
    deviceStep(
      given({
        driver,
        id: aliasOf(input),
        evdev: input.type === "passthrough" ? input.source?.evdev : undefined,
        ...(input.bus === "virtio" ? virtioProps(input.driver) : {}),
        ...busProps(input, scope),
      }),
      scope.origin,
    ),
  ];
}

const virtioInputDriver = (input: Input): string =>
  virtioDriver(
    input.type === "passthrough" ? "virtio-input-host" : `virtio-${input.type}`,
    input.address,
    input.model,
  );

function evdevStep(input: Extract<Input, { type: "evdev" }>, { origin }: DeviceScope): PlugStep {
  const { source } = input;
  return objectStep(
    given({
      "qom-type": "input-linux",
      id: aliasOf(input),
      evdev: source?.dev,
      repeat: source?.repeat,
      grab_all: source?.grab === "all" ? true : undefined,
      "grab-toggle": source?.grabToggle,
    }),
    origin,
  );
}

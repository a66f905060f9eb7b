/** `<hub>`: more USB ports. */
import type { Hub } from "@vireo/model/domain/device/hub";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";

export const hubSteps = (hub: Hub, scope: DeviceScope): PlugStep[] => [
  deviceStep(given({ driver: "usb-hub", id: aliasOf(hub), ...busProps(hub, scope) }), scope.origin),
];

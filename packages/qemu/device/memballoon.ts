/** `<memballoon>`: lets the host take memory back from the guest. */
import type { Memballoon } from "@vireo/model/domain/device/memballoon";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";
import { virtioDriver, virtioProps } from "./virtio.ts";

export function memballoonSteps(balloon: Memballoon, scope: DeviceScope): PlugStep[] {
  if (balloon.model === "none" || balloon.model === "xen") return [];
  return [
    deviceStep(
      given({
        driver: virtioDriver("virtio-balloon", balloon.address, balloon.model),
        id: aliasOf(balloon),
        "deflate-on-oom": balloon.autodeflate,
        "free-page-reporting": balloon.freePageReporting,
        ...virtioProps(balloon.driver),
        ...busProps(balloon, scope),
      }),
      scope.origin,
    ),
  ];
}

/** `<rng>`: a source of random numbers for the guest. */
import type { Rng } from "@vireo/model/domain/device/rng";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import { chardevSteps } from "./chardev.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep, objectStep } from "./step.ts";
import { virtioDriver, virtioProps } from "./virtio.ts";

/** QEMU counts the period in milliseconds; without one, libvirt means a second. */
const DEFAULT_PERIOD_MS = 1000;

const rateProps = (rate: Rng["rate"]): JsonObject =>
  rate === undefined ? {} : { "max-bytes": rate.bytes, period: rate.period ?? DEFAULT_PERIOD_MS };

function backendSteps(rng: Rng, id: string, scope: DeviceScope): PlugStep[] {
  const { backend } = rng;
  switch (backend?.model) {
    case "random":
      return [
        objectStep(
          { "qom-type": "rng-random", id, filename: backend.path ?? "/dev/random" },
          scope.origin,
        ),
      ];
    case "builtin":
      return [objectStep({ "qom-type": "rng-builtin", id }, scope.origin)];
    case "egd": {
      const chardev = `char${aliasOf(rng)}`;
      return [
        ...(backend.type === "none" ? [] : chardevSteps(chardev, backend, scope)),
        objectStep({ "qom-type": "rng-egd", id, chardev }, scope.origin),
      ];
    }
    case undefined:
      return [];
  }
}

export function rngSteps(rng: Rng, scope: DeviceScope): PlugStep[] {
  const object = `obj${aliasOf(rng)}`;
  return [
    ...backendSteps(rng, object, scope),
    deviceStep(
      given({
        driver: virtioDriver("virtio-rng", rng.address, rng.model),
        rng: object,
        id: aliasOf(rng),
        ...rateProps(rng.rate),
        ...virtioProps(rng.driver),
        ...busProps(rng, scope),
      }),
      scope.origin,
    ),
  ];
}

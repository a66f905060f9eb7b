/** `<vsock>`: sockets between guest and host. */
import type { Vsock } from "@vireo/model/domain/device/vsock";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";
import { virtioDriver, virtioProps } from "./virtio.ts";

export function vsockSteps(vsock: Vsock, scope: DeviceScope): PlugStep[] {
  const id = aliasOf(vsock);
  const fd = scope.fds.take({
    kind: "vhost-vsock",
    id,
    path: "/dev/vhost-vsock",
    origin: scope.origin,
  });
  return [
    deviceStep(
      given({
        driver: virtioDriver("vhost-vsock", vsock.address, vsock.model),
        id,
        "guest-cid": vsock.cid?.address,
        vhostfd: String(fd),
        ...virtioProps(vsock.driver),
        ...busProps(vsock, scope),
      }),
      scope.origin,
    ),
  ];
}

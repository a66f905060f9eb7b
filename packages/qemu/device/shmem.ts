/** `<shmem>`: memory shared with other guests and the host. */
import type { Shmem } from "@vireo/model/domain/device/shmem";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { chardevStep, deviceStep, objectStep } from "./step.ts";

const MIB = 1024 * 1024;
const DEFAULT_SIZE_MIB = 4;

const plainSteps = (shmem: Shmem, scope: DeviceScope): PlugStep[] => {
  const id = aliasOf(shmem);
  const memdev = `shmmem-${id}`;
  return [
    objectStep(
      {
        "qom-type": "memory-backend-file",
        id: memdev,
        "mem-path": `/dev/shm/${shmem.name}`,
        size: (shmem.sizeMiB ?? DEFAULT_SIZE_MIB) * MIB,
        share: true,
      },
      scope.origin,
    ),
    deviceStep(
      given({
        driver: "ivshmem-plain",
        id,
        memdev,
        master: onOff(shmem.role === undefined ? undefined : shmem.role === "master"),
        ...busProps(shmem, scope),
      }),
      scope.origin,
    ),
  ];
};
const onOff = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? "on" : "off";

/** Peers meet at a server, whose socket libvirt names after the shared memory by default. */
const doorbellSteps = (shmem: Shmem, scope: DeviceScope): PlugStep[] => {
  const id = aliasOf(shmem);
  return [
    chardevStep(
      {
        id: `char${id}`,
        backend: {
          type: "unix",
          path: shmem.server?.path ?? `/var/lib/libvirt/shmem-${shmem.name}-sock`,
        },
      },
      scope.origin,
    ),
    deviceStep(
      given({
        driver: "ivshmem-doorbell",
        id,
        chardev: `char${id}`,
        vectors: shmem.msi?.vectors,
        ioeventfd: shmem.msi?.ioeventfd,
        ...busProps(shmem, scope),
      }),
      scope.origin,
    ),
  ];
};

export const shmemSteps = (shmem: Shmem, scope: DeviceScope): PlugStep[] =>
  shmem.model?.type === "ivshmem-doorbell" ? doorbellSteps(shmem, scope) : plainSteps(shmem, scope);

/** The steps that give one device of a domain to a QEMU that runs: those of the command line. */
import { virError } from "@vireo/model/error";
import type { DeviceKind } from "@vireo/model/domain/device/parse-device";
import { channelSteps } from "../device/channel.ts";
import { diskSteps } from "../device/disk.ts";
import { hostdevSteps } from "../device/hostdev.ts";
import { inputSteps } from "../device/input.ts";
import { interfaceSteps } from "../device/interface.ts";
import { memoryDeviceSteps } from "../device/memory-device.ts";
import { redirdevSteps } from "../device/redirdev.ts";
import { rngSteps } from "../device/rng.ts";
import type { DeviceScope } from "../device/scope.ts";
import { shmemSteps } from "../device/shmem.ts";
import { watchdogSteps } from "../device/watchdog.ts";
import type { ChainIds } from "../block/node-ids.ts";
import type { PlugStep } from "../plug.ts";
import type { CommandInput } from "./input.ts";

export interface HotDevice {
  readonly kind: DeviceKind;
  readonly index: number;
  /** Numbers of block nodes that no disk has yet, one for each image. */
  readonly nodeIds: ChainIds;
}

/** The device at `index`, or nothing to do when the list is not there. */
const at = <T>(
  devices: readonly T[] | undefined,
  index: number,
  steps: (device: T) => readonly PlugStep[],
): readonly PlugStep[] => {
  const device = devices?.[index];
  return device === undefined ? [] : steps(device);
};

/**
 * @throws VireoError `operationUnsupported` for a kind that QEMU takes only when it starts
 */
export function hotDeviceSteps(
  input: CommandInput,
  { kind, index, nodeIds }: HotDevice,
): readonly PlugStep[] {
  const { devices } = input.domain;
  const scope: DeviceScope = {
    ...input,
    origin: `/domain/devices/${kind.slice(0, -1)}[${index + 1}]`,
  };
  switch (kind) {
    case "disks":
      return at(devices.disks, index, (disk) => diskSteps(disk, nodeIds, scope));
    case "interfaces":
      return at(devices.interfaces, index, (one) => interfaceSteps(one, scope));
    case "rngs":
      return at(devices.rngs, index, (one) => rngSteps(one, scope));
    case "inputs":
      return at(devices.inputs, index, (one) => inputSteps(one, scope));
    case "channels":
      return at(devices.channels, index, (one) => channelSteps(one, scope));
    case "memories":
      return at(devices.memories, index, (one) => memoryDeviceSteps(one, scope));
    case "redirdevs":
      return at(devices.redirdevs, index, (one) => redirdevSteps(one, scope));
    case "shmems":
      return at(devices.shmems, index, (one) => shmemSteps(one, scope));
    case "watchdogs":
      return at(devices.watchdogs, index, (one) => watchdogSteps(one, scope));
    case "hostdevs":
      return at(devices.hostdevs, index, (one) => hostdevSteps(one, nodeIds[0] ?? 0, scope));
    default:
      throw virError(
        "operationUnsupported",
        `live attach of device '${kind.slice(0, -1)}' is not supported`,
      );
  }
}

/** The steps that give one device of a domain to a QEMU that runs: those of the command line. */
import { mustSupport } from "@vireo/model/domain/device/device-support";
import type { DeviceKind } from "@vireo/model/domain/device/parse-device";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { channelSteps } from "../device/channel.ts";
import { consoleSteps } from "../device/console.ts";
import { controllerSteps } from "../device/controller.ts";
import { diskSteps } from "../device/disk.ts";
import { filesystemSteps } from "../device/filesystem.ts";
import { hostdevSteps } from "../device/hostdev.ts";
import { inputSteps } from "../device/input.ts";
import { interfaceSteps } from "../device/interface.ts";
import { memoryDeviceSteps } from "../device/memory-device.ts";
import { parallelSteps } from "../device/parallel.ts";
import { redirdevSteps } from "../device/redirdev.ts";
import { rngSteps } from "../device/rng.ts";
import type { DeviceScope } from "../device/scope.ts";
import { serialSteps } from "../device/serial.ts";
import { shmemSteps } from "../device/shmem.ts";
import { vsockSteps } from "../device/vsock.ts";
import { watchdogActionCommand, watchdogSteps } from "../device/watchdog.ts";
import type { ChainIds } from "../block/node-ids.ts";
import type { PlugStep, QmpCommand } from "../plug.ts";

export interface HotDevice {
  readonly kind: DeviceKind;
  readonly index: number;
  /** Numbers of block nodes that no disk has yet, one for each image. */
  readonly nodeIds: ChainIds;
}

interface At extends HotDevice {
  readonly devices: ResolvedDomain["devices"];
  readonly scope: DeviceScope;
}
type Translate = (at: At) => readonly PlugStep[] | undefined;

/** How a kind is translated; `undefined` for a device that is not in its list. */
const one =
  <T>(
    listOf: (devices: At["devices"]) => readonly T[] | undefined,
    steps: (device: T, scope: DeviceScope, ids: ChainIds) => readonly PlugStep[],
  ): Translate =>
  ({ devices, index, scope, nodeIds }) => {
    const device = listOf(devices)?.[index];
    return device === undefined ? undefined : steps(device, scope, nodeIds);
  };

const TRANSLATE: Partial<Readonly<Record<DeviceKind, Translate>>> = {
  disks: one(
    ({ disks }) => disks,
    (disk, scope, ids) => diskSteps(disk, ids, scope),
  ),
  hostdevs: one(
    ({ hostdevs }) => hostdevs,
    (hostdev, scope, [node = 0]) => hostdevSteps(hostdev, node, scope),
  ),
  controllers: one(({ controllers }) => controllers, controllerSteps),
  filesystems: one(({ filesystems }) => filesystems, filesystemSteps),
  interfaces: one(({ interfaces }) => interfaces, interfaceSteps),
  rngs: one(({ rngs }) => rngs, rngSteps),
  inputs: one(({ inputs }) => inputs, inputSteps),
  serials: one(({ serials }) => serials, serialSteps),
  parallels: one(({ parallels }) => parallels, parallelSteps),
  channels: one(({ channels }) => channels, channelSteps),
  consoles: one(({ consoles }) => consoles, consoleSteps),
  memories: one(({ memories }) => memories, memoryDeviceSteps),
  redirdevs: one(({ redirdevs }) => redirdevs, redirdevSteps),
  shmems: one(({ shmems }) => shmems, shmemSteps),
  watchdogs: one(({ watchdogs }) => watchdogs, watchdogSteps),
  vsock: one(({ vsock }) => (vsock === undefined ? [] : [vsock]), vsockSteps),
  leases: () => [],
};

/**
 * @throws VireoError `operationUnsupported` for a kind that QEMU takes only when it starts
 */
export function hotDeviceSteps(
  input: Omit<DeviceScope, "origin">,
  device: HotDevice,
): readonly PlugStep[] {
  const { devices } = input.domain;
  const { kind, index } = device;
  const origin = `/domain/devices/${kind.replace(/s$/, "")}[${index + 1}]`;
  const translate = TRANSLATE[kind];
  if (translate === undefined) mustSupport("attach", "live", kind);
  return translate?.({ ...device, devices, scope: { ...input, origin } }) ?? [];
}

/** What a running QEMU must be told before the device comes. */
export function commandsBefore(
  { devices }: ResolvedDomain,
  { kind, index }: Pick<HotDevice, "kind" | "index">,
): readonly QmpCommand[] {
  const watchdog = kind === "watchdogs" ? devices.watchdogs?.[index] : undefined;
  return watchdog === undefined ? [] : [watchdogActionCommand(watchdog)];
}

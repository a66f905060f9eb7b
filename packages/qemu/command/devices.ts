/** All devices of the domain, in libvirt's order: buses first, then what hangs on them. */
import type { Controller } from "@vireo/model/domain/device/controller";
import { assignNodeIds } from "../block/node-ids.ts";
import { audioSteps } from "../device/audio.ts";
import { channelSteps } from "../device/channel.ts";
import { consoleSteps } from "../device/console.ts";
import { controllerSteps } from "../device/controller.ts";
import { diskSteps, sdCardArg } from "../device/disk.ts";
import { managedReservationSteps } from "../device/disk-objects.ts";
import { filesystemSteps } from "../device/filesystem.ts";
import { floppyControllerArgs } from "../device/floppy-controller.ts";
import { graphicsArgs } from "../device/graphics.ts";
import { hostdevSteps } from "../device/hostdev.ts";
import { hubSteps } from "../device/hub.ts";
import { inputSteps } from "../device/input.ts";
import { interfaceSteps } from "../device/interface.ts";
import { iommuSteps } from "../device/iommu.ts";
import { memballoonSteps } from "../device/memballoon.ts";
import { memoryDeviceSteps } from "../device/memory-device.ts";
import { panicSteps } from "../device/panic.ts";
import { parallelSteps } from "../device/parallel.ts";
import { pciHoleArgs, rootHotplugArgs } from "../device/controller-pci.ts";
import { redirdevSteps } from "../device/redirdev.ts";
import { rngSteps } from "../device/rng.ts";
import type { DeviceScope } from "../device/scope.ts";
import { serialSteps } from "../device/serial.ts";
import { shmemSteps } from "../device/shmem.ts";
import { smartcardSteps } from "../device/smartcard.ts";
import { soundSteps } from "../device/sound.ts";
import { tpmSteps } from "../device/tpm.ts";
import { videoSteps } from "../device/video.ts";
import { vsockSteps } from "../device/vsock.ts";
import { watchdogActionArg, watchdogSteps } from "../device/watchdog.ts";
import { argv, type PlugStep } from "../plug.ts";
import type { CommandArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

const DEVICES = "/domain/devices";

type Translate<T> = (device: T, scope: DeviceScope, index: number) => readonly PlugStep[];

/** The steps of all devices of one kind, each with its own origin. */
function each<T>(
  input: CommandInput,
  [kind, devices]: readonly [kind: string, devices: readonly T[] | undefined],
  translate: Translate<T>,
): CommandArg[] {
  return (devices ?? []).flatMap((device, index) => {
    const scope: DeviceScope = { ...input, origin: `${DEVICES}/${kind}[${index + 1}]` };
    return argv(translate(device, scope, index));
  });
}
const one = <T>(
  input: CommandInput,
  [kind, device]: readonly [kind: string, device: T | undefined],
  translate: Translate<T>,
): CommandArg[] => each(input, [kind, device === undefined ? [] : [device]], translate);

/** Kinds of controllers in the order in which one may depend on another. */
const CONTROLLER_ORDER = ["pci", "usb", "scsi", "ide", "sata", "virtio-serial", "ccid"] as const;

/** QEMU must know a controller before its companions, which definitions may list first. */
const isCompanion = ({ master }: Controller): boolean => master !== undefined;

function controllerArgs(input: CommandInput): CommandArg[] {
  const { controllers = [] } = input.domain.devices;
  const numbered = controllers.map((controller, index) => ({ controller, index }));
  const sorted = numbered.toSorted(
    (a, b) =>
      Number(isCompanion(a.controller)) - Number(isCompanion(b.controller)) || a.index - b.index,
  );
  return CONTROLLER_ORDER.flatMap((type) =>
    sorted.flatMap(({ controller, index }) => {
      if (controller.type !== type) return [];
      const origin = `${DEVICES}/controller[${index + 1}]`;
      return argv(controllerSteps(controller, { ...input, origin }));
    }),
  );
}

function diskArgs(input: CommandInput): CommandArg[] {
  const disks = input.domain.devices.disks ?? [];
  const ids = assignNodeIds(disks).disks;
  let cards = 0;
  const shared = managedReservationSteps(disks, { ...input, origin: DEVICES });
  const own = disks.flatMap((disk, index) => {
    const origin = `${DEVICES}/disk[${index + 1}]`;
    if (disk.target?.bus === "sd") return [sdCardArg(disk, cards++, origin)];
    return argv(diskSteps(disk, ids[index] ?? [], { ...input, origin }));
  });
  return [...argv(shared), ...own];
}

/** SCSI devices of the host are block nodes too, numbered after the disks. */
function hostdevArgs(input: CommandInput): CommandArg[] {
  const { disks = [], hostdevs } = input.domain.devices;
  let { next } = assignNodeIds(disks);
  return each(input, ["hostdev", hostdevs], (hostdev, scope) =>
    hostdevSteps(hostdev, hostdev.type === "scsi" ? next++ : 0, scope),
  );
}

const graphicsDeviceArgs = (input: CommandInput): CommandArg[] =>
  (input.domain.devices.graphics ?? []).flatMap((graphics, index) =>
    graphicsArgs(graphics, { ...input, origin: `${DEVICES}/graphics[${index + 1}]` }),
  );

/** The adapter the firmware shows itself on comes first. */
const videoArgs = (input: CommandInput): CommandArg[] =>
  each(input, ["video", input.domain.devices.videos], videoSteps);

function watchdogArgs(input: CommandInput): CommandArg[] {
  const { watchdogs = [] } = input.domain.devices;
  const [first] = watchdogs;
  return [
    ...each(input, ["watchdog", watchdogs], watchdogSteps),
    ...(first === undefined ? [] : [watchdogActionArg(first, `${DEVICES}/watchdog[1]`)]),
  ];
}

export function deviceArgs(input: CommandInput): CommandArg[] {
  const { devices } = input.domain;
  return [
    ...rootHotplugArgs(input),
    ...pciHoleArgs(input),
    ...one(input, ["iommu", devices.iommu], iommuSteps),
    ...controllerArgs(input),
    ...each(input, ["memory", devices.memories], memoryDeviceSteps),
    ...each(input, ["hub", devices.hubs], hubSteps),
    ...floppyControllerArgs(input),
    ...diskArgs(input),
    ...each(input, ["filesystem", devices.filesystems], filesystemSteps),
    ...each(input, ["interface", devices.interfaces], interfaceSteps),
    ...each(input, ["smartcard", devices.smartcards], smartcardSteps),
    ...each(input, ["serial", devices.serials], serialSteps),
    ...each(input, ["parallel", devices.parallels], parallelSteps),
    ...each(input, ["channel", devices.channels], channelSteps),
    ...each(input, ["console", devices.consoles], consoleSteps),
    ...each(input, ["tpm", devices.tpms], tpmSteps),
    ...each(input, ["input", devices.inputs], inputSteps),
    ...each(input, ["audio", devices.audios], audioSteps),
    ...graphicsDeviceArgs(input),
    ...videoArgs(input),
    ...each(input, ["sound", devices.sounds], soundSteps),
    ...watchdogArgs(input),
    ...each(input, ["redirdev", devices.redirdevs], redirdevSteps),
    ...hostdevArgs(input),
    ...one(input, ["memballoon", devices.memballoon], memballoonSteps),
    ...each(input, ["rng", devices.rngs], rngSteps),
    ...each(input, ["panic", devices.panics], panicSteps),
    ...each(input, ["shmem", devices.shmems], shmemSteps),
    ...one(input, ["vsock", devices.vsock], vsockSteps),
  ];
}

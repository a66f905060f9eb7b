/** Places on disk buses that the controllers of QEMU do not have. */
import type { DriveAddress } from "../device/address.ts";
import type { Controller, ScsiModel } from "../device/controller.ts";
import type { Disk } from "../device/disk.ts";
import type { Domain } from "../domain.ts";
import { eachDevice, inTurn } from "./each-device.ts";
import { internal, unsupported } from "./refuse.ts";

/** Disks on a bus, and SCSI devices of the host. */
export const checkDrivePlaces = inTurn(
  eachDevice(
    ({ disks }) => disks,
    (disk, { devices }) => {
      const controllers = devices?.controllers ?? [];
      if (disk.address?.type === "drive") checkDisk(disk, { address: disk.address, controllers });
    },
  ),
  eachDevice(
    ({ hostdevs }) => hostdevs,
    ({ type, address }, { devices }) => {
      if (type === "scsi" && address?.type === "drive")
        checkScsi(address, devices?.controllers ?? []);
    },
  ),
);

interface Place {
  readonly address: DriveAddress;
  readonly controllers: readonly Controller[];
}

function checkDisk({ target }: Disk, { address, controllers }: Place): void {
  switch (target?.bus) {
    case "ide":
      return checkSingle(address, "IDE");
    case "fdc":
      if ((address.bus ?? 0) !== 0) internal("Only 1 fdc bus is supported");
      return checkSingle(address, "fdc");
    case "scsi":
      return checkScsi(address, controllers);
    case "sata":
      if ((address.bus ?? 0) !== 0) internal("Only 1 sata bus is supported");
      if ((address.target ?? 0) !== 0) internal("target must be 0 for sata controller");
      return undefined;
    default:
      return undefined;
  }
}

function checkSingle({ controller = 0, target = 0 }: DriveAddress, name: string): void {
  if (controller !== 0) internal(`Only 1 ${name} controller is supported`);
  if (target !== 0) internal(`target must be 0 for controller ${name}`);
}

const SINGLE_TARGET: readonly (ScsiModel | undefined)[] = [
  "lsilogic",
  "ncr53c90",
  "dc390",
  "am53c974",
];

function checkScsi(
  { controller = 0, bus = 0, target = 0 }: DriveAddress,
  all: readonly Controller[],
): void {
  const found = all.find(({ type, index }) => type === "scsi" && index === controller);
  if (found?.type !== "scsi") return;
  if (bus !== 0) internal("Only 1 scsi bus is supported");
  if (SINGLE_TARGET.includes(found.model) && target !== 0)
    unsupported(`target must be 0 for controller model '${found.model ?? ""}'`);
}

/** I/O threads that disks name. */
export function checkDiskThreads({ devices, iothreads = 0, iothreadids }: Domain): void {
  const ids = iothreadids?.iothreads?.map(({ id }) => id) ?? [];
  for (const { driver } of devices?.disks ?? [])
    if (
      driver?.iothread !== undefined &&
      !ids.includes(driver.iothread) &&
      driver.iothread > iothreads
    )
      unsupported(`Disk iothread '${driver.iothread}' not defined in iothreadid`);
}

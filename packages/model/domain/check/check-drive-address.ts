/** Units of disk buses: one device each. */
import type { DriveAddress } from "../device/address.ts";
import type { Disk } from "../device/disk.ts";
import type { Hostdev } from "../device/hostdev.ts";
import type { Domain } from "../domain.ts";
import { unsupported } from "./refuse.ts";

const place = ({ controller = 0, bus = 0, target = 0, unit = 0 }: DriveAddress): string =>
  `controller='${controller}' bus='${bus}' target='${target}' unit='${unit}'`;

interface Placed<T> {
  readonly device: T;
  readonly at: string;
}
const placed = <T extends Disk | Hostdev>(devices: readonly T[]): readonly Placed<T>[] =>
  devices.flatMap((device) =>
    device.address?.type === "drive" ? [{ device, at: place(device.address) }] : [],
  );

/** Disks among themselves, SCSI host devices among themselves, and both. */
export function checkDriveAddresses({ devices }: Domain): void {
  const disks = placed(devices?.disks ?? []);
  const seen = new Map<string, Disk>();
  for (const { device, at } of disks) {
    const key = `${device.target?.bus ?? ""} ${at}`;
    const other = seen.get(key);
    if (other !== undefined)
      unsupported(
        `Found duplicate drive address for disk with target name '${other.target?.dev ?? ""}' ${at}`,
      );
    seen.set(key, device);
  }
  checkHostdevs(
    placed((devices?.hostdevs ?? []).filter(({ type }) => type === "scsi")),
    new Set(disks.filter(({ device }) => device.target?.bus === "scsi").map(({ at }) => at)),
  );
}

function checkHostdevs(hostdevs: readonly Placed<Hostdev>[], scsiDisks: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const { at } of hostdevs) {
    if (scsiDisks.has(at)) unsupported(`SCSI host address ${at} in use by another SCSI disk`);
    if (seen.has(at)) unsupported(`SCSI host address ${at} in use by another SCSI host device`);
    seen.add(at);
  }
}

/** What libvirt fills into a disk whatever the hypervisor, and where it puts the disk on its bus. */
import type { DriveAddress } from "../device/address.ts";
import type { Disk, DiskBus } from "../device/disk.ts";
import type { Mirror } from "../device/disk-chain.ts";
import type { DeviceSeclabel } from "../device/seclabel.ts";

const BUS_BY_NAME: readonly (readonly [string, DiskBus])[] = [
  ["hd", "ide"],
  ["sd", "scsi"],
  ["vd", "virtio"],
  ["xvd", "xen"],
  ["ubd", "uml"],
];
const busOf = ({ device, target }: Disk): DiskBus =>
  device === "floppy"
    ? "fdc"
    : (BUS_BY_NAME.find(([prefix]) => target?.dev?.startsWith(prefix))?.[1] ?? "ide");

/** Position of a target name in its series: `vda` 0, `vdb` 1, `vdaa` 26; `undefined` for other names. A partition number is passed over. */
export function diskIndex(dev: string): number | undefined {
  const letters = /^(?:fd|hd|vd|sd|xvd|ubd)([a-z]+)\d*$/.exec(dev)?.[1];
  if (letters === undefined) return undefined;
  return letters.split("").reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 96, 0) - 1;
}

/** Where a disk of this index sits on its bus; `undefined` for buses without drive addresses. */
export function driveAddress(bus: DiskBus | undefined, index: number): DriveAddress | undefined {
  const at = (controller: number, unit: number, busNumber = 0): DriveAddress => ({
    type: "drive",
    controller,
    bus: busNumber,
    target: 0,
    unit,
  });
  switch (bus) {
    case "scsi":
      return at(Math.floor(index / 7), index % 7);
    case "ide":
      return at(Math.floor(index / 4), index % 2, Math.floor((index % 4) / 2));
    case "sata":
      return at(Math.floor(index / 6), index % 6);
    case "fdc":
      return at(Math.floor(index / 2), index % 2);
    default:
      return undefined;
  }
}

/** A CD cannot be written; that a read-only disk has no snapshots goes without saying. */
function withoutSnapshot(disk: Disk): Disk {
  const { snapshot: _, ...rest } = disk;
  return disk.readonly === true && disk.snapshot === "no" ? rest : disk;
}

interface Labelled {
  readonly source?: { readonly seclabels?: readonly DeviceSeclabel[] };
}
/** What could not be labelled once may be next time. */
function withoutSkipped<D extends Labelled>(device: D): D {
  const { seclabels } = device.source ?? {};
  if (seclabels === undefined) return device;
  const kept = seclabels.filter(({ label, relabel }) => label !== undefined || relabel === false);
  return { ...device, source: { ...device.source, seclabels: kept } };
}

/** @param live whether the domain runs. */
export function settleDisk(given: Disk, live: boolean): Disk {
  const disk = live ? given : withoutSkipped(given);
  const bus = disk.target?.bus ?? busOf(disk);
  const settled: Disk = {
    ...disk,
    ...(disk.target === undefined ? {} : { target: { ...disk.target, bus } }),
    ...(disk.device === "cdrom" ? { readonly: true } : {}),
  };
  return withoutSnapshot(withMirror(settled));
}

/** Disks of one bus are kept in the order of their names, where the first of them stands. */
export function orderDisks(disks: readonly Disk[]): readonly Disk[] {
  const ordered: Disk[] = [];
  for (const disk of disks) ordered.splice(placeFor(disk, ordered), 0, disk);
  return ordered;
}

function placeFor(disk: Disk, among: readonly Disk[]): number {
  const index = indexOf(disk);
  let place = -1;
  for (let at = among.length - 1; at >= 0; at -= 1) {
    const other = among[at];
    if (other?.target?.bus !== disk.target?.bus) continue;
    if (other !== undefined && indexOf(other) > index) place = at;
    else if (place === -1) place = at + 1;
  }
  return place === -1 ? among.length : place;
}

const indexOf = (disk: Disk): number => diskIndex(disk.target?.dev ?? "") ?? -1;

type FileMirror = Extract<Mirror, { type: "file" }>;

/** The older place of a mirror's file and format says the same as the newer. */
function withMirror(disk: Disk): Disk {
  const { mirror } = disk;
  if (mirror?.type !== "file") return disk;
  return { ...disk, mirror: inOlderPlace(fromOlderPlace({ job: "copy", ...mirror })) };
}

function fromOlderPlace(mirror: FileMirror): FileMirror {
  const { file, formatName } = mirror;
  return {
    ...mirror,
    ...(mirror.format === undefined && formatName !== undefined
      ? { format: { type: formatName } }
      : {}),
    ...(mirror.source === undefined && file !== undefined ? { source: { file } } : {}),
  };
}

function inOlderPlace(mirror: FileMirror): FileMirror {
  const file = mirror.source?.file;
  const format = mirror.format?.type;
  if (mirror.job === "active-commit" || file === undefined) return mirror;
  return { ...mirror, file, ...(format === undefined ? {} : { formatName: format }) };
}

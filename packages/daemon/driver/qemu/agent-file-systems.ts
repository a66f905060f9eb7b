/** The guest's mounted file systems, and which of the domain's disks lie below them. Pure. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { isMessage, type Message } from "@vireo/qemu/qmp/parse-message";
import { listIn, malformed, numberIn, textIn } from "./agent-answer.ts";

export interface GuestDisk {
  /** The disk's name in the domain, such as `vda`; absent when it is none of the domain's. */
  readonly target: string | undefined;
  readonly device: string | undefined;
  readonly serial: string | undefined;
  readonly bus: string | undefined;
}
export interface GuestFileSystem {
  readonly name: string;
  readonly mountpoint: string;
  readonly type: string;
  readonly totalBytes: number | undefined;
  readonly usedBytes: number | undefined;
  readonly disks: readonly GuestDisk[];
}

const COMMAND = "guest-get-fsinfo";

interface PciPlace {
  readonly domain?: number | undefined;
  readonly bus?: number | undefined;
  readonly slot?: number | undefined;
  readonly function?: number | undefined;
}

const isAt = (place: object, told: Message): boolean => {
  const { domain = 0, bus = 0, slot = 0, function: part = 0 }: PciPlace = place;
  return (
    domain === told["domain"] &&
    bus === told["bus"] &&
    slot === told["slot"] &&
    part === told["function"]
  );
};

/** The disk at the place that the agent tells: on the PCI bus itself, or behind a controller there. */
export function targetOf({ devices }: ResolvedDomain, told: Message): string | undefined {
  const pci = told["pci-controller"];
  if (!isMessage(pci)) return undefined;
  const disk = devices.disks?.find(({ address }) => {
    if (address === undefined) return false;
    if (address.type === "pci") return isAt(address, pci);
    if (address.type !== "drive") return false;
    const controller = devices.controllers?.find(
      (one) =>
        one.address?.type === "pci" && isAt(one.address, pci) && one.index === address.controller,
    );
    return (
      controller !== undefined &&
      (address.bus ?? 0) === told["bus"] &&
      (address.target ?? 0) === told["target"] &&
      (address.unit ?? 0) === told["unit"]
    );
  });
  return disk?.target?.dev;
}

export const guestDisk = (config: ResolvedDomain, told: Message): GuestDisk => ({
  target: targetOf(config, told),
  device: textIn(told, "dev"),
  serial: textIn(told, "serial"),
  bus: textIn(told, "bus-type"),
});

function fileSystem(config: ResolvedDomain, told: Message): GuestFileSystem {
  const [name, mountpoint, type] = [
    textIn(told, "name"),
    textIn(told, "mountpoint"),
    textIn(told, "type"),
  ];
  const disks = listIn(told["disk"]);
  if (name === undefined || mountpoint === undefined || type === undefined || disks === undefined)
    throw malformed(COMMAND);
  return {
    name,
    mountpoint,
    type,
    totalBytes: numberIn(told, "total-bytes"),
    usedBytes: numberIn(told, "used-bytes"),
    disks: disks.map((one) => guestDisk(config, one)),
  };
}

/**
 * Reads the answer to `guest-get-fsinfo`.
 * @throws VireoError `internalError`
 */
export function fileSystemsIn(config: ResolvedDomain, answer: unknown): readonly GuestFileSystem[] {
  const all = listIn(answer);
  if (all === undefined) throw malformed(COMMAND);
  return all.map((one) => fileSystem(config, one));
}

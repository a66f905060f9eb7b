/** Which device is booted first: numbers for `bootindex`. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DeviceScope } from "./scope.ts";

interface Bootable {
  readonly boot?: { readonly order: number } | undefined;
}
type Kind = "fd" | "cdrom" | "hd" | "network";

const diskKind = (device: string | undefined): Kind => {
  if (device === "floppy") return "fd";
  return device === "cdrom" ? "cdrom" : "hd";
};

/** Without orders of their own, the first device of each kind in `<os><boot>` gets the kind's place. */
function firstOfKind(domain: ResolvedDomain, kind: Kind): Bootable | undefined {
  if (kind === "network") return domain.devices.interfaces?.[0];
  return domain.devices.disks?.find((disk) => diskKind(disk.device) === kind);
}

/** The place of a device in the boot order, 1 first; undefined when it is not booted from. */
export function bootIndex(
  device: Bootable,
  { domain }: Pick<DeviceScope, "domain">,
): number | undefined {
  if (device.boot !== undefined) return device.boot.order;
  const boots = domain.os.boots ?? [];
  const place = boots.findIndex((boot) => firstOfKind(domain, boot.dev) === device);
  return place < 0 ? undefined : place + 1;
}

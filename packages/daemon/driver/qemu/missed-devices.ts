/** Devices that guests let go of while no daemon listened. */
import { devicesOf } from "@vireo/model/domain/device/change-devices";
import type { DeviceKind } from "@vireo/model/domain/device/parse-device";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { GuestEvent } from "./guest-event.ts";

interface Asking {
  readonly ask: (command: string, args: { readonly path: string }) => Promise<unknown>;
}

/** Names of the devices that QEMU has besides those of its board. */
export async function peripherals(qemu: Asking): Promise<ReadonlySet<string>> {
  const found = await qemu.ask("qom-list", { path: "/machine/peripheral" });
  const all: readonly unknown[] = Array.isArray(found) ? found : [];
  return new Set(
    all.flatMap((one) => (one instanceof Object && "name" in one ? String(one.name) : [])),
  );
}

/** Kinds whose devices are each one device of QEMU by their alias, and can leave. */
const KINDS: readonly DeviceKind[] = ["disks", "interfaces", "hostdevs", "rngs", "redirdevs"];
/** Disks on these are parts of the board. */
const FIXED = new Set<unknown>(["fdc", "sd"]);

interface Leaver {
  readonly alias?: { readonly name: string };
  readonly target?: { readonly bus?: string };
}

/** Pure. */
export function missedDevices(
  { devices }: ResolvedDomain,
  present: ReadonlySet<string>,
): readonly GuestEvent[] {
  const leavers = KINDS.flatMap((kind) => devicesOf(devices, kind) as readonly Leaver[]); // what all of them have
  return leavers.flatMap(({ alias, target }) =>
    alias === undefined || present.has(alias.name) || FIXED.has(target?.bus)
      ? []
      : [{ name: "DEVICE_DELETED", data: { device: alias.name } }],
  );
}

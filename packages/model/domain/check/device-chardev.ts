/** Character devices together with others. */
import type { Devices } from "../device/devices.ts";
import type { Domain } from "../domain.ts";
import { internal, unsupported } from "./refuse.ts";

const typesOf = ({
  serials,
  parallels,
  consoles,
  channels,
  redirdevs,
  smartcards,
}: Devices): readonly string[] =>
  [serials, parallels, consoles, channels, redirdevs, smartcards].flatMap((kind) =>
    (kind ?? []).map(({ type }: { readonly type: string }) => type),
  );

/** Lines that go through a screen need one of the kind. */
export function checkSpiceLines({ devices = {} }: Domain): void {
  const screens = (devices.graphics ?? []).map(({ type }) => type);
  for (const type of typesOf(devices)) {
    if ((type === "spicevmc" || type === "spiceport") && !screens.includes("spice"))
      unsupported(`chardev '${type}' not supported without spice graphics`);
  }
}

/** Only the first console stands for a serial port; consoles that say nothing do so in a full guest. */
export function checkSerialConsoles({ devices, os }: Domain): void {
  const unsaid = os?.type?.name === "hvm" ? "serial" : undefined;
  if (
    (devices?.consoles ?? []).slice(1).some(({ target }) => (target?.type ?? unsaid) === "serial")
  )
    unsupported("Only the first console can be a serial port");
}

/** Serial ports said to be on ISA have different numbers; libvirt asks before it fills in the others. */
export function checkPortNumbers({ devices }: Domain): void {
  const ports = (devices?.serials ?? [])
    .filter(({ target }) => target?.type === "isa-serial")
    .map(({ target }) => target?.port);
  const twice = ports.find((port, at) => port !== undefined && ports.indexOf(port) !== at);
  if (twice !== undefined) internal(`target port '${twice}' already allocated`);
}

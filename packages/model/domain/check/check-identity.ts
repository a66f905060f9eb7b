/** Name, kind of guest, life cycle: the outside of a domain. */
import { ARCHITECTURES } from "../arch.ts";
import type { Domain } from "../domain.ts";
import type { ResolveFacts } from "../resolve/facts.ts";
import { unsupported, wrongXml } from "./refuse.ts";

/** Names are file names too. */
export function checkName({ name }: Domain): void {
  if (name.includes("/")) wrongXml(`name ${name} cannot contain '/'`);
  if (name.includes("\n")) wrongXml("invalid char in name: \n");
}

/** A title is one line. */
export function checkTitle({ title }: Domain): void {
  if (title?.includes("\n") === true) wrongXml("Domain title can't contain newlines");
}

const OS_TYPES: readonly string[] = ["hvm", "xen", "linux", "exe", "uml", "xenpvh"];

/** Kinds of guests and architectures there are. */
export function checkOsType({ os, bootloader }: Domain): void {
  const { name, arch } = os?.type ?? {};
  if (name === undefined && bootloader === undefined) wrongXml("an os <type> must be specified");
  if (name !== undefined && !OS_TYPES.includes(name)) unsupported(`unknown OS type '${name}'`);
  const known: readonly string[] = ARCHITECTURES;
  if (arch !== undefined && !known.includes(arch)) unsupported(`Unknown architecture ${arch}`);
}

/** What QEMU runs. */
export function checkGuestKind(
  { type, os, bootloader, devices }: Domain,
  { kvm, emulator }: Pick<ResolveFacts, "kvm" | "emulator">,
): void {
  const path = devices?.emulator ?? emulator;
  const name = os?.type?.name ?? "";
  if (bootloader !== undefined) unsupported("bootloader is not supported by QEMU");
  if (name !== "hvm") unsupported(`Emulator '${path}' does not support os type '${name}'`);
  if (type !== "qemu" && !(type === "kvm" && kvm))
    unsupported(`Emulator '${path}' does not support virt type '${type}'`);
}

/** What QEMU can do when the guest stops by itself. */
export function checkLifecycle({ onPoweroff, onReboot, onCrash }: Domain): void {
  for (const action of [onPoweroff, onReboot])
    if (action === "preserve" || action === "rename-restart")
      unsupported(
        `qemu driver doesn't support the '${action}' action for 'on_reboot'/'on_poweroff'`,
      );
  if (onCrash === "rename-restart")
    unsupported("qemu driver doesn't support the 'rename-restart' action for 'on_crash'");
  if (onReboot === "destroy" && onPoweroff === "restart")
    unsupported(
      "qemu driver doesn't support 'onReboot' set to 'destroy and 'onPoweroff' set to 'reboot'",
    );
}

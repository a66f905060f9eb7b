/** What the guest's power states do to QEMU. */
import { type CommandArg, flagArg, optionString, rawArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

type Domain = CommandInput["domain"];

const isX86 = ({ os }: Domain): boolean => os.type.arch === "x86_64" || os.type.arch === "i686";
export const isQ35 = ({ os }: Domain): boolean => /^(pc-)?q35(-|$)/.test(os.type.machine);

/** Every action of the domain is `destroy`: then QEMU itself may end at a reboot. */
const neverReboots = ({ onReboot, onPoweroff, onCrash }: Domain): boolean =>
  onReboot === "destroy" &&
  onPoweroff === "destroy" &&
  (onCrash === "destroy" || onCrash === "coredump-destroy");

/** With `set-action` the daemon decides at run time. */
export const shutdownArgs = ({ domain, caps }: CommandInput): CommandArg[] =>
  !caps.flags.has("set-action") && neverReboots(domain)
    ? [flagArg("-no-reboot", "/domain/on_reboot")]
    : [flagArg("-no-shutdown", "/domain/on_poweroff")];

export const acpiArgs = ({ domain, caps }: CommandInput): CommandArg[] =>
  isX86(domain) && domain.features?.acpi !== true && caps.flags.has("no-acpi")
    ? [flagArg("-no-acpi", "/domain/features/acpi")]
    : [];

/** The chip that offers S3 and S4 to the guest. */
function powerChip({ domain, caps }: CommandInput): string {
  return isQ35(domain) && caps.flags.has("ich9-disable-s3") ? "ICH9-LPC" : "PIIX4_PM";
}

/** S3 and S4 are announced unless disabled: 1 is off. */
export function suspendArgs(input: CommandInput): CommandArg[] {
  const { pm } = input.domain;
  const arg = (state: boolean | undefined, property: string, origin: string): CommandArg[] =>
    state === undefined
      ? []
      : [
          rawArg(
            "-global",
            optionString(undefined, [[`${powerChip(input)}.${property}`, state ? 0 : 1]]),
            origin,
          ),
        ];
  return [
    ...arg(pm?.suspendToMem?.enabled, "disable_s3", "/domain/pm/suspend-to-mem"),
    ...arg(pm?.suspendToDisk?.enabled, "disable_s4", "/domain/pm/suspend-to-disk"),
  ];
}

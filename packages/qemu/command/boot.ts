/** `-boot`, `-kernel` and friends. */
import { type CommandArg, optionString, type OptionPair, rawArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

/** Devices carry boot indexes; `strict` keeps the firmware from trying others. */
export function bootArgs({ domain }: CommandInput): CommandArg[] {
  const { bootmenu, bios } = domain.os;
  const pairs: OptionPair[] = [
    ["menu", bootmenu?.enable],
    ["splash-time", bootmenu?.enable === true ? bootmenu.timeout : undefined],
    ["reboot-timeout", bios?.rebootTimeout],
    ["strict", true],
  ];
  return [rawArg("-boot", optionString(undefined, pairs), "/domain/os")];
}

export function kernelArgs({ domain }: CommandInput): CommandArg[] {
  const { kernel, initrd, cmdline, dtb, acpi } = domain.os;
  const raw = (option: string, value: string | undefined, member: string): CommandArg[] =>
    value === undefined ? [] : [rawArg(option, value, `/domain/os/${member}`)];
  return [
    ...raw("-kernel", kernel, "kernel"),
    ...raw("-initrd", initrd, "initrd"),
    ...raw("-append", cmdline, "cmdline"),
    ...raw("-dtb", dtb, "dtb"),
    ...(acpi?.tables ?? []).map((table) =>
      rawArg(
        "-acpitable",
        optionString(undefined, [
          ["sig", table.type.toUpperCase()],
          ["file", table.path],
        ]),
        "/domain/os/acpi/table",
      ),
    ),
  ];
}

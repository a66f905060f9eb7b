/** The floppy controller: built into the PC, a device of its own on q35. */
import { isQ35 } from "@vireo/model/domain/machine";
import { type CommandArg, jsonArg, optionString, rawArg } from "../command/argument.ts";
import type { CommandInput } from "../command/input.ts";
import { bootIndex } from "./boot-index.ts";

const DRIVE_LETTER = ["A", "B"] as const;

/** q35 lost its built-in controller with version 2.4. */
function needsOwnController({ domain }: CommandInput): boolean {
  if (!isQ35(domain)) return false;
  const [, major, minor] = /q35-(\d+)\.(\d+)/.exec(domain.os.type.machine) ?? [];
  if (major === undefined) return true;
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 4);
}

/** Boot order of floppies is a property of their controller. */
export function floppyControllerArgs(input: CommandInput): CommandArg[] {
  const { domain } = input;
  const floppies = (domain.devices.disks ?? []).filter((disk) => disk.target?.bus === "fdc");
  if (floppies.length === 0) return [];
  const indexes = floppies.flatMap((disk) => {
    const unit = disk.address?.type === "drive" ? (disk.address.unit ?? 0) : 0;
    const index = bootIndex(disk, { domain });
    const letter = DRIVE_LETTER[unit];
    return index === undefined || letter === undefined
      ? []
      : [[`bootindex${letter}`, index] as const];
  });
  const origin = "/domain/devices/controller[@type='fdc']";
  if (needsOwnController(input))
    return [jsonArg("-device", { driver: "isa-fdc", ...Object.fromEntries(indexes) }, origin)];
  return indexes.map(([property, index]) =>
    rawArg("-global", optionString(undefined, [[`isa-fdc.${property}`, index]]), origin),
  );
}

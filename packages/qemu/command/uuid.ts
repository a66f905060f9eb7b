/** `-uuid`: the guest reads it from SMBIOS. */
import { type CommandArg, rawArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

export const uuidArgs = ({ domain }: CommandInput): CommandArg[] => [
  rawArg("-uuid", domain.uuid, "/domain/uuid"),
];

/** Small devices that carry a note between guest and host. */
import { type CommandArg, jsonArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

/** A number that changes when the guest is cloned or set back. */
export const generationIdArgs = ({ domain }: CommandInput): CommandArg[] =>
  domain.genid?.uuid === undefined
    ? []
    : [
        jsonArg(
          "-device",
          { driver: "vmgenid", guid: domain.genid.uuid, id: "vmgenid0" },
          "/domain/genid",
        ),
      ];

/** Where the guest's kernel keeps what a crash dump needs. */
export const crashInfoArgs = ({ domain }: CommandInput): CommandArg[] =>
  domain.features?.vmcoreinfo?.state === true
    ? [jsonArg("-device", { driver: "vmcoreinfo" }, "/domain/features/vmcoreinfo")]
    : [];

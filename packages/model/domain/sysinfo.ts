/** `<sysinfo>`: SMBIOS strings and fw_cfg entries. */
import { element, type Infer } from "../schema/element.ts";
import type { Element } from "../schema/declaration.ts";
import {
  attr,
  child,
  children,
  choice,
  content,
  discriminant,
  requiredAttr,
} from "../schema/member.ts";
import { string } from "../schema/scalar.ts";

const Entry = element("entry", "One string.", {
  name: requiredAttr(string, { doc: "Field." }),
  value: content(string, { doc: "Text." }),
});
export type SysinfoEntry = Infer<typeof Entry>;
export interface Table {
  readonly entries?: readonly SysinfoEntry[];
}
const table = (tag: string, doc: string): Element<Table> =>
  element(tag, doc, { entries: children(Entry, { doc: "Strings." }) });

const OemEntry = element("entry", "One string.", { value: content(string, { doc: "Text." }) });
const FirmwareEntry = element("entry", "One fw_cfg file.", {
  name: requiredAttr(string, {
    doc: "Name in the guest.",
    missing: "Firmware entry is missing 'name' attribute",
  }),
  file: attr(string, { doc: "File on the host with its contents." }),
  value: content(string, { doc: "Its contents." }),
});
export const Sysinfo = element("sysinfo", "SMBIOS strings or fw_cfg entries.", {
  type: discriminant(["smbios", "fwcfg"], { doc: "Which of them." }),
  bios: choice({ smbios: child(table("bios", "BIOS."), { doc: "BIOS." }) }),
  system: choice({ smbios: child(table("system", "System."), { doc: "System." }) }),
  baseBoards: choice({
    smbios: children(table("baseBoard", "Base board."), { doc: "Base boards." }),
  }),
  chassis: choice({ smbios: child(table("chassis", "Chassis."), { doc: "Chassis." }) }),
  oemStrings: choice({
    smbios: child(
      element("oemStrings", "Strings of the maker.", {
        entries: children(OemEntry, { doc: "Strings." }),
      }),
      {
        doc: "Strings of the maker.",
      },
    ),
  }),
  entries: choice({ fwcfg: children(FirmwareEntry, { doc: "fw_cfg files." }) }),
});
export type Sysinfo = Infer<typeof Sysinfo>;

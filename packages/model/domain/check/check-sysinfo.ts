/** SMBIOS strings that must agree with the domain. */
import type { Domain } from "../domain.ts";
import { parseUuid } from "../../uuid.ts";
import { internal, unsupported, wrongDetail } from "./refuse.ts";

/** The system UUID of SMBIOS is the domain's. */
export function checkSysinfoUuid({ sysinfos = [], uuid }: Domain): void {
  for (const sysinfo of sysinfos) {
    if (sysinfo.type !== "smbios") continue;
    const text = sysinfo.system?.entries?.find(({ name }) => name === "uuid")?.value;
    if (text === undefined) continue;
    const given = parseUuid(text);
    if (given === undefined) internal("malformed <sysinfo> uuid element");
    if (uuid !== undefined && given !== uuid)
      wrongDetail("UUID mismatch between <uuid> and <sysinfo>");
  }
}

/** Files of fw_cfg that are not QEMU's own begin with `opt/`. */
export function checkFirmwareEntries({ sysinfos = [] }: Domain): void {
  for (const sysinfo of sysinfos)
    for (const { name } of sysinfo.type === "fwcfg" ? (sysinfo.entries ?? []) : [])
      if (!name.startsWith("opt/")) unsupported("Invalid firmware name");
}

/** SMBIOS strings in libvirt's order; what it does not know is dropped. */
import type { Domain } from "../domain.ts";
import type { Sysinfo, SysinfoEntry } from "../sysinfo.ts";

const FIELDS = {
  bios: ["vendor", "version", "date", "release"],
  system: ["manufacturer", "product", "version", "serial", "uuid", "sku", "family"],
  baseBoard: ["manufacturer", "product", "version", "serial", "asset", "location"],
  chassis: ["manufacturer", "version", "serial", "asset", "sku"],
} as const;

interface Table {
  readonly entries?: readonly SysinfoEntry[];
}
const ordered = (table: Table, fields: readonly string[]): Table => ({
  entries: fields.flatMap(
    (field) =>
      table.entries?.find(({ name, value }) => name === field && value !== undefined) ?? [],
  ),
});

/** Puts the strings of every SMBIOS table in order. */
export function settleSysinfo(domain: Domain): Domain {
  const { sysinfos } = domain;
  return sysinfos === undefined ? domain : { ...domain, sysinfos: sysinfos.map(settle) };
}

function settle(sysinfo: Sysinfo): Sysinfo {
  if (sysinfo.type !== "smbios") return sysinfo;
  const { bios, system, baseBoards, chassis } = sysinfo;
  return {
    ...sysinfo,
    ...(bios === undefined ? {} : { bios: ordered(bios, FIELDS.bios) }),
    ...(system === undefined ? {} : { system: ordered(system, FIELDS.system) }),
    ...(baseBoards === undefined
      ? {}
      : { baseBoards: baseBoards.map((board) => ordered(board, FIELDS.baseBoard)) }),
    ...(chassis === undefined ? {} : { chassis: ordered(chassis, FIELDS.chassis) }),
  };
}

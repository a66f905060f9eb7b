/** `-smbios` and `-fw_cfg`: what the firmware tells the guest. */
import { virError } from "@vireo/model/error";
import type { Sysinfo, SysinfoEntry, Table } from "@vireo/model/domain/sysinfo";
import { type CommandArg, optionString, type OptionPair, rawArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

type Smbios = Extract<Sysinfo, { type: "smbios" }>;
type Names = Readonly<Record<string, string>>;

const ORIGIN = "/domain/sysinfo";

/** libvirt's entry names and QEMU's keys, by SMBIOS structure. */
const BIOS: Names = { vendor: "vendor", version: "version", date: "date", release: "release" };
const SYSTEM: Names = {
  manufacturer: "manufacturer",
  product: "product",
  version: "version",
  serial: "serial",
  uuid: "uuid",
  sku: "sku",
  family: "family",
};
const BOARD: Names = {
  manufacturer: "manufacturer",
  product: "product",
  version: "version",
  serial: "serial",
  asset: "asset",
  location: "location",
};
const CHASSIS: Names = {
  manufacturer: "manufacturer",
  version: "version",
  serial: "serial",
  asset: "asset",
  sku: "sku",
};

function tableArgs(type: number, table: Table | undefined, names: Names): CommandArg[] {
  const entries: readonly SysinfoEntry[] = table?.entries ?? [];
  if (entries.length === 0) return [];
  const pairs = Object.entries(names).map(
    ([name, key]): OptionPair => [key, entries.find((entry) => entry.name === name)?.value],
  );
  return [rawArg("-smbios", optionString(undefined, [["type", type], ...pairs]), ORIGIN)];
}

function oemArgs(smbios: Smbios): CommandArg[] {
  const strings = smbios.oemStrings?.entries ?? [];
  if (strings.length === 0) return [];
  const pairs = strings.map((entry): OptionPair => ["value", entry.value]);
  return [rawArg("-smbios", optionString(undefined, [["type", 11], ...pairs]), ORIGIN)];
}

/** `host` mode needs the host's tables, which the daemon puts into the domain's `<sysinfo>` first. */
export function smbiosArgs({ domain }: CommandInput): CommandArg[] {
  const mode = domain.os.smbios?.mode;
  if (mode === undefined || mode === "emulate") return [];
  const smbios = domain.sysinfos?.find((one): one is Smbios => one.type === "smbios");
  if (smbios === undefined) return [];
  if ((smbios.baseBoards ?? []).length > 1)
    throw virError(
      "configUnsupported",
      "qemu does not support more than one entry to Type 2 in SMBIOS table",
    );
  return [
    ...tableArgs(0, smbios.bios, BIOS),
    ...tableArgs(1, smbios.system, SYSTEM),
    ...(smbios.baseBoards ?? []).flatMap((board) => tableArgs(2, board, BOARD)),
    ...tableArgs(3, smbios.chassis, CHASSIS),
    ...oemArgs(smbios),
  ];
}

export function firmwareConfigArgs({ domain }: CommandInput): CommandArg[] {
  return (domain.sysinfos ?? []).flatMap((sysinfo) =>
    sysinfo.type === "fwcfg"
      ? (sysinfo.entries ?? []).map((entry) =>
          rawArg(
            "-fw_cfg",
            optionString(undefined, [
              ["name", entry.name],
              ["string", entry.file === undefined ? entry.value : undefined],
              ["file", entry.file],
            ]),
            ORIGIN,
          ),
        )
      : [],
  );
}

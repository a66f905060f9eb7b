/** The host's SMBIOS data, as far as the kernel or dmidecode shows them. */
import { virError } from "@vireo/model/error";
import { execProgram } from "./exec.ts";
import { readTextIfThere } from "./file.ts";

/** One block of SMBIOS data: libvirt's element and its named entries, in order. */
export interface SysinfoBlock {
  readonly block: "bios" | "system" | "baseBoard" | "chassis" | "processor";
  readonly entries: readonly (readonly [name: string, value: string])[];
}

type Sections = readonly {
  readonly block: SysinfoBlock["block"];
  readonly title: string;
  readonly entries: Readonly<Record<string, string>>;
}[];

/** dmidecode's titles and labels, and libvirt's names for them. */
const DMIDECODE: Sections = [
  {
    block: "bios",
    title: "BIOS Information",
    entries: {
      Vendor: "vendor",
      Version: "version",
      "Release Date": "date",
      "BIOS Revision": "release",
    },
  },
  {
    block: "system",
    title: "System Information",
    entries: {
      Manufacturer: "manufacturer",
      "Product Name": "product",
      Version: "version",
      "Serial Number": "serial",
      UUID: "uuid",
      "SKU Number": "sku",
      Family: "family",
    },
  },
  {
    block: "baseBoard",
    title: "Base Board Information",
    entries: {
      Manufacturer: "manufacturer",
      "Product Name": "product",
      Version: "version",
      "Serial Number": "serial",
      "Asset Tag": "asset",
      "Location In Chassis": "location",
    },
  },
  {
    block: "chassis",
    title: "Chassis Information",
    entries: {
      Manufacturer: "manufacturer",
      Version: "version",
      "Serial Number": "serial",
      "Asset Tag": "asset",
      "SKU Number": "sku",
    },
  },
  {
    block: "processor",
    title: "Processor Information",
    entries: {
      "Socket Designation": "socket_destination",
      Type: "type",
      Family: "family",
      Manufacturer: "manufacturer",
      Signature: "signature",
      Version: "version",
      "External Clock": "external_clock",
      "Max Speed": "max_speed",
      Status: "status",
      "Serial Number": "serial_number",
      "Part Number": "part_number",
    },
  },
];

/** Reads dmidecode's output; blocks with nothing in them are left out. */
export function parseDmidecode(text: string): readonly SysinfoBlock[] {
  const parts = text.split(/\n\s*\n/);
  return DMIDECODE.flatMap(({ block, title, entries }) =>
    parts
      .filter((part) => part.split("\n").some((line) => line.trim() === title))
      .map((part) => ({ block, entries: entriesOf(part, entries) }))
      .filter((found) => found.entries.length > 0),
  );
}

function entriesOf(
  part: string,
  names: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  const told = new Map(
    [...part.matchAll(/^\t([^\t:]+):[ \t]*(\S.*)$/gm)].map(([, label = "", value = ""]) => [
      label,
      value.trim(),
    ]),
  );
  return Object.entries(names).flatMap(([label, name]) => {
    const value = told.get(label);
    return value === undefined ? [] : [[name, value] as const];
  });
}

/** The kernel's files in `/sys/class/dmi/id`, and libvirt's blocks and names. */
const DMI_FILES: readonly (readonly [SysinfoBlock["block"], Readonly<Record<string, string>>])[] = [
  [
    "bios",
    { bios_vendor: "vendor", bios_version: "version", bios_date: "date", bios_release: "release" },
  ],
  [
    "system",
    {
      sys_vendor: "manufacturer",
      product_name: "product",
      product_version: "version",
      product_serial: "serial",
      product_uuid: "uuid",
      product_sku: "sku",
      product_family: "family",
    },
  ],
  [
    "baseBoard",
    {
      board_vendor: "manufacturer",
      board_name: "product",
      board_version: "version",
      board_serial: "serial",
      board_asset_tag: "asset",
    },
  ],
  [
    "chassis",
    {
      chassis_vendor: "manufacturer",
      chassis_version: "version",
      chassis_serial: "serial",
      chassis_asset_tag: "asset",
    },
  ],
];

async function fromKernel(sysRoot: string): Promise<readonly SysinfoBlock[]> {
  const blocks = await Promise.all(
    DMI_FILES.map(async ([block, files]) => {
      const entries = await Promise.all(
        Object.entries(files).map(async ([file, name]) => {
          const text = await readTextIfThere(`${sysRoot}/class/dmi/id/${file}`).catch(
            () => undefined,
          );
          return [name, text?.trim() ?? ""] as const;
        }),
      );
      return { block, entries: entries.filter(([, value]) => value !== "") };
    }),
  );
  return blocks.filter((block) => block.entries.length > 0);
}

/**
 * dmidecode tells more than the kernel's files, which remain when it is missing or not allowed.
 * @throws VireoError `configUnsupported` when the host has no SMBIOS
 */
export async function sysinfo({
  dmidecode = "dmidecode",
  sysRoot = "/sys",
}: {
  dmidecode?: string;
  sysRoot?: string;
} = {}): Promise<readonly SysinfoBlock[]> {
  const told = await execProgram(dmidecode, ["-q", "-t", "0,1,2,3,4"]).then(
    ({ stdout }) => parseDmidecode(stdout),
    () => [],
  );
  const blocks = told.length > 0 ? told : await fromKernel(sysRoot);
  if (blocks.length === 0)
    throw virError("configUnsupported", "Host SMBIOS information is not available");
  return blocks;
}

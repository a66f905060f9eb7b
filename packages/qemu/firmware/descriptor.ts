/** Firmware descriptors (QEMU, docs/interop/firmware.json): which image serves which machine, and how. */

export type FirmwareMapping =
  | {
      readonly device: "flash";
      readonly mode: "split" | "combined" | "stateless";
      readonly executable: { readonly filename: string; readonly format: string };
      readonly "nvram-template"?: { readonly filename: string; readonly format: string };
    }
  | { readonly device: "kernel"; readonly filename: string }
  | { readonly device: "memory"; readonly filename: string };

export interface FirmwareTarget {
  /** QEMU's name of the architecture. */
  readonly architecture: string;
  /** Globs of machine types. */
  readonly machines: readonly string[];
}

export interface Firmware {
  readonly "interface-types": readonly string[];
  readonly mapping: FirmwareMapping;
  readonly targets: readonly FirmwareTarget[];
  readonly features: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

function image(value: unknown): { filename: string; format: string } | undefined {
  if (!isFields(value)) return undefined;
  const { filename, format } = value;
  return typeof filename === "string" && typeof format === "string"
    ? { filename, format }
    : undefined;
}

const MODES = ["split", "combined", "stateless"] as const;

function flash(mapping: Fields): FirmwareMapping | undefined {
  const executable = image(mapping["executable"]);
  const template = image(mapping["nvram-template"]);
  const mode = MODES.find((one) => one === (mapping["mode"] ?? "split"));
  if (executable === undefined || mode === undefined) return undefined;
  if (mode === "split" && template === undefined) return undefined;
  return {
    device: "flash",
    mode,
    executable,
    ...(template === undefined ? {} : { "nvram-template": template }),
  };
}

function mappingOf(value: unknown): FirmwareMapping | undefined {
  if (!isFields(value)) return undefined;
  const { device, filename } = value;
  if (device === "flash") return flash(value);
  if ((device === "kernel" || device === "memory") && typeof filename === "string")
    return { device, filename };
  return undefined;
}

const targetOf = (value: unknown): FirmwareTarget[] =>
  isFields(value) && typeof value["architecture"] === "string"
    ? [{ architecture: value["architecture"], machines: texts(value["machines"]) }]
    : [];

/** Reads a descriptor; `undefined` for what is none, which a vendor's mistake must not turn into our failure. */
export function parseFirmware(json: string): Firmware | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const mapping = isFields(value) ? mappingOf(value["mapping"]) : undefined;
  if (!isFields(value) || mapping === undefined) return undefined;
  return {
    "interface-types": texts(value["interface-types"]),
    mapping,
    targets: Array.isArray(value["targets"]) ? value["targets"].flatMap(targetOf) : [],
    features: texts(value["features"]),
  };
}

/** Names and texts of descriptor files of one directory. */
export type DescriptorFiles = ReadonlyMap<string, string>;

/**
 * All descriptors in the order in which they are tried: by file name, and of files with one name
 * only that of the first directory, where an empty file hides those behind it.
 */
export function firmwaresOf(directories: readonly DescriptorFiles[]): readonly Firmware[] {
  const byName = new Map<string, string>();
  for (const files of directories.toReversed())
    for (const [name, text] of files) byName.set(name, text);
  const names = [...byName.keys()].filter((name) => name.endsWith(".json")).toSorted();
  return names.flatMap((name) => parseFirmware(byName.get(name) ?? "") ?? []);
}

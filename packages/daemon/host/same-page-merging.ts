/** The kernel's merging of equal pages (KSM): what it does, and how eagerly. */
import { writeFile } from "node:fs/promises";
import { virError } from "@vireo/model/error";
import { hostError } from "./errno.ts";
import { readTextIfThere } from "./file.ts";

/** libvirt's names without their prefix are the kernel's file names. */
const PREFIX = "shm_";
const PARAMETERS = [
  "shm_pages_to_scan",
  "shm_sleep_millisecs",
  "shm_pages_shared",
  "shm_pages_sharing",
  "shm_pages_unshared",
  "shm_pages_volatile",
  "shm_full_scans",
  "shm_merge_across_nodes",
] as const;
type MergingParameter = (typeof PARAMETERS)[number];

/** Those that can be set; the others are counts. */
const MERGING_SETTINGS = [
  "shm_pages_to_scan",
  "shm_sleep_millisecs",
  "shm_merge_across_nodes",
] as const satisfies readonly MergingParameter[];
type MergingSetting = (typeof MERGING_SETTINGS)[number];

const fileOf = (name: MergingParameter, sysRoot: string): string =>
  `${sysRoot}/kernel/mm/ksm/${name.slice(PREFIX.length)}`;

/** What this kernel has of them; none without KSM. */
export async function mergingParameters(
  sysRoot = "/sys",
): Promise<Readonly<Partial<Record<MergingParameter, number>>>> {
  const read = PARAMETERS.map(async (name) => {
    const text = await readTextIfThere(fileOf(name, sysRoot));
    return text === undefined ? [] : [[name, Number.parseInt(text, 10)] as const];
  });
  return Object.fromEntries((await Promise.all(read)).flat());
}

/**
 * All are looked for before the first is set.
 * @throws VireoError `operationUnsupported` when the kernel has no such setting, `systemError`
 */
export async function setMergingParameters(
  values: { readonly [S in MergingSetting]?: number | undefined },
  sysRoot = "/sys",
): Promise<void> {
  const there = await mergingParameters(sysRoot);
  const wanted = MERGING_SETTINGS.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [{ name, value }];
  });
  for (const { name } of wanted)
    if (there[name] === undefined)
      throw virError("operationUnsupported", `Parameter '${name}' is not supported by this kernel`);
  for (const { name, value } of wanted)
    await writeFile(fileOf(name, sysRoot), String(value)).catch((error: unknown) => {
      throw hostError(`failed to set ${name}`, error);
    });
}

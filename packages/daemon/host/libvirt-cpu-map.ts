/** libvirt's CPU map, a data file of the host like any other: read when it is installed, never needed. */
import { join } from "node:path";
import type { CpuMap } from "@vireo/model/cpu/cpu-map";
import { cpuMapFiles, parseCpuMap } from "@vireo/model/cpu/parse-cpu-map";
import { readTextIfThere } from "./file.ts";

const DIRECTORY = "/usr/share/libvirt/cpu_map";

/** The x86 part; `undefined` when the map is not installed or not complete. */
export async function libvirtCpuMap(directory = DIRECTORY): Promise<CpuMap | undefined> {
  const read = (name: string): Promise<string | undefined> =>
    readTextIfThere(join(directory, name));
  const index = await read("index.xml");
  if (index === undefined) return undefined;
  const files = await Promise.all(cpuMapFiles(index, "x86").map(read));
  const there = files.filter((text) => text !== undefined);
  return there.length === files.length ? parseCpuMap(there) : undefined;
}

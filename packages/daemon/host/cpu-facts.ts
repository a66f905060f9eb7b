/** What kind of processor the host has, and the caches that its processors share. */
import { listDirectory, readTextIfThere } from "./file.ts";
import type { HostRoots } from "./node-info.ts";

export interface HostCpu {
  /** libvirt's name of the maker. */
  readonly vendor?: string;
  /** x86 only. */
  readonly signature?: {
    readonly family: number;
    readonly model: number;
    readonly stepping: number;
  };
  readonly microcode?: number;
  readonly physicalBits?: number;
}
export interface CacheBank {
  readonly id: number;
  readonly level: number;
  readonly type: "both" | "code" | "data";
  readonly sizeKiB: number;
  /** As the kernel writes it: `0-3,8`. */
  readonly cpus: string;
}

/** CPUID's names of makers and libvirt's. */
const VENDORS: Readonly<Record<string, string>> = {
  GenuineIntel: "Intel",
  AuthenticAMD: "AMD",
  HygonGenuine: "Hygon",
};

/** From the text of /proc/cpuinfo, of its first processor. */
export function parseCpuinfo(cpuinfo: string): HostCpu {
  const fields = new Map(
    [...cpuinfo.matchAll(/^(\w[\w ]*?)\s*:\s*(.*)$/gm)]
      .toReversed()
      .map(([, name = "", value = ""]) => [name, value] as const),
  );
  const number = (name: string): number | undefined => {
    const value = Number.parseInt(fields.get(name) ?? "");
    return Number.isNaN(value) ? undefined : value;
  };
  const [family, model, stepping] = [number("cpu family"), number("model"), number("stepping")];
  const [vendor, microcode] = [VENDORS[fields.get("vendor_id") ?? ""], number("microcode")];
  const physicalBits = number("address sizes");
  return {
    ...(vendor === undefined ? {} : { vendor }),
    ...(family === undefined || model === undefined || stepping === undefined
      ? {}
      : { signature: { family, model, stepping } }),
    ...(microcode === undefined ? {} : { microcode }),
    ...(physicalBits === undefined ? {} : { physicalBits }),
  };
}

export const hostCpu = async ({ procRoot = "/proc" }: HostRoots = {}): Promise<HostCpu> =>
  parseCpuinfo((await readTextIfThere(`${procRoot}/cpuinfo`)) ?? "");

const KINDS: Readonly<Record<string, CacheBank["type"]>> = {
  Unified: "both",
  Data: "data",
  Instruction: "code",
};
/** Nearer ones belong to one core and are no news. */
const SHARED_LEVEL = 3;

async function bankAt(directory: string): Promise<CacheBank | undefined> {
  const [id, level, kind, size, cpus] = await Promise.all(
    ["id", "level", "type", "size", "shared_cpu_list"].map(async (name) =>
      ((await readTextIfThere(`${directory}/${name}`)) ?? "").trim(),
    ),
  );
  const type = KINDS[kind ?? ""];
  if (type === undefined || Number(level) < SHARED_LEVEL || cpus === undefined) return undefined;
  return {
    id: Number(id),
    level: Number(level),
    type,
    sizeKiB: Number.parseInt(size ?? "0", 10),
    cpus,
  };
}

/** By level and number, each once. */
export async function sharedCaches({
  sysRoot = "/sys",
}: HostRoots = {}): Promise<readonly CacheBank[]> {
  const at = `${sysRoot}/devices/system/cpu`;
  const processors = (await listDirectory(at)).filter((name) => /^cpu\d+$/.test(name));
  const places = await Promise.all(
    processors.map(async (cpu) =>
      (await listDirectory(`${at}/${cpu}/cache`))
        .filter((name) => /^index\d+$/.test(name))
        .map((name) => `${at}/${cpu}/cache/${name}`),
    ),
  );
  const banks = await Promise.all(places.flat().map(bankAt));
  const unique = new Map(
    banks.flatMap((bank) => (bank ? [[`${bank.level} ${bank.type} ${bank.id}`, bank]] : [])),
  );
  return [...unique.values()].toSorted((a, b) => a.level - b.level || a.id - b.id);
}

/** Linux's names of what the first processor can do. */
export async function hostCpuFlags({
  procRoot = "/proc",
}: HostRoots = {}): Promise<readonly string[]> {
  const cpuinfo = (await readTextIfThere(`${procRoot}/cpuinfo`)) ?? "";
  return (/^flags\s*:\s*(.*)$/m.exec(cpuinfo)?.[1] ?? "").split(" ").filter((one) => one !== "");
}

/** `-m` and the memory that is not split into NUMA nodes. */
import { type CommandArg, flagArg, jsonArg, optionString, rawArg } from "./argument.ts";
import { hostNodes, hugepageKiB } from "./memory-policy.ts";
import { backingDefaults, hugepageDirectory, memoryBackend } from "./memory-backend.ts";
import type { CommandInput } from "./input.ts";

type Domain = CommandInput["domain"];

const KIB_PER_MIB = 1024;

/** QEMU wants whole MiB on x86. */
export const roundToMiB = (sizeKiB: number): number =>
  Math.ceil(sizeKiB / KIB_PER_MIB) * KIB_PER_MIB;

/** Memory modules come in pieces of 2 MiB. */
const MODULE_KIB = 2 * KIB_PER_MIB;
export const moduleKiB = (sizeKiB: number | undefined): number =>
  Math.ceil((sizeKiB ?? 0) / MODULE_KIB) * MODULE_KIB;

/** Memory that comes with hotpluggable devices, in KiB. */
const deviceMemoryKiB = ({ devices }: Domain): number =>
  (devices.memories ?? []).reduce((sum, memory) => sum + moduleKiB(memory.target?.sizeKiB), 0);

/** What the guest starts with, before any memory device. */
export function initialMemoryKiB(domain: Domain): number {
  const cells = domain.cpu?.numa?.cells ?? [];
  if (cells.length > 0) return cells.reduce((sum, cell) => sum + roundToMiB(cell.memoryKiB), 0);
  return roundToMiB(domain.memory.sizeKiB - deviceMemoryKiB(domain));
}

const hasNuma = (domain: Domain): boolean => (domain.cpu?.numa?.cells?.length ?? 0) > 0;

/** Id of the object that is the machine's RAM; absent with NUMA, and where the machine has no such thing. */
export function systemMemoryId({ domain, caps }: CommandInput): string | undefined {
  if (hasNuma(domain)) return undefined;
  return caps.machine(domain.os.type.machine)?.defaultRamId;
}

function sizeArg(domain: Domain): CommandArg {
  const size = initialMemoryKiB(domain);
  const { maxMemory } = domain;
  if (maxMemory === undefined) return rawArg("-m", String(size / KIB_PER_MIB), "/domain/memory");
  return rawArg(
    "-m",
    optionString(undefined, [
      ["size", `${size}k`],
      ["slots", maxMemory.slots],
      ["maxmem", `${roundToMiB(maxMemory.sizeKiB)}k`],
    ]),
    "/domain/maxMemory",
  );
}

function systemMemoryArgs(input: CommandInput, id: string): CommandArg[] {
  const { domain, caps, context } = input;
  const backing = domain.memoryBacking;
  const objects = memoryBackend(
    {
      id,
      sizeKiB: initialMemoryKiB(domain),
      fileName: id,
      ...backingDefaults(input),
      access: backing?.access?.mode,
      discard: backing?.discard,
      hugepageKiB: hugepageKiB(input, 0),
      ...hostNodes(input, undefined),
      canonicalPathForRam: caps.flags.has(
        "memory-backend-file.x-use-canonical-path-for-ramblock-id",
      )
        ? false
        : undefined,
    },
    context,
  );
  return objects.map((object) => jsonArg("-object", object, "/domain/memory"));
}

/** Boards without a memory object of their own take the path of a directory or file instead. */
function memoryPathArgs(input: CommandInput): CommandArg[] {
  const { domain, context } = input;
  if (hasNuma(domain)) return [];
  const origin = "/domain/memoryBacking";
  const backing = domain.memoryBacking;
  const pages = hugepageKiB(input, 0);
  const prealloc = pages !== undefined || backing?.allocation?.mode === "immediate";
  const path =
    pages === undefined
      ? backing?.source?.type === "file" && `${context.memoryBackingDir}/${context.shortName}/ram`
      : hugepageDirectory(pages, context);
  return [
    ...(prealloc ? [flagArg("-mem-prealloc", origin)] : []),
    ...(typeof path === "string" ? [rawArg("-mem-path", path, origin)] : []),
  ];
}

export function memoryArgs(input: CommandInput): CommandArg[] {
  const id = systemMemoryId(input);
  return [
    sizeArg(input.domain),
    ...(id === undefined ? memoryPathArgs(input) : systemMemoryArgs(input, id)),
  ];
}

export const overcommitArgs = ({ domain }: CommandInput): CommandArg[] => [
  rawArg(
    "-overcommit",
    optionString(undefined, [["mem-lock", domain.memoryBacking?.locked === true]]),
    "/domain/memoryBacking",
  ),
];

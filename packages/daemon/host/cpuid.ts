/**
 * The processor's own words about itself. CPUID is an instruction that any program may execute, but
 * none that Node offers, so that a few bytes of machine code are called: they put the four
 * registers where the caller wants them, and touch nothing else.
 */
import type { CpuLeaf } from "@vireo/model/cpu/cpu-facts";
import { callCode, codeAt } from "./machine-code.ts";

/** `void (uint32_t leaf, uint32_t subleaf, uint32_t registers[4])` by the System V convention. */
const CODE = [
  0x53, // push rbx, which belongs to the caller
  0x89,
  0xf8, // mov eax, edi
  0x89,
  0xf1, // mov ecx, esi
  0x49,
  0x89,
  0xd0, // mov r8, rdx
  0x0f,
  0xa2, // cpuid
  0x41,
  0x89,
  0x00, // mov [r8], eax
  0x41,
  0x89,
  0x58,
  0x04, // mov [r8 + 4], ebx
  0x41,
  0x89,
  0x48,
  0x08, // mov [r8 + 8], ecx
  0x41,
  0x89,
  0x50,
  0x0c, // mov [r8 + 12], edx
  0x5b, // pop rbx
  0xc3, // ret
] as const;

/** Leaves with features in sub-leaves, and how many of them. */
const SUB_LEAVES: ReadonlyMap<number, number> = new Map([
  [0x7, 3],
  [0xd, 2],
  [0xf, 2],
  [0x14, 2],
]);
/** The first leaf of each range tells the last one. */
const RANGES = [0, 0x80000000] as const;
/** More than any processor has in a range. */
const RANGE_LIMIT = 64;

const range = (first: number, last: number): readonly number[] =>
  last < first || last - first >= RANGE_LIMIT
    ? []
    : Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** What the processor that runs us answers; nothing where it is no x86_64 or code cannot be made. */
export function readCpuid(): readonly CpuLeaf[] {
  const code = process.arch === "x64" ? codeAt(CODE) : undefined;
  if (code === undefined) return [];
  const ask = (index: number, subIndex: number): CpuLeaf => {
    const registers = new Uint32Array(4);
    callCode(code, index, subIndex, registers);
    const [eax = 0, ebx = 0, ecx = 0, edx = 0] = registers;
    return { source: "cpuid", index, subIndex, eax, ebx, ecx, edx };
  };
  return RANGES.flatMap((first) => range(first, ask(first, 0).eax)).flatMap((index) =>
    Array.from({ length: SUB_LEAVES.get(index) ?? 1 }, (_, subIndex) => ask(index, subIndex)),
  );
}

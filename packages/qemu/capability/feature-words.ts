/** The CPUID registers of a running guest, as QEMU's CPU objects tell them (`feature-words`). */
import type { CpuLeaf } from "@vireo/model/cpu/cpu-facts";
import type { CpuRegister } from "@vireo/model/cpu/cpu-map";
import { isMessage } from "../qmp/parse-message.ts";

const REGISTERS: Readonly<Record<string, CpuRegister>> = {
  EAX: "eax",
  EBX: "ebx",
  ECX: "ecx",
  EDX: "edx",
};
const NOTHING = { source: "cpuid", eax: 0, ebx: 0, ecx: 0, edx: 0 } as const;

/** One leaf for all words of it; nothing when the answer is of another kind. */
export function leavesOfWords(answer: unknown): readonly CpuLeaf[] {
  const leaves = new Map<string, CpuLeaf>();
  for (const word of Array.isArray(answer) ? answer.filter(isMessage) : []) {
    const register = REGISTERS[String(word["cpuid-register"])];
    if (register === undefined) continue;
    const index = Number(word["cpuid-input-eax"]);
    const subIndex = Number(word["cpuid-input-ecx"] ?? 0);
    const key = `${index} ${subIndex}`;
    const known = leaves.get(key) ?? { ...NOTHING, index, subIndex };
    leaves.set(key, { ...known, [register]: Number(word["features"]) });
  }
  return [...leaves.values()];
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { leavesOfWords } from "./feature-words.ts";

test("feature words: registers of one leaf come together", () => {
  const word = (register: string, features: number, leaf = 7) => ({
    "cpuid-register": register,
    "cpuid-input-eax": leaf,
    "cpuid-input-ecx": 0,
    features,
  });
  const leaves = leavesOfWords([word("EBX", 2), word("ECX", 4), word("EDX", 8, 1), "odd"]);
  assert.deepEqual(leaves, [
    { source: "cpuid", index: 7, subIndex: 0, eax: 0, ebx: 2, ecx: 4, edx: 0 },
    { source: "cpuid", index: 1, subIndex: 0, eax: 0, ebx: 0, ecx: 0, edx: 8 },
  ]);
  assert.deepEqual(leavesOfWords({ class: "GenericError" }), []);
});

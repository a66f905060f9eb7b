import assert from "node:assert/strict";
import { test } from "node:test";
import { signatureFromWord } from "@vireo/model/cpu/cpu-facts";
import { hostCpu, hostCpuFlags } from "./cpu-facts.ts";
import { readCpuid } from "./cpuid.ts";

const skip = process.arch === "x64" ? false : "no x86_64 host";
/** Bits of leaf 1 that the kernel shows under the same name: register, position. */
const KNOWN = {
  fpu: ["edx", 0],
  sse2: ["edx", 26],
  cx16: ["ecx", 13],
  hypervisor: ["ecx", 31],
} as const;

test("cpuid: the processor says what the kernel says of it", { skip }, async () => {
  const one = readCpuid().find(({ index }) => index === 1);
  assert.ok(one !== undefined);
  const { signature } = await hostCpu();
  assert.deepEqual(signatureFromWord(one.eax), signature);
  const flags = new Set(await hostCpuFlags());
  for (const [name, [register, at]] of Object.entries(KNOWN))
    assert.equal(((one[register] >>> at) & 1) === 1, flags.has(name), name);
});

test("cpuid: every leaf is asked once", { skip }, () => {
  const asked = readCpuid().map(({ index, subIndex }) => `${index}.${subIndex}`);
  assert.ok(asked.length > 10);
  assert.equal(new Set(asked).size, asked.length);
});

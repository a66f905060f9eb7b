import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { readFlags } from "./flags.ts";

test("flags: each set bit gets its name", () => {
  assert.deepEqual(readFlags(5, { secure: 1, inactive: 2, updateCpu: 4 }, "qemuX"), {
    secure: true,
    updateCpu: true,
  });
  assert.deepEqual(readFlags(0x8000_0000, { enforce: 2 ** 31 }, "qemuX"), { enforce: true });
});

test("flags: an unknown bit is refused in libvirt's words", () => {
  assert.throws(
    () => readFlags(0x8000_0001, { secure: 1 }, "qemuDomainGetState"),
    (error) =>
      isError(error, "invalidArg") &&
      error.message === "unsupported flags (0x80000000) in function qemuDomainGetState" &&
      error.str1 === "qemuDomainGetState" &&
      error.str2 === "flags" &&
      error.int1 === 0,
  );
});

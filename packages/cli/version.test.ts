import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { version } from "./version.ts";
import { formatVersion } from "./version-number.ts";

test("version: is the one of the package", async () => {
  const text = await readFile(new URL("package.json", import.meta.url), "utf8");
  assert.match(text, new RegExp(`"version": "${version}"`));
});

test("version: libvirt's numbers are taken apart", () => {
  assert.equal(formatVersion(9_000_000n), "9.0.0");
  assert.equal(formatVersion(7_002_022n), "7.2.22");
});

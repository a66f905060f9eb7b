import assert from "node:assert/strict";
import { test } from "node:test";
import { count } from "../catalog/option.ts";
import { parseNumber, parseSize } from "./parse-number.ts";

test("size: a bare number counts the scale, units count 1024 or 1000", () => {
  const sizes: readonly (readonly [string, bigint])[] = [
    ["1", 1024n],
    ["1b", 1n],
    ["1KB", 1000n],
    ["1k", 1024n],
    ["1KiB", 1024n],
    ["3G", 3n << 30n],
    ["2mb", 2_000_000n],
    ["0x10", 16n * 1024n],
  ];
  for (const [word, bytes] of sizes) assert.equal(parseSize(word, 1024), bytes, word);
  for (const word of ["", "x", "1foo", "-1", "99999999999E", "1 2"])
    assert.equal(parseSize(word, 1), undefined, word);
});

test("number: limits follow the kind", () => {
  assert.equal(parseNumber(count("int", ""), "n", "-2147483648"), -2_147_483_648);
  assert.throws(() => parseNumber(count("int", ""), "n", "2147483648"));
  assert.equal(parseNumber(count("uint", ""), "n", "4294967295"), 4_294_967_295);
  assert.equal(parseNumber(count("uint", ""), "n", "-1"), 4_294_967_295);
  assert.equal(parseNumber(count("long", ""), "n", "18446744073709551615"), 2n ** 64n - 1n);
  assert.throws(() => parseNumber(count("long", ""), "n", "18446744073709551616"));
  assert.equal(parseNumber(count("int", ""), "n", "010"), 8);
});

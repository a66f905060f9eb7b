import assert from "node:assert/strict";
import { test } from "node:test";
import { argvOf, flagArg, jsonArg, optionString, rawArg } from "./argument.ts";

test("option string: commas are doubled, absent pairs left out, booleans are on and off", () => {
  assert.equal(
    optionString("socket,x", [
      ["path", "/a,b"],
      ["wait", false],
      ["server", true],
      ["reconnect", undefined],
      ["n", 3],
    ]),
    "socket,,x,path=/a,,b,wait=off,server=on,n=3",
  );
});

test("option string: without a head it begins with the first pair", () => {
  assert.equal(optionString(undefined, [["base", "utc"]]), "base=utc");
});

test("argv: options with and without value, in order", () => {
  const args = [
    flagArg("-S", "/domain"),
    rawArg("-m", "214", "/domain/memory"),
    jsonArg("-object", { id: "a", wwn: 5764824127192592812n, gone: undefined }, "/domain"),
  ];
  assert.deepEqual(argvOf(args), [
    "-S",
    "-m",
    "214",
    "-object",
    '{"id":"a","wwn":5764824127192592812}',
  ]);
});

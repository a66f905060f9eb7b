import assert from "node:assert/strict";
import { test } from "node:test";
import { typedParam } from "./program/remote/type.ts";
import { checkParams, param, recordOf, typeOfParam } from "./typed-param.ts";
import { array } from "./xdr/sequence.ts";
import { decode, encode } from "./xdr/xdr-type.ts";

const PARAMS = [
  param.int("i", -1),
  param.uint("u", 1),
  param.llong("l", -2),
  param.ullong("ul", 9007199254740991n),
  param.double("d", 0.5),
  param.boolean("b", true),
  param.string("s", "x"),
];

test("typed-param: every type survives the wire", () => {
  const type = array(typedParam, 16);
  const again = decode(type, encode(type, PARAMS, { limit: 1000 }));
  assert.deepEqual(again.map(typeOfParam), [
    "int",
    "uint",
    "llong",
    "ullong",
    "double",
    "boolean",
    "string",
  ]);
  assert.deepEqual(recordOf(again), {
    i: -1,
    u: 1,
    l: -2n,
    ul: 9007199254740991n,
    d: 0.5,
    b: true,
    s: "x",
  });
});

test("typed-param: what may not be set is refused in libvirt's words", () => {
  const allowed = { weight: "uint", path: "string" } as const;
  const check = (...params: Parameters<typeof checkParams>[0]): void => {
    checkParams(params, allowed, new Set(["path"]));
  };
  check(param.uint("weight", 1), param.string("path", "a"), param.string("path", "b"));
  assert.throws(
    () => {
      check(param.uint("x", 1));
    },
    { kind: "unsupported", message: "parameter 'x' not supported" },
  );
  assert.throws(
    () => {
      check(param.string("weight", "1"));
    },
    { kind: "invalid", message: "invalid type 'string' for parameter 'weight', expected 'uint'" },
  );
  assert.throws(
    () => {
      check(param.uint("weight", 1), param.uint("weight", 2));
    },
    { kind: "invalid", message: "parameter 'weight' occurs multiple times" },
  );
  assert.throws(
    () => {
      check(param.uint("toString", 1));
    },
    { kind: "unsupported" },
  );
});

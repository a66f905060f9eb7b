import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PROGRAMS } from "../program/layout.ts";
import { optional, struct, union } from "./composite.ts";
import type { Layout, ScalarKind } from "./layout.ts";
import { char, double, hyper, int32, uchar, uhyper, uint32, ushort } from "./scalar.ts";
import { array, cBytes, charArray, chars, cText, opaque, string, uuid } from "./sequence.ts";
import { XdrError } from "./xdr-error.ts";
import { decode, encode, type XdrType } from "./xdr-type.ts";

const LIMIT = { limit: 33_554_408 };
const hexOf = <T>(type: XdrType<T>, value: T): string => encode(type, value, LIMIT).toString("hex");
const fromHex = <T>(type: XdrType<T>, hex: string): T => decode(type, Buffer.from(hex, "hex"));

const noNul = fc.string({ unit: "grapheme", maxLength: 40 }).filter((s) => !s.includes("\0"));
const bytes = fc.uint8Array({ maxLength: 40 }).map((b) => Buffer.from(b));
const int = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

const SCALARS: Readonly<Record<ScalarKind, fc.Arbitrary<unknown>>> = {
  void: fc.constant(undefined),
  int: int(-0x8000_0000, 0x7fff_ffff),
  enum: int(-0x8000_0000, 0x7fff_ffff),
  uint: int(0, 0xffff_ffff),
  char: int(-128, 127),
  uchar: int(0, 255),
  ushort: int(0, 65_535),
  hyper: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
  uhyper: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  double: fc.double({ noNaN: true }),
};

/** Values of a layout. */
function valueOf(layout: Layout): fc.Arbitrary<unknown> {
  switch (layout.kind) {
    case "string":
      return noNul;
    case "opaque":
      return "size" in layout ? fc.uuid() : bytes;
    case "optional":
      return fc.option(valueOf(layout.element), { nil: null });
    case "array":
      return arrayOf(layout);
    case "struct":
      return fc.record(Object.fromEntries(layout.fields.map((f) => [f.name, valueOf(f.layout)])), {
        noNullPrototype: true,
      });
    case "union":
      return fc.oneof(
        ...layout.arms.map((a) => valueOf(a.layout).map((value) => ({ type: a.tag, value }))),
      );
    default:
      return SCALARS[layout.kind];
  }
}

function arrayOf(layout: Layout & { readonly kind: "array" }): fc.Arbitrary<unknown> {
  const characters = layout.element.kind === "char";
  if (characters && "size" in layout)
    return noNul.filter((s) => Buffer.byteLength(s) <= layout.size);
  if (characters) return bytes;
  const most = "max" in layout ? layout.max : layout.size;
  return fc.array(valueOf(layout.element), { maxLength: Math.min(4, most) });
}

test("xdr: every declared body survives encode and decode", () => {
  const types = PROGRAMS.flatMap((p) => Object.values(p.procedures)).flatMap((p) =>
    p.kind === "call" ? [p.args, p.ret] : [p.message],
  );
  for (const type of types) {
    fc.assert(
      fc.property(valueOf(type.layout), (value) => {
        const wire = encode(type, value, LIMIT);
        assert.equal(wire.length % 4, 0);
        assert.deepEqual(decode(type, wire), value);
      }),
      { numRuns: 4 },
    );
  }
});

test("xdr: random bytes give a value or an XdrError, never anything else", () => {
  const types = PROGRAMS.flatMap((p) => Object.values(p.procedures)).flatMap((p) =>
    p.kind === "call" ? [p.args] : [],
  );
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 200 }), (type, junk) => {
      try {
        decode(type, Buffer.from(junk));
      } catch (error) {
        assert.ok(error instanceof XdrError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});

test("xdr: a truncated body is refused", () => {
  const type = struct({ name: string(10), data: opaque(10), n: array(hyper, 3) });
  const wire = encode(type, { name: "abc", data: Buffer.of(1), n: [1n, 2n] }, LIMIT);
  for (let length = 0; length < wire.length; length++) {
    assert.throws(() => decode(type, wire.subarray(0, length)), XdrError);
  }
});

test("xdr: bytes on the wire", () => {
  assert.equal(hexOf(string(9), "hello"), "0000000568656c6c6f000000");
  assert.equal(hexOf(opaque(9), Buffer.of(1, 2, 3)), "0000000301020300");
  assert.equal(hexOf(hyper, -2n), "fffffffffffffffe");
  assert.equal(hexOf(double, 1.5), "3ff8000000000000");
  assert.equal(hexOf(ushort, 7), "00000007");
  assert.equal(hexOf(optional(int32), null), "00000000");
  assert.equal(hexOf(optional(int32), 5), "0000000100000005");
  assert.equal(
    hexOf(uuid, "c7a5fdbd-edaf-9455-926a-d65c16db1809"),
    "c7a5fdbdedaf9455926ad65c16db1809",
  );
  assert.equal(hexOf(chars(9), Buffer.of(0x41, 0xff)), "0000000200000041ffffffff");
  assert.equal(hexOf(charArray(3), "ab"), "000000610000006200000000");
  assert.equal(hexOf(union({ 7: string(4) }), { type: 7, value: "x" }), "000000070000000178000000");
});

test("xdr: what lenient peers send is understood", () => {
  assert.equal(fromHex(optional(int32), "0100000000000005"), 5, "any non-zero flag is true");
  assert.equal(fromHex(string(4), "00000001780a0b0c"), "x", "padding is not looked at");
  assert.equal(fromHex(int32, "00000005deadbeef"), 5, "extra bytes are ignored");
  assert.equal(fromHex(uchar, "00000105"), 5, "narrow types are cut off");
  assert.equal(fromHex(char, "000000ff"), -1);
});

test("xdr: limits hold both ways", () => {
  assert.throws(() => hexOf(string(2), "abc"), /exceeds the limit of 2/u);
  assert.throws(() => fromHex(string(2), "0000000361626300"), /exceeds the limit of 2/u);
  assert.throws(() => hexOf(array(int32, 1), [1, 2]), /exceeds the limit of 1/u);
  assert.throws(() => fromHex(array(int32, 1_000_000), "000f4240"), /exceeds the 0 bytes/u);
  assert.throws(() => hexOf(uint32, -1), /no value of type uint/u);
  assert.throws(() => hexOf(uhyper, 1n << 64n), /no value of type uhyper/u);
  assert.throws(() => hexOf(int32, 1.5), /no value of type int/u);
  assert.throws(() => hexOf(string(9), "a\0b"), /NUL/u);
  assert.throws(() => fromHex(string(9), "0000000361006200"), /NUL/u);
  assert.throws(() => encode(string(100), "a".repeat(50), { limit: 40 }), /exceeds 40 bytes/u);
  assert.throws(() => fromHex(union({ 1: int32 }), "0000000900000000"), /discriminant 9/u);
  assert.throws(() => hexOf(uuid, "nonsense"), /no UUID/u);
});

test("xdr: an error names the field", () => {
  const type = struct({ dom: struct({ id: int32 }) });
  assert.throws(() => hexOf(type, { dom: { id: 0.5 } }), /^XdrError: dom: id: 0.5/u);
});

test("xdr: C text has its terminating NUL", () => {
  assert.deepEqual(cBytes("none"), Buffer.from("none\0"));
  assert.equal(cText(Buffer.from("none\0rest")), "none");
  assert.equal(cText(Buffer.from("none")), "none");
});

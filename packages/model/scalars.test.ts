import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isMulticastMac, macFromRandom, parseMac } from "./mac.ts";
import { cpuSet, formatCpuSet, parseCpuSet } from "./schema/cpu-set.ts";
import { hex, int, oneOf, type Scalar, uint, ulong, unless, yesNo } from "./schema/scalar.ts";
import { KIB, MIB, prettySize, scale } from "./schema/unit.ts";
import { formatSize, parseSize } from "./size.ts";
import { isValidUuid, parseUuid, uuidBytes, uuidFromBytes, uuidFromRandom } from "./uuid.ts";

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

test("uuid: bytes and text convert both ways", () => {
  fc.assert(
    fc.property(bytes(16), (raw) => {
      const text = uuidFromBytes(raw);
      assert.deepEqual([...uuidBytes(text)], [...raw]);
      assert.equal(parseUuid(text.toUpperCase()), text);
      assert.equal(parseUuid(` ${text.replaceAll("-", "")} `), text);
    }),
  );
});

test("uuid: random ones are of version 4", () => {
  fc.assert(
    fc.property(bytes(16), (raw) => {
      assert.match(
        uuidFromRandom(raw),
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});

test("uuid: what is none is refused", () => {
  for (const text of [
    "",
    "zz",
    "c7a5fdbd-edaf-9455-926a-d65c16db180",
    "c7a5fdbd-edaf-9455-926a-d65c16db18099",
  ])
    assert.equal(parseUuid(text), undefined);
  assert.equal(isValidUuid("00000000-0000-0000-0000-000000000000"), false);
  assert.equal(isValidUuid("c7a5fdbd-edaf-9455-926a-d65c16db1809"), true);
});

test("mac: short pairs and capitals become libvirt's form", () => {
  assert.equal(parseMac("52:54:0:AB:c:9"), "52:54:00:ab:0c:09");
  for (const text of [
    "",
    "52:54:00:00:00",
    "52:54:00:00:00:00:00",
    "5g:54:00:00:00:00",
    "524:54:0:0:0:0",
  ])
    assert.equal(parseMac(text), undefined);
  fc.assert(
    fc.property(bytes(3), (raw) => {
      const made = macFromRandom("52:54:00", raw);
      assert.equal(parseMac(made), made);
      assert.equal(isMulticastMac(made), false);
    }),
  );
  assert.equal(isMulticastMac("01:00:5e:00:00:01"), true);
});

test("size: units are powers of 1024, those ending in B of 1000", () => {
  assert.deepEqual(
    ["1", "1k", "1KiB", "1kB", "2 GiB", "1b", "1x", "", "-1", "9999999EiB"].map((text) =>
      parseSize(text),
    ),
    [1, 1024, 1024, 1000, 2 * 1024 ** 3, 1, undefined, undefined, undefined, undefined],
  );
  assert.deepEqual(
    [parseSize("5", "M"), formatSize(1536 * 1024 ** 2), formatSize(512)],
    [5 * 1024 ** 2, "1.50 GiB", "512 bytes"],
  );
});

test("scale: rounds up, and pretty sizes scale back", () => {
  assert.equal(scale("1", { word: "b", assumed: KIB, unit: KIB }), 1);
  assert.equal(scale("1025", { word: "bytes", assumed: KIB, unit: KIB }), 2);
  assert.deepEqual(
    [
      scale("x", { word: undefined, assumed: KIB, unit: KIB }),
      scale("1", { word: "q", assumed: KIB, unit: KIB }),
    ],
    ["number", "unit"],
  );
  assert.equal(scale("99999999999999999999", { word: "K", assumed: KIB, unit: KIB }), "range");
  fc.assert(
    fc.property(fc.nat(), (value) => {
      const pretty = prettySize(value, MIB);
      assert.equal(
        scale(String(pretty.value), { word: pretty.unit, assumed: KIB, unit: MIB }),
        value,
      );
    }),
  );
});

const roundTrip = <T>(scalar: Scalar<T>, values: fc.Arbitrary<T>): void =>
  fc.assert(
    fc.property(values, (value) => assert.deepEqual(scalar.read(scalar.write(value)), value)),
  );

test("scalars: what is written is read back", () => {
  roundTrip(uint, fc.nat());
  roundTrip(int, fc.integer());
  roundTrip(ulong, fc.maxSafeNat());
  roundTrip(hex(4), fc.nat({ max: 0xffff }));
  roundTrip(yesNo, fc.boolean());
  roundTrip(oneOf("a", "b"), fc.constantFrom("a", "b"));
  const set = fc
    .uniqueArray(fc.nat({ max: 500 }), { minLength: 1 })
    .map((all) => all.sort((a, b) => a - b));
  roundTrip<readonly number[]>(cpuSet, set);
});

test("scalars: any text is read or refused, never misread", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const scalar of [uint, int, ulong, hex(2)]) {
        const value = scalar.read(text);
        if (value !== undefined) assert.equal(Number(text), value);
      }
    }),
  );
  assert.equal(uint.read("4294967296"), undefined);
  assert.equal(uint.read("0x1f"), 31);
  assert.equal(uint.read("-1"), undefined);
  assert.equal(unless("default", oneOf("a")).absent, "default");
});

test("cpuSet: exclusions, runs, and what is no set", () => {
  assert.deepEqual(parseCpuSet("0-3,^2,8"), [0, 1, 3, 8]);
  assert.equal(formatCpuSet([0, 1, 3, 8, 9, 10]), "0-1,3,8-10");
  for (const text of ["", "a", "3-1", "1-", "99999999"]) assert.equal(parseCpuSet(text), undefined);
  assert.equal(cpuSet.read("0,^0"), undefined);
});

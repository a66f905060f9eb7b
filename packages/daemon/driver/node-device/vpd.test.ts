import assert from "node:assert/strict";
import { test } from "node:test";
import { parseVpd } from "./vpd.ts";

const part = (tag: number, data: readonly number[]): readonly number[] => [
  tag,
  data.length % 256,
  Math.floor(data.length / 256),
  ...data,
];
const field = (key: string, value: string): readonly number[] => [
  ...Buffer.from(key),
  value.length,
  ...Buffer.from(value),
];

/** With a sum that makes 0 of all before it, and itself. */
function card(fixed: readonly number[]): Buffer {
  const head = [
    ...part(0x82, [...Buffer.from("Card")]),
    ...part(0x90, [...fixed, ...Buffer.from("RV"), 1, 0]),
  ];
  const sum = head.reduce((total, byte) => total + byte, 0);
  return Buffer.from([...head.slice(0, -1), (256 - (sum % 256)) % 256, 0x78]);
}

test("vital product data: a name and fields, of which those that are no text are left out", () => {
  const fixed = [...field("PN", "A-1"), ...field("SN", "\u0001"), ...field("VZ", "own ")];
  assert.deepEqual(parseVpd(card(fixed)), {
    type: "vpd",
    name: "Card",
    fields: [
      { access: "readonly", partNumber: "A-1", vendorFields: [{ index: "Z", value: "own" }] },
    ],
  });
});

test("vital product data: nothing of what is damaged, cut off or endless", () => {
  const whole = card(field("PN", "A-1"));
  for (let length = 0; length < whole.length; length += 1)
    assert.equal(parseVpd(whole.subarray(0, length)), undefined, `${length} bytes`);
  const damaged = Buffer.from(whole);
  damaged.writeUInt8(0x42, 4);
  assert.equal(parseVpd(damaged), undefined);
  assert.equal(parseVpd(Buffer.alloc(32_768)), undefined);
  assert.equal(parseVpd(Buffer.alloc(32_768, 0xff)), undefined);
});

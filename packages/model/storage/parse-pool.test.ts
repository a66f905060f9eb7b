import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPool, parsePool } from "./parse-pool.ts";
import { formatVolume, parseVolume } from "./parse-volume.ts";

const newUuid = (): string => "11111111-2222-4333-8444-555555555555";
const pool = (xml: string) => parsePool(xml, newUuid).pool;

test("pool: what its kind implies is filled in, and sizes mean nothing", () => {
  const made = pool(
    "<pool type='logical'><source><name>vg</name></source><capacity>7</capacity></pool>",
  );
  assert.equal(made.name, "vg");
  assert.equal(made.uuid, newUuid());
  assert.equal(made.target?.path, "/dev/vg");
  assert.equal(made.source?.format?.type, "lvm2");
  assert.equal(made.capacity, 0);
  assert.equal(formatPool(pool(formatPool(made))), formatPool(made));
});

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ["<pool><name>p</name></pool>", /Missing required attribute 'type' in element 'pool'/],
  [
    "<pool type='tape'><name>p</name></pool>",
    /Invalid value for attribute 'type' in element 'pool': 'tape'/,
  ],
  ["<pool type='dir'><target><path>/x</path></target></pool>", /missing pool source name element/],
  [
    "<pool type='dir'><name>a/b</name><target><path>/x</path></target></pool>",
    /cannot contain '\/'/,
  ],
  ["<pool type='dir'><name>p</name></pool>", /missing storage pool target path/],
  ["<pool type='fs'><name>p</name><target><path>/x</path></target></pool>", /source device name/],
  ["<pool type='rbd'><name>p</name><source><name>q</name></source></pool>", /source host name/],
];

test("pool: what cannot be is refused in libvirt's words", () => {
  for (const [xml, complaint] of REFUSED) assert.throws(() => pool(xml), complaint, xml);
});

test("volume: capacity may be left out only where something else decides it", () => {
  const bare = "<volume><name>v</name></volume>";
  const layer = "<volume><name>v</name><backingStore><path>/b</path></backingStore></volume>";
  assert.throws(() => parseVolume("dir", bare), /missing capacity element/);
  assert.throws(() => parseVolume("dir", bare, { capacity: "backing" }), /missing capacity/);
  assert.equal(parseVolume("dir", layer, { capacity: "backing" }).capacity, 0);
  assert.equal(parseVolume("dir", bare, { capacity: "none" }).capacity, 0);
});

test("volume: reads back what it prints", () => {
  const text = "<volume><name>v</name><capacity unit='M'>1</capacity></volume>";
  const volume = parseVolume("dir", text);
  assert.equal(volume.capacity, 1 << 20);
  assert.deepEqual(volume.target?.format, { type: "raw" });
  assert.deepEqual(parseVolume("dir", formatVolume(volume)), volume);
  assert.throws(
    () =>
      parseVolume("dir", text.replace("</volume>", "<target><format type='x'/></target></volume>")),
    /unknown volume format type x/,
  );
});

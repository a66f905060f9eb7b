import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Packet, type PacketHeader, PacketError, rawPacket } from "./packet.ts";
import { PacketReader } from "./packet-reader.ts";

const word = fc.nat(0xffff_ffff);
const header = fc.record<PacketHeader>({
  program: word,
  version: word,
  procedure: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  type: fc.constantFrom(0, 1, 2, 3, 6, 77),
  serial: word,
  status: word,
});
/** The data of streams comes out in pieces: it has a test of its own. */
const isStreamData = ({ type, status }: PacketHeader): boolean => type === 3 && status === 2;
const whole = header.filter((one) => !isStreamData(one));
const packet = fc.tuple(whole, fc.uint8Array({ maxLength: 60 }));

/** Everything a reader gives for bytes that arrive in pieces. */
function readAll(bytes: Buffer, sizes: readonly number[]): readonly Packet[] {
  const reader = new PacketReader();
  const packets: Packet[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    reader.push(bytes.subarray(at, at + size));
    at += size;
    for (let p = reader.next(); p !== undefined; p = reader.next()) packets.push(p);
  }
  return packets;
}

test("packet-reader: packets come out whole however their bytes arrive", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 8 }), sizes, (sent, pieces) => {
      const bytes = Buffer.concat(sent.map(([head, body]) => rawPacket(head, body)));
      const received = readAll(bytes, pieces);
      const expected = sent.map(([head, body]) => ({
        ...head,
        body: Buffer.from(body),
        fdCount: 0,
      }));
      assert.deepEqual(
        received.map((p) => ({ ...p, body: Buffer.from(p.body) })),
        expected,
      );
    }),
  );
});

test("packet-reader: carrier bytes of descriptors are waited for and skipped", () => {
  const head = { program: 1, version: 1, procedure: 1, type: 4, serial: 1, status: 0 };
  const bytes = Buffer.concat([
    rawPacket(head, Buffer.of(0, 0, 0, 2, 9, 9, 9, 9)),
    Buffer.of(0, 0),
    rawPacket({ ...head, type: 0 }),
  ]);
  const [first, second] = readAll(bytes, [1]);
  assert.equal(first?.fdCount, 2);
  assert.deepEqual(first.body, Buffer.of(9, 9, 9, 9));
  assert.equal(second?.type, 0);
});

test("packet-reader: impossible lengths and descriptor counts are refused at once", () => {
  for (const length of [0, 27, 33_554_437]) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(length);
    assert.throws(() => readAll(bytes, [4]), PacketError);
  }
  const head = { program: 1, version: 1, procedure: 1, type: 4, serial: 1, status: 0 };
  assert.throws(() => readAll(rawPacket(head, Buffer.of(0, 0, 0, 33)), [100]), PacketError);
  assert.throws(() => readAll(rawPacket(head), [100]), PacketError);
});

test("packet-reader: data of a stream comes out as it arrives, from memory that is lent", () => {
  const head = { program: 1, version: 1, procedure: 1, type: 3, serial: 7, status: 2 };
  const bytes = Buffer.concat([
    rawPacket(head, Buffer.from("a stream of data")),
    rawPacket(head), // its end
    rawPacket({ ...head, type: 0, status: 0 }, Buffer.from("call")),
  ]);
  const reader = new PacketReader();
  const lent = Buffer.alloc(33);
  const bodies: string[] = [];
  const calls: Packet[] = [];
  for (let at = 0; at < bytes.length; at += lent.length) {
    reader.push(lent.subarray(0, bytes.copy(lent, 0, at)), true);
    for (let p = reader.next(); p !== undefined; p = reader.next())
      if (p.type === 0) calls.push(p);
      else bodies.push(p.body.toString());
    reader.keep();
    lent.fill("x");
  }
  assert.deepEqual(bodies.slice(0, -1).join(""), "a stream of data");
  assert.ok(bodies.length > 2);
  assert.equal(bodies.at(-1), "");
  assert.equal(calls[0]?.body.toString(), "call");
});

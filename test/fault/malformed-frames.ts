/**
 * Frames that no honest client sends, always the same ones for the same seed, and the attack that
 * sends them: whatever a daemon does with a frame, it must go on serving others.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { RpcClient } from "@vireo/rpc/client";
import { MAX_PACKET_BYTES, PacketType, rawPacket } from "@vireo/rpc/packet";
import { keepalive } from "@vireo/rpc/program/keepalive";
import type { Program } from "@vireo/rpc/program/procedure";
import { qemu } from "@vireo/rpc/program/qemu";
import { remote } from "@vireo/rpc/program/remote";
import { vireo } from "@vireo/rpc/program/vireo";

const PROGRAMS: readonly Program[] = [remote, qemu, vireo];
const FRAMES_BETWEEN_CHECKS = 25;
/** A daemon that has not answered a ping by then waits for the rest of a frame. */
const ANSWER_MS = 20;

/** A repeatable source of numbers below `below` (mulberry32). */
type Random = (below: number) => number;

function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b_79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

const junk = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random(256)));

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random(items.length)];
  assert.ok(item !== undefined);
  return item;
}

/** A header that names an existing call. */
function anyCall(random: Random): Parameters<typeof rawPacket>[0] {
  const program = pick(random, PROGRAMS);
  const procedure = pick(random, Object.values(program.procedures)).number;
  const numbers = { program: program.number, version: program.version, procedure };
  return { ...numbers, type: PacketType.call, serial: random(1000), status: 0 };
}

const KINDS: readonly ((random: Random) => Buffer)[] = [
  // no packet at all
  (random) => junk(random, 1 + random(400)),
  // lengths that cannot be, or that promise more than comes
  (random) => withLength(rawPacket(anyCall(random)), pick(random, [0, 1, 27, 0xffff_ffff])),
  (random) => withLength(rawPacket(anyCall(random)), MAX_PACKET_BYTES + random(2)),
  (random) => withLength(rawPacket(anyCall(random)), 29 + random(1000)),
  // a frame cut off in the middle
  (random) => cut(random, rawPacket(anyCall(random), junk(random, 100))),
  // programs, versions, procedures, types and statuses that do not exist
  (random) => rawPacket({ ...anyCall(random), program: random(0xffff_ffff) }),
  (random) => rawPacket({ ...anyCall(random), version: 2 + random(99) }),
  (random) => rawPacket({ ...anyCall(random), procedure: 500 + random(0x7fff_0000) }),
  (random) =>
    rawPacket({ ...anyCall(random), type: random(20), status: random(9) }, junk(random, 40)),
  // arguments that are none
  (random) => rawPacket(anyCall(random), junk(random, random(600))),
  (random) => rawPacket(anyCall(random), Buffer.alloc(4 + random(64), 0xff)),
  (random) => rawPacket(anyCall(random), hugeCounts(random)),
  // descriptors that do not come
  (random) =>
    rawPacket({ ...anyCall(random), type: PacketType.callWithFds }, junk(random, random(9))),
  // streams that were never opened
  (random) =>
    rawPacket({ ...anyCall(random), type: PacketType.stream, status: 2 }, junk(random, 50)),
];

function withLength(packet: Buffer, length: number): Buffer {
  packet.writeUInt32BE(length, 0);
  return packet;
}

const cut = (random: Random, packet: Buffer): Buffer =>
  packet.subarray(0, 1 + random(packet.length - 1));

/** Words that claim a string or array of millions, wherever one is expected. */
function hugeCounts(random: Random): Buffer {
  const words = Buffer.alloc(4 * (2 + random(30)));
  for (let at = 0; at < words.length; at += 4) {
    words.writeUInt32BE(pick(random, [1, 0x0040_0000, 0x00ff_ffff, 0x7fff_ffff]), at);
  }
  return words;
}

/** So many malformed frames. */
export function malformedFrames(count: number, seed: number): readonly Buffer[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, i) => pick(() => i % KINDS.length, KINDS)(random));
}

/** How to reach the daemon under attack. */
export type Dial = () => Duplex;

/** Dial a unix socket. */
export const dialPath =
  (path: string): Dial =>
  () =>
    connect({ path });

/** Send every frame on a connection of its own; between them, an honest client must be served. */
export async function attack(dial: Dial, frames: readonly Buffer[]): Promise<void> {
  for (const [i, frame] of frames.entries()) {
    await throwAt(dial, frame);
    if (i % FRAMES_BETWEEN_CHECKS === 0) await assertServes(dial);
  }
  await assertServes(dial);
}

const PING = rawPacket({
  program: keepalive.number,
  version: keepalive.version,
  procedure: keepalive.procedures.ping.number,
  type: PacketType.message,
  serial: 0,
  status: 0,
});

/** Send a frame and a ping; hang up when anything is answered, or when the daemon waits for more. */
function throwAt(dial: Dial, frame: Buffer): Promise<void> {
  const socket = dial();
  const deadline = setTimeout(() => socket.end(), ANSWER_MS);
  socket.on("error", () => undefined);
  socket.on("data", () => socket.destroy());
  socket.write(Buffer.concat([frame, PING]));
  return new Promise((resolve) => {
    socket.once("close", () => {
      clearTimeout(deadline);
      resolve();
    });
  });
}

/** An honest client gets its answer. */
export async function assertServes(dial: Dial): Promise<void> {
  const client = new RpcClient(dial());
  try {
    const { types } = await client.call(remote, "authList", undefined, { timeoutMs: 5000 });
    assert.equal(types.length, 1);
  } finally {
    client.close();
  }
}

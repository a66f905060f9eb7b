import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUevent } from "./uevent-socket.ts";

const WORDS = [
  "ACTION=move",
  "DEVPATH=/devices/virtual/net/b",
  "SUBSYSTEM=net",
  "DEVPATH_OLD=/devices/virtual/net/a",
];
const MOVED = {
  action: "move",
  path: "/devices/virtual/net/b",
  subsystem: "net",
  oldPath: "/devices/virtual/net/a",
};
const bytes = (...words: readonly string[]): Buffer => Buffer.from(`${words.join("\0")}\0`);

test("uevent: the kernel's words, after the event itself", () => {
  assert.deepEqual(parseUevent(bytes("move@/devices/virtual/net/b", ...WORDS)), MOVED);
  assert.equal(parseUevent(bytes("ACTION=add", "SUBSYSTEM=net")), undefined);
});

test("uevent: udev's words, behind its header", () => {
  const header = Buffer.alloc(40);
  header.write("libudev\0", "latin1");
  header.writeUInt32BE(0xfeedcafe, 8);
  header.writeUInt32LE(40, 16);
  assert.deepEqual(parseUevent(Buffer.concat([header, bytes(...WORDS)])), MOVED);
  header.writeUInt32LE(4_000_000, 16);
  assert.equal(parseUevent(header), undefined);
});

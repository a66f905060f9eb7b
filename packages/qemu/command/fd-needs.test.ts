import assert from "node:assert/strict";
import { test } from "node:test";
import { FdNeeds, NamedFds } from "./fd-needs.ts";

const tap = (queue: number) => ({ kind: "tap", id: "net0", queue, origin: "/domain" }) as const;

test("descriptors: a new process finds them counted from 3", () => {
  const fds = new FdNeeds();
  assert.deepEqual([fds.take(tap(0)), fds.take(tap(1))], [3, 4]);
  assert.deepEqual(
    fds.granted.map(({ fd, queue }) => [fd, queue]),
    [
      [3, 0],
      [4, 1],
    ],
  );
});

test("descriptors: a running QEMU is sent them by names of their own", () => {
  const fds = new NamedFds(7);
  const names = [fds.take(tap(0)), fds.take(tap(1))];
  assert.equal(new Set(names).size, 2);
  assert.ok(names.every((name) => /^[a-z]/.test(name)));
  assert.deepEqual([fds.newSet(), fds.newSet()], [7, 8]);
});

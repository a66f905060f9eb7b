import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { backingString } from "./backing-string.ts";
import { parseBacking } from "./parse-backing.ts";
import type { StorageSource } from "./storage-source.ts";

/** Texts that come back as they were written. */
const SAME: readonly (readonly [text: string, StorageSource])[] = [
  ["/a/b.img", { type: "file", path: "/a/b.img" }],
  ["fat:/d", { type: "dir", path: "/d" }],
  [
    "nbd://h:10809/e",
    {
      type: "network",
      protocol: "nbd",
      hosts: [{ transport: "tcp", name: "h", port: 10809 }],
      name: "e",
    },
  ],
  [
    "https://h:443/x?a=b",
    {
      type: "network",
      protocol: "https",
      hosts: [{ transport: "tcp", name: "h", port: 443 }],
      name: "x",
      query: "a=b",
    },
  ],
];

for (const [text, source] of SAME)
  test(`backing: ${text}, both ways`, () => {
    assert.deepEqual(parseBacking(text).source, source);
    assert.equal(backingString(source), text);
  });

test("backing: JSON with dotted members and with nested ones is the same", () => {
  const dotted = 'json:{"file.driver":"nbd","file.server.type":"unix","file.server.path":"/s"}';
  const nested = 'json:{"file":{"driver":"nbd","server":{"type":"unix","path":"/s"}}}';
  assert.deepEqual(parseBacking(dotted), parseBacking(nested));
});

test("backing: a raw layer with an offset is a slice", () => {
  const text = 'json:{"driver":"raw","offset":5,"size":7,"file":{"driver":"file","filename":"/a"}}';
  assert.deepEqual(parseBacking(text), {
    source: { type: "file", path: "/a" },
    slice: { offset: 5, size: 7 },
  });
});

test("backing: a slice is written as JSON that reads back", () => {
  const backing = { source: { type: "file", path: "/a" } as const, slice: { offset: 5, size: 7 } };
  assert.deepEqual(parseBacking(backingString(backing.source, backing.slice)), backing);
});

for (const text of [
  "://",
  "json:nonsense",
  'json:{"file.driver":"blah"}',
  `json:${'{"file":'.repeat(50)}{}${"}".repeat(50)}`,
])
  test(`backing: ${text.slice(0, 30)} is refused`, () => {
    assert.throws(
      () => parseBacking(text),
      (error) => isError(error, "internalError"),
    );
  });

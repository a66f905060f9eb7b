import assert from "node:assert/strict";
import { test } from "node:test";
import { findOperation, OPERATIONS } from "./operations.ts";
import type { Operation } from "./operation.ts";

const all: (readonly [string, Operation])[] = Object.entries(OPERATIONS).flatMap(([noun, verbs]) =>
  Object.entries(verbs).map(([verb, one]): [string, Operation] => [`${noun}.${verb}`, one]),
);

test("operation: its name is its place in the list", () => {
  for (const [place, { name }] of all) assert.equal(name, place);
});

test("operation: each says what it does and what it needs", () => {
  for (const [place, { doc, access, input }] of all) {
    assert.match(doc, /^[A-Z].*\.$/, place);
    assert.ok(access.length > 0, `${place} needs a permission`);
    const fields = input.schema["properties"];
    assert.ok(typeof fields === "object" && fields !== null);
    const names = Object.keys(fields);
    for (const rule of access)
      if (typeof rule === "object") assert.ok(names.includes(rule.if), `${place}: ${rule.if}`);
  }
});

test("operation: what only looks does not wait in a queue", () => {
  for (const [place, { lane, access }] of all) {
    const looks = access.every(
      (rule) => typeof rule === "string" && /:(getattr|read|search)/.test(rule),
    );
    if (looks) assert.equal(lane, "read", place);
  }
});

test("operation: found by name, and nothing else is", () => {
  assert.equal(findOperation("domain.start"), OPERATIONS.domain.start);
  for (const name of ["domain.fly", "domain", "", "toString.call", "domain.constructor"])
    assert.equal(findOperation(name), undefined, name);
});

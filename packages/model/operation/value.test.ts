import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "../error.ts";
import { domainRef } from "./domain-value.ts";
import {
  count,
  dictionary,
  integer,
  list,
  oneOf,
  optional,
  record,
  text,
  truth,
  type Value,
} from "./value.ts";

const refused = (value: Value<unknown>, input: unknown, message: RegExp): void => {
  assert.throws(
    () => value.check(input, "in"),
    (error) => isError(error, "invalidArg") && message.test(error.message),
  );
};

test("value: a record keeps what is declared and refuses what is not", () => {
  const shape = record({ name: text, paused: optional(truth) });
  assert.deepEqual(shape.check({ name: "a" }, "in"), { name: "a" });
  assert.deepEqual(shape.check({ name: "a", paused: true }, "in"), { name: "a", paused: true });
  refused(shape, { name: "a", pausd: true }, /in: expected only name, paused, got "pausd"/);
  refused(shape, {}, /in\.name: expected a text, got nothing/);
  refused(shape, null, /in: expected an object/);
  refused(shape, [], /in: expected an object/);
});

test("value: numbers have limits", () => {
  assert.equal(count.check(0, "in"), 0);
  refused(count, -1, /from 0/);
  refused(count, 1.5, /an integer/);
  refused(count, "1", /an integer/);
  refused(integer(0, 5), 6, /from 0 to 5/);
});

test("value: lists and dictionaries check each item and name it", () => {
  refused(list(count), [1, "x"], /in\[1\]/);
  refused(list(count, 2), [1, 2, 3], /at most 2/);
  refused(dictionary(count), { a: "x" }, /in\.a/);
  assert.deepEqual(dictionary(count).check({ a: 1 }, "in"), { a: 1 });
});

test("value: one of several words", () => {
  assert.equal(oneOf("a", "b").check("b", "in"), "b");
  refused(oneOf("a", "b"), "c", /one of a, b/);
});

test("value: a domain is named by exactly one of UUID, name, id", () => {
  assert.deepEqual(domainRef.check({ name: "web1" }, "in"), { name: "web1" });
  assert.deepEqual(domainRef.check({ id: 3 }, "in"), { id: 3 });
  refused(domainRef, { name: "web1", id: 3 }, /one of the documented shapes/);
  refused(domainRef, {}, /one of the documented shapes/);
});

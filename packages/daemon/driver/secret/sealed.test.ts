import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { KEY_BYTES, seal, unseal } from "./sealed.ts";

const key = randomBytes(KEY_BYTES);
const value = Buffer.from("open sesame");

test("sealed: comes back, and never looks the same twice", () => {
  const text = seal(key, "a", value);
  assert.deepEqual(unseal(key, "a", text), value);
  assert.notEqual(seal(key, "a", value), text);
  assert.ok(!Buffer.from(text, "base64").includes(value));
});

test("sealed: nothing comes back for another secret, by another key or after a change", () => {
  const text = seal(key, "a", value);
  const changed = Buffer.from(text, "base64");
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  assert.throws(() => unseal(key, "b", text), /cannot be decrypted/);
  assert.throws(() => unseal(randomBytes(KEY_BYTES), "a", text), /cannot be decrypted/);
  assert.throws(() => unseal(key, "a", changed.toString("base64")), /cannot be decrypted/);
  assert.throws(() => unseal(key, "a", ""), /cannot be decrypted/);
});

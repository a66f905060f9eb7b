/** The catalogue has every word that the console says, and no more; no component has words of its own. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findOperation } from "@vireo/model/operation/operations";
import { STATE_REASONS } from "@vireo/model/state-reason";
import { en } from "./en.ts";

const HERE = join(import.meta.dirname, "..");
const sources = globSync("**/*.{ts,tsx}", {
  cwd: HERE,
  exclude: (name) => name === "node_modules" || name === "dist",
})
  .filter((path) => !path.startsWith("message") && !path.endsWith(".test.ts"))
  .map((path) => ({ path, text: readFileSync(join(HERE, path), "utf8") }));

/** `home.most.cpu` and so on; a plural is one word. */
function keysOf(words: object, before = ""): readonly string[] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) => {
    const name = `${before}${key.replace(/_(one|other)$/, "")}`;
    return typeof value === "object" && value !== null ? keysOf(value, `${name}.`) : [name];
  });
}
const known = new Set(keysOf(en));

/** Names in `t("…")`, and the fixed beginnings of those in t(`…${}`). */
const whole = (text: string): readonly string[] =>
  [...text.matchAll(/"([a-z][a-zA-Z]*(?:\.[a-zA-Z_]+)+)"/g)].map(([, key = ""]) => key);
const begun = (text: string): readonly string[] =>
  [...text.matchAll(/\bt\(\s*`([^`$]*)\$\{/g)].map(([, key = ""]) => key);

const TOPICS = new Set(Object.keys(en));

test("catalogue: every key that is asked for is there", () => {
  for (const { path, text } of sources) {
    for (const key of whole(text))
      if (TOPICS.has(key.split(".")[0] ?? "") && findOperation(key) === undefined)
        assert.ok(known.has(key), `${path}: ${key}`);
    for (const start of begun(text))
      assert.ok(
        [...known].some((key) => key.startsWith(start)),
        `${path}: ${start}`,
      );
  }
});

test("catalogue: no key is there that nobody asks for", () => {
  const all = sources.map(({ text }) => text);
  const asked = new Set(all.flatMap(whole));
  const starts = all.flatMap(begun);
  const unused = [...known].filter(
    (key) => !asked.has(key) && !starts.some((start) => start !== "" && key.startsWith(start)),
  );
  assert.deepEqual(unused, []);
});

test("catalogue: each reason of a state has its words", () => {
  for (const reason of Object.values(STATE_REASONS).flat())
    assert.ok(known.has(`reason.${reason}`), reason);
});

test("components: what is read aloud or shown in an attribute comes from the catalogue", () => {
  const literal =
    /\s(?:aria-label|label|title|titleText|placeholder|alt|term|confirm|about|toggleText|loginTitle)="([^"]*[a-z]{2}[^"]*)"/g;
  const found = sources.flatMap(({ path, text }) =>
    [...text.matchAll(literal)].map(([, words]) => `${path}: ${words}`),
  );
  assert.deepEqual(found, []);
});

test("components: each operation that is named exists", () => {
  for (const { path, text } of sources)
    for (const [, name = ""] of text.matchAll(/operation(?:: |=)"([\w.]+)"/g))
      assert.ok(findOperation(name), `${path}: ${name}`);
});

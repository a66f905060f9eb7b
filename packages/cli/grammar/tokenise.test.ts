import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { escapeShell } from "./escape.ts";
import { GrammarError } from "./grammar-error.ts";
import { tokenise } from "./tokenise.ts";

const cases: readonly (readonly [string, string[][]])[] = [
  ["list --all", [["list", "--all"]]],
  ["  list \t --all  ", [["list", "--all"]]],
  ["a; b;;c", [["a"], ["b"], ["c"]]],
  ["a\nb", [["a"], ["b"]]],
  ["echo a\\\nb", [["echo", "a\nb"]]],
  ["echo a \\\nb", [["echo", "a", "b"]]],
  ["echo 'a;b' c\\;d", [["echo", "a;b", "c;d"]]],
  ['echo "a\'b" "c\\"d"', [["echo", "a'b", 'c"d']]],
  ["echo 'a\\b'", [["echo", "a\\b"]]],
  ["echo a#b # c; d", [["echo", "a#b"]]],
  ["# only", []],
  [" ; ", []],
  ['echo "" a', [["echo", "", "a"]]],
  ["echo 'open", [["echo", "open"]]],
];

for (const [line, expected] of cases)
  test(`tokenise: ${JSON.stringify(line)}`, () => {
    assert.deepEqual(tokenise(line), expected);
  });

test('tokenise: an open " and a last \\ are errors', () => {
  assert.throws(() => tokenise('echo "a'), new GrammarError('missing "'));
  assert.throws(() => tokenise("echo a\\"), new GrammarError("dangling \\"));
});

test("tokenise: what escapeShell wrote comes back", () => {
  const printable = fc.string({ unit: "grapheme" }).filter((word) => !/[\n\r]/.test(word));
  fc.assert(
    fc.property(fc.array(printable, { minLength: 1, maxLength: 5 }), (words) => {
      assert.deepEqual(tokenise(words.map(escapeShell).join(" ")), [words]);
    }),
  );
});

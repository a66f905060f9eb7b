import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommandLine } from "./globals.ts";
import { GrammarError } from "./grammar/grammar-error.ts";

test("globals: end where the command begins", () => {
  const { globals, words } = parseCommandLine(["-qc", "a:///b", "--output=json", "list", "-r"]);
  assert.deepEqual([globals.quiet, globals.connect, globals.output], [true, "a:///b", "json"]);
  assert.equal(globals.readonly, false);
  assert.deepEqual(words, ["list", "-r"]);
});

test("globals: -- ends them, too", () => {
  assert.deepEqual(parseCommandLine(["-r", "--", "-x"]).words, ["-x"]);
});

const refused: readonly (readonly [readonly string[], string])[] = [
  [["--nosuch"], "unsupported option '--nosuch'. See --help."],
  [["-c"], "option '-c'/'--connect' requires an argument"],
  [["-e", "abc"], "Invalid string 'abc' for escape sequence"],
  [["-k", "x"], "Invalid value for option -k"],
  [["-k", "-3"], "option -k requires a positive integer argument"],
  [["-o", "xml"], "option --output requires one of text, json, yaml"],
];

for (const [words, message] of refused)
  test(`globals: ${words.join(" ")} is refused`, () => {
    assert.throws(() => parseCommandLine(words), new GrammarError(message));
  });

test("globals: a debug level out of range only warns", () => {
  const { warnings, words } = parseCommandLine(["-d", "9", "list"]);
  assert.deepEqual(warnings, ["ignoring debug level 9 out of range [0-4]"]);
  assert.deepEqual(words, ["list"]);
});

test("globals: version asks for the short or the long form", () => {
  assert.equal(parseCommandLine(["--version"]).globals.only, "version");
  assert.equal(parseCommandLine(["--version=long"]).globals.only, "long-version");
  assert.equal(parseCommandLine(["-V"]).globals.only, "long-version");
});

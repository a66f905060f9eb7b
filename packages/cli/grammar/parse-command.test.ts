import assert from "node:assert/strict";
import { test } from "node:test";
import { findCommand } from "../catalog/index.ts";
import { GrammarError } from "./grammar-error.ts";
import { parseCommand } from "./parse-command.ts";
import { readArguments } from "./read-arguments.ts";

const read = async (...words: readonly string[]): Promise<object> =>
  readArguments(await parseCommand(words, findCommand));

const refused: readonly (readonly [readonly string[], string])[] = [
  [["nosuch"], "unknown command: 'nosuch'"],
  [["domstate"], "command 'domstate' requires <domain> option"],
  [
    ["setmem"],
    "command 'setmem' requires <domain> option\ncommand 'setmem' requires --size option",
  ],
  [["domstate", "--domain"], "expected syntax: --domain <string>"],
  [["setmem", "--size"], "expected syntax: --size <number>"],
  [["domstate", "a", "b"], "unexpected data 'b'"],
  [["domstate", "a", "-r"], "unexpected data '-r'"],
  [["domstate", "a", "--bogus"], "command 'domstate' doesn't support option --bogus"],
  [["domstate", "a", "--reason=x"], "invalid '=' after option --reason"],
  [["list", "--all", "--all"], "option --all already seen"],
  [["domstate", "a", "--domain", "b"], "option --domain already seen"],
  [["dominfo", ""], "Failed to get option 'domain': Option argument is empty"],
  [["nodecpustats", "abc"], "Numeric value 'abc' for <cpu> option is malformed or out of range"],
  [
    ["setvcpus", "a", "99999999999"],
    "Numeric value '99999999999' for <count> option is malformed or out of range",
  ],
  [["setmem", "a", "x"], "Scaled numeric value 'x' for <size> option is malformed or out of range"],
  [["attach-disk", "a", "s", "t", "--shareable=x"], "invalid '=' after option --shareable"],
];

for (const [words, message] of refused)
  test(`command line: ${JSON.stringify(words)} is refused`, async () => {
    await assert.rejects(read(...words), new GrammarError(message));
  });

test("command line: bare words fill options in order, named ones wherever they stand", async () => {
  const expected = { domain: "web", reason: true };
  assert.deepEqual(await read("domstate", "web", "--reason"), expected);
  assert.deepEqual(await read("domstate", "--reason", "--domain=web"), expected);
  assert.deepEqual(await read("domstate", "--reason", "--domain", "web"), expected);
});

test("command line: after -- every word is data", async () => {
  assert.deepEqual(await read("domstate", "--", "--reason"), { domain: "--reason", reason: false });
});

test("command line: an option that must be named is never filled from a bare word", async () => {
  const { xpath } = (await read("dumpxml", "web", "--xpath", "//name")) as { xpath?: string };
  assert.equal(xpath, "//name");
  await assert.rejects(
    read("dumpxml", "web", "//name"),
    new GrammarError("unexpected data '//name'"),
  );
});

test("command line: the last words go to the option that takes all", async () => {
  const args = await read("echo", "a", "--shell", "b", "c");
  assert.deepEqual(args, {
    shell: true,
    xml: false,
    split: false,
    err: false,
    str: undefined,
    hi: undefined,
    string: ["a", "b", "c"],
  });
});

test("command line: an alias stands for its target, with or without a value", async () => {
  const hi = (await read("echo", "--hi")) as { string: string[] };
  assert.deepEqual(hi.string, ["hello"]);
  const mode = (await read("attach-disk", "a", "s", "t", "--shareable")) as { mode?: string };
  assert.equal(mode.mode, "shareable");
  const size = (await read("setmem", "a", "--kilobytes", "2M")) as { size: bigint };
  assert.equal(size.size, 2n << 20n);
});

test("command line: --help asks for the help of the command, an old name leads to the new", async () => {
  const { name, given } = await parseCommand(["list", "--help", "--all"], findCommand);
  assert.deepEqual([name, given.get("command")], ["help", ["list"]]);
  const detach = await parseCommand(["nodedev-dettach", "x"], findCommand);
  assert.equal(detach.name, "nodedev-detach");
});

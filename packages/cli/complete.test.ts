import assert from "node:assert/strict";
import { test } from "node:test";
import { completeLine } from "./complete.ts";
import { Session } from "./session.ts";
import { parseCommandLine } from "./globals.ts";

const offline = new Session(parseCommandLine([]).globals, false, () =>
  Promise.reject(new Error("no daemon here")),
);
const complete = async (...words: readonly string[]): Promise<readonly string[]> =>
  await completeLine(words, offline);

test("completion: names commands, global options and options of a command", async () => {
  assert.deepEqual(await complete("domst"), ["domstate", "domstats"]);
  assert.deepEqual(await complete("--re"), ["--readonly"]);
  assert.deepEqual(await complete("-c", "x", "-q", "domst"), ["domstate", "domstats"]);
  assert.deepEqual(await complete("list", "--no-"), ["--no-autostart"]);
  assert.deepEqual(await complete("list", "--all", "--al"), []);
  assert.deepEqual(await complete("-o", "j"), ["json"]);
});

test("completion: without a daemon there are no names, and no error", async () => {
  assert.deepEqual(await complete("dominfo", ""), []);
  assert.deepEqual(await complete("nosuch", ""), []);
});

/** What a browser loads of the SDK: nothing of Node, however far the imports lead. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

const SDK = join(import.meta.dirname, "..");
const PACKAGES = join(SDK, "..");
/** Loaded for `http+unix:` only. */
const FOR_NODE = new Set(["unix-socket.ts", "unix-web-socket.ts"]);

const STATIC = /^(?:import|export)\s(?:[^"';]*?\sfrom\s)?"([^"]+)"/gm;
const isType = (statement: string): boolean => /^(?:import|export) type\s/.test(statement);

const importsOf = (path: string): readonly string[] =>
  [...readFileSync(path, "utf8").matchAll(STATIC)]
    .filter(([statement]) => !isType(statement))
    .map(([, name = ""]) => name);

/** Every file that importing `path` loads, and every package that is none of ours. */
function loaded(path: string, seen: Set<string>): ReadonlySet<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const name of importsOf(path)) {
    if (name.startsWith(".")) loaded(join(dirname(path), name), seen);
    else if (name.startsWith("@vireo/"))
      loaded(join(PACKAGES, `${name.slice("@vireo/".length)}.ts`), seen);
    else seen.add(name);
  }
  return seen;
}

const entries = [
  "domain-xml.ts",
  ...readdirSync(join(SDK, "http"))
    .filter((file) => !file.endsWith(".test.ts") && !FOR_NODE.has(file))
    .map((file) => `http/${file}`),
];

for (const entry of entries)
  test(`sdk: a browser can load ${entry}`, () => {
    const names = [...loaded(join(SDK, entry), new Set())];
    assert.deepEqual(
      names.filter((name) => name.startsWith("node:") || name.includes("/rpc/")),
      [],
    );
  });

test("sdk: the walk finds what Node alone has", () => {
  const names = loaded(join(SDK, "http/unix-socket.ts"), new Set());
  assert.ok(names.has("node:http"));
});

test("sdk: nothing of Node is used without being imported", () => {
  for (const entry of entries)
    assert.doesNotMatch(
      readFileSync(join(SDK, entry), "utf8"),
      /\b(process|Buffer|require)\b[.(]/,
      entry,
    );
});

/** Synopsis and options of every command: `vireo help` has the shape of the real `virsh help`. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { groups, namesOf } from "../../packages/cli/catalog/index.ts";
import { run } from "../harness/run.ts";

const vireo = join(import.meta.dirname, "../../bin/vireo");
const skip = existsSync("/usr/bin/virsh") ? false : "virsh is not installed";

/** Commands that virsh does not have, in groups that it has. */
const ours: ReadonlySet<string> = new Set(["completion"]);

/** What must be alike: the synopsis, and the form of each option without its words. */
function shape(help: string): string {
  const synopsis = /SYNOPSIS\n(.*)\n/.exec(help)?.[1] ?? help;
  const options = [...help.matchAll(/^ {4}(\[?--\S+(?: <\S+>)?|<\S+>) .*$/gm)];
  return [synopsis, ...options.map((match) => match[1])].join("\n");
}

test("help: every command has virsh's synopsis and options", { skip }, async () => {
  const names = groups
    .filter((group) => group.ours !== true)
    .flatMap(namesOf)
    .filter((name) => !ours.has(name));
  const script = names.map((name) => `help ${name}`).join("; ");
  const [theirs, mine] = await Promise.all([
    run("virsh", ["-q", script], { timeoutMs: 60_000 }),
    run(vireo, ["-q", script], { timeoutMs: 60_000 }),
  ]);
  const split = (text: string): string[] =>
    text
      .split(/^ {2}NAME$/m)
      .slice(1)
      .map(shape);
  assert.equal(split(mine.stdout).length, names.length);
  assert.deepEqual(split(mine.stdout), split(theirs.stdout));
});

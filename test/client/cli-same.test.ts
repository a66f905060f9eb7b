/** The same command lines through the real virsh and through vireo, on one real libvirtd: the same words. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { tokenise } from "../../packages/cli/grammar/tokenise.ts";
import { emptyXml } from "../harness/domain-xml.ts";
import { Libvirtd } from "../harness/libvirtd.ts";
import { run, type RunResult } from "../harness/run.ts";
import { commandLines, grammarLines } from "./cli-same.ts";

const vireo = join(import.meta.dirname, "../../bin/vireo");
const skip = existsSync("/usr/bin/virsh")
  ? (Libvirtd.missing() ?? false)
  : "virsh is not installed";
const files = mkdtempSync(join(tmpdir(), "vireo-cli-"));
let libvirtd: Libvirtd | undefined;

before(async () => {
  if (skip === false) libvirtd = await Libvirtd.started();
});

after(async () => {
  await libvirtd?.cleanUp();
  rmSync(files, { recursive: true, force: true });
});

const told = ({ status, stdout, stderr }: RunResult): object => ({ status, stdout, stderr });

/** `@name` in a line is a file of this directory. */
const wordsOf = (line: string): readonly string[] =>
  (tokenise(line)[0] ?? []).map((word) => word.replace(/^@/, `${files}/`));

async function compare(uri: string, words: readonly string[], undo?: string): Promise<void> {
  const args = ["-c", uri, ...words];
  const theirs = await run("virsh", args);
  if (undo !== undefined) await prepare(uri, undo);
  const mine = await run(vireo, args);
  assert.deepEqual(told(mine), told(theirs), words.join(" "));
}

/** Runs a line through virsh only, to bring about what the next lines look at. */
const prepare = async (uri: string, line: string): Promise<void> =>
  void (await run("virsh", ["-q", "-c", uri, ...wordsOf(line)]));

test("grammar: vireo understands and refuses what virsh does", { skip }, async () => {
  for (const words of grammarLines) await compare("test:///default", words);
});

test("commands: vireo prints what virsh prints, errors included", { skip }, async () => {
  const uri = libvirtd?.uri ?? "";
  const uuid = "<uuid>0f0e0d0c-0b0a-4908-8706-050403020100</uuid>";
  writeFileSync(join(files, "one.xml"), emptyXml("one").replace("</name>", `</name>${uuid}`));
  writeFileSync(join(files, "bad.xml"), "<domain type='qemu'><name>x</nam");
  for (const line of commandLines) {
    if (line.startsWith("! ")) await prepare(uri, line.slice(2));
    else {
      const [command = "", undo] = line.split(" <= ");
      await compare(uri, wordsOf(command), undo);
    }
  }
});

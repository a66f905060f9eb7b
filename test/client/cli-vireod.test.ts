/** vireo on vireod: the main job, and what virsh does not have: `--output`, `--root`. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { emptyXml } from "../harness/domain-xml.ts";
import { run, type RunOptions, type RunResult } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";

const program = join(import.meta.dirname, "../../bin/vireo");
const files = mkdtempSync(join(tmpdir(), "vireo-cli-"));
let vireod: Vireod | undefined;

before(async () => {
  vireod = await Vireod.started();
  writeFileSync(join(files, "one.xml"), emptyXml("one"));
});

after(async () => {
  await vireod?.cleanUp();
  rmSync(files, { recursive: true, force: true });
});

const vireo = async (words: readonly string[], options: RunOptions = {}): Promise<RunResult> =>
  await run(program, ["--root", vireod?.root ?? "", ...words], options);

async function vireoOk(...words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await vireo(words);
  assert.equal(status, 0, `${words.join(" ")}: ${stderr}`);
  return stdout;
}

test("vireo: defines, starts, shows and stops a domain on vireod", async () => {
  assert.match(await vireoOk("define", join(files, "one.xml")), /^Domain 'one' defined from /);
  assert.equal(await vireoOk("start", "one"), "Domain 'one' started\n\n");
  assert.match(await vireoOk("list"), / \d+ +one +running/);
  assert.equal(await vireoOk("domstate", "one", "--reason"), "running (booted)\n\n");
  assert.equal(await vireoOk("-q", "suspend", "one"), "");
  const listed: unknown = JSON.parse(await vireoOk("list", "--all", "-o", "json"));
  assert.ok(Array.isArray(listed));
  assert.deepEqual(
    listed.map(({ name, state }) => [name, state]),
    [["one", "paused"]],
  );
  assert.match(await vireoOk("--output=yaml", "dominfo", "one"), /^State: paused$/m);
  assert.equal(await vireoOk("destroy", "one"), "Domain 'one' destroyed\n\n");
});

test("vireo: edits a domain, and drops the changes the daemon refuses", async () => {
  const env = (script: string): RunOptions => ({ env: { VISUAL: `sed -i '${script}'` } });
  const good = await vireo(["edit", "one"], env("s|<name>|<title>T</title><name>|"));
  assert.equal(good.stderr, "");
  assert.equal(await vireoOk("-q", "desc", "one", "--title"), "T");
  const same = await vireo(["edit", "one"], env("s/x/x/"));
  assert.equal(same.stdout, "Domain 'one' XML configuration not changed.\n\n");
  const bad = await vireo(["edit", "one"], env("s/memory/memor/"));
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /^error: .*\nerror: Your changes were thrown away\n$/s);
});

test("vireo: reads commands from its input, an error does not stop it", async () => {
  const input = "domstate one\nnosuch\necho a; echo b\nquit\n";
  const { status, stdout, stderr } = await vireo([], { input });
  assert.equal(status, 0);
  assert.match(stdout, /vireo # shut off\n\nvireo # vireo # a\nb\nvireo # /);
  assert.equal(stderr, "error: unknown command: 'nosuch'\n");
});

test("vireo: an event ends `event`, none makes it fail", async () => {
  const waiting = vireo(["event", "--event", "lifecycle", "--timeout", "10"]);
  // the start may come before the registration: go on until it was seen
  let told: RunResult | undefined;
  void waiting.then((result) => (told = result));
  while (told === undefined) {
    await vireoOk("start", "one");
    await vireoOk("destroy", "one");
  }
  assert.equal(told.status, 0);
  assert.match(told.stdout, /^event 'lifecycle' for domain 'one': .*\nevents received: 1\n/);
  const none = await vireo(["event", "--event", "lifecycle", "--timeout", "1"]);
  assert.deepEqual([none.status, none.stdout], [1, "event loop timed out\nevents received: 0\n\n"]);
});

test("vireo: completes names of the daemon, and says when there is none", async () => {
  assert.equal(await vireoOk("-q", "complete", "--", "dominfo", "o"), "one\n");
  const lost = await run(program, ["-c", "qemu+unix:///system?socket=/nonexistent", "list"]);
  assert.equal(lost.status, 1);
  assert.match(lost.stderr, /^error: failed to connect to the hypervisor\nerror: .*\/nonexistent/);
});

test("vireo: says so when a command is not there yet", async () => {
  const { status, stderr } = await vireo(["migrate", "one", "qemu+ssh://host/system"]);
  assert.equal(status, 1);
  assert.equal(stderr, "error: command 'migrate' is not implemented in vireo yet\n");
});

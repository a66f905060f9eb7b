import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { bench, type Bench } from "./test-bench.ts";

/** A script that keeps what it was told, and fails at `failing` with some words. */
function install(made: Bench, at: string, failing = "never"): string {
  const log = join(made.paths.etc, "told");
  const path = join(made.paths.etc, "hooks", at);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh
read -r first
echo "${at} $* $first" >>${log}
[ "$2" != ${failing} ] || { echo "not today" >&2; exit 3; }
`,
  );
  chmodSync(path, 0o755);
  return log;
}

const told = (log: string): string[] => readFileSync(log, "utf8").trimEnd().split("\n");
const g = { domain: { name: "g" } } as const;

test("hooks: a domain's life in libvirt's words, and every script is asked", async (t) => {
  const made = await bench(t);
  const log = install(made, "qemu");
  install(made, "qemu.d/50-more");
  writeFileSync(join(made.paths.etc, "hooks/qemu.d/60-no-program"), "#!/bin/sh\nexit 1\n");
  await made.define({ name: "g" });
  await made.do("start", g);
  await made.do("destroy", g);
  const wanted = ["prepare begin", "start begin", "started begin", "stopped end", "release end"];
  assert.deepEqual(
    told(log),
    wanted.flatMap((what) =>
      ["qemu", "qemu.d/50-more"].map(
        (at) => `${at} g ${what} - <domain type='qemu'${what.endsWith("begin") ? " id='1'" : ""}>`,
      ),
    ),
  );
});

for (const failing of ["prepare", "start", "started"])
  test(`hooks: one that fails at ${failing} refuses the start with its words`, async (t) => {
    const made = await bench(t);
    const log = install(made, "qemu", failing);
    await made.define({ name: "g" });
    await assert.rejects(
      made.do("start", g),
      (error) => isError(error, "hookScriptFailed") && error.message.includes("not today"),
    );
    assert.equal(made.pids().length, 0);
    const words = told(log).map((line) => line.split(" ")[2]);
    assert.deepEqual(words.slice(-3), [failing, "stopped", "release"]);
  });

test("hooks: a later driver tells that it found the domain, and one that objects ends it", async (t) => {
  const made = await bench(t);
  await made.define({ name: "g" });
  await made.do("start", g);
  await made.driver.close();
  const log = install(made, "qemu", "reconnect");
  await made.start();
  await made.until(() => made.life("g").includes("stopped failed"));
  assert.equal(told(log)[0]?.split(" ").slice(1, 4).join(" "), "g reconnect begin");
});

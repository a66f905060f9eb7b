/** virsh's commands about networks, put to the real libvirtd and to vireod, in namespaces of their own. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Files, transcript } from "../client/transcript.ts";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";
import { emulateCard } from "./emulated-card.ts";
import { POOL_COMMANDS, POOL_FILES, POOL_KEPT, POOL_TAKEN } from "./pool-commands.ts";

refuseHostNetwork();

const directory = mkdtempSync(join(tmpdir(), "vireo-network-same-"));
let real: Libvirtd;
let ours: Vireod;

const skip = Libvirtd.missing() ?? false;

before(async () => {
  if (skip !== false) return;
  emulateCard();
  [real, ours] = await Promise.all([Libvirtd.started(), Vireod.started()]);
});
after(async () => {
  if (skip !== false) return;
  await Promise.all([real.cleanUp(), ours.cleanUp()]);
  rmSync(directory, { recursive: true, force: true });
});

async function compare(commands: readonly string[], files: Files): Promise<void> {
  const [wanted, got] = await Promise.all(
    [real.uri, ours.uri].map((uri) => transcript(uri, commands, { files, directory })),
  );
  assert.ok(wanted !== undefined && got !== undefined);
  const different = got.flatMap(({ command, answer }, at) =>
    answer === wanted[at]?.answer
      ? []
      : [`${command}\n--- libvirtd\n${wanted[at]?.answer}\n--- vireod\n${answer}`],
  );
  assert.equal(different.length, 0, different.join("\n\n"));
}

test("pool of functions: as libvirtd", { skip }, async () => {
  await compare(POOL_COMMANDS, POOL_FILES);
});

test("pool of functions: after kill -9 each guest has its own", { skip }, async () => {
  await compare(POOL_TAKEN, POOL_FILES);
  await ours.end("SIGKILL");
  await ours.start();
  await compare(POOL_KEPT, POOL_FILES);
});

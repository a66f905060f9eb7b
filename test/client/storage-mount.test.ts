/** A pool that is a file system of its own, on a loop device. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startDaemon } from "../harness/daemon.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

const said = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: "utf8" }).trim();

const skip = process.getuid?.() === 0 ? false : "loop devices need root";

test("storage: a file system is built, mounted, filled and unmounted", { skip }, async (t) => {
  const daemon = await startDaemon();
  const directory = mkdtempSync(join(tmpdir(), "vireo-mount-"));
  const image = join(directory, "image");
  writeFileSync(image, "");
  truncateSync(image, 32 << 20);
  const device = said("losetup", "--find", "--show", image);
  const { uri } = daemon;
  t.after(async () => {
    await virsh(uri, ["pool-destroy", "f"]);
    await daemon.cleanUp();
    said("losetup", "--detach", device);
    rmSync(directory, { recursive: true });
  });
  const target = join(directory, "mnt");
  const source = ["--source-dev", device, "--source-format", "ext4", "--target", target];
  await virshOk(uri, "pool-define-as", "f", "fs", ...source);
  await virshOk(uri, "pool-build", "f", "--overwrite");
  const { status, stderr } = await virsh(uri, ["pool-build", "f", "--no-overwrite"]);
  assert.notEqual(status, 0);
  assert.match(stderr, /Device '.*' already formatted using 'ext4'/);
  await virshOk(uri, "pool-start", "f");
  assert.match(await virshOk(uri, "pool-info", "f"), /Capacity: +2\d\.\d+ MiB/);
  await virshOk(uri, "vol-create-as", "f", "v", "1M");
  await virshOk(uri, "pool-destroy", "f");
  await virshOk(uri, "pool-start", "f");
  assert.match(await virshOk(uri, "vol-list", "f"), /^ v /m);
  await virshOk(uri, "pool-destroy", "f");
  await virshOk(uri, "pool-undefine", "f");
});

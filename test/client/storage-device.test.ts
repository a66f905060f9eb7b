/** Pools on block devices by the real tools, on a loop device. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test, type TestContext } from "node:test";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

const without = (...programs: readonly string[]): string | false => {
  if (process.getuid?.() !== 0) return "loop devices need root";
  const missing = programs.find((program) => !existsSync(`/usr/sbin/${program}`));
  return missing === undefined ? false : `${missing} is not installed`;
};

interface Lab {
  readonly device: string;
  readonly root: string;
  readonly ok: (...args: readonly string[]) => Promise<string>;
  readonly refused: (...args: readonly string[]) => Promise<string>;
}

/** A daemon and an empty disk of 100 MiB. */
async function lab(t: TestContext): Promise<Lab> {
  const vireod = await Vireod.started();
  const { root, uri } = vireod;
  const file = join(root, "disk");
  writeFileSync(file, "");
  truncateSync(file, 100 << 20);
  const losetup = ["--show", "--find", "--partscan", file];
  const device = execFileSync("losetup", losetup, { encoding: "utf8" }).trim();
  t.after(async () => {
    execFileSync("losetup", ["--detach", device]);
    await vireod.cleanUp();
  });
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { status, stderr } = await virsh(uri, args);
    assert.notEqual(status, 0, `${args.join(" ")} should fail`);
    return stderr;
  };
  return { device, root, refused, ok: (...args) => virshOk(uri, ...args) };
}

test("storage: partitions of a disk are volumes", { skip: without("parted") }, async (t) => {
  const { device, root, ok, refused } = await lab(t);
  const [one, two] = [`${basename(device)}p1`, `${basename(device)}p2`];
  const source = ["--source-dev", device, "--source-format", "gpt", "--target", "/dev"];
  await ok("pool-define-as", "d", "disk", ...source);
  await ok("pool-build", "d");
  assert.match(await refused("pool-build", "d"), /already built: .* already formatted using 'gpt'/);
  await ok("pool-start", "d");
  assert.match(
    await refused("vol-create-as", "d", "mine", "10M"),
    new RegExp(`invalid partition name 'mine', expected '${one}'`),
  );
  await ok("vol-create-as", "d", one, "10M", "--format", "linux");
  assert.match(await refused("vol-create-as", "d", two, "500M"), /no large enough free extent/);
  const data = join(root, "data");
  writeFileSync(data, Buffer.alloc(1 << 20, "vireo"));
  await ok("vol-upload", one, data, "--pool", "d");
  await ok("vol-clone", one, two, "--pool", "d");
  const back = join(root, "back");
  await ok("vol-download", two, back, "--pool", "d", "--length", String(1 << 20));
  assert.ok(readFileSync(back).equals(readFileSync(data)));
  assert.match(await ok("pool-info", "d"), /Capacity: +100\.00 MiB\nAllocation: +20\.0/);
  assert.match(await refused("vol-resize", one, "20M", "--pool", "d"), /does not support changing/);
  await ok("vol-delete", one, "--pool", "d");
  await ok("pool-refresh", "d");
  assert.doesNotMatch(await ok("vol-list", "d"), new RegExp(`^ ${one} `, "m"));
  await ok("vol-delete", two, "--pool", "d");
  await ok("pool-destroy", "d");
  await ok("pool-delete", "d");
});

test("storage: a volume group is made, found and removed", {
  skip: without("vgcreate"),
}, async (t) => {
  const { device, ok, refused } = await lab(t);
  const group = `vireo-test-${process.pid}`;
  const source = ["--source-dev", device, "--source-name", group];
  await ok("pool-define-as", "vg", "logical", ...source, "--target", `/dev/${group}`);
  assert.match(await refused("pool-start", "vg"), /cannot find logical volume group name/);
  await ok("pool-build", "vg");
  assert.match(
    await ok("find-storage-pool-sources", "logical"),
    new RegExp(
      `<source>\\s+<device path='${device}'/>\\s+<name>${group}</name>\\s+<format type='lvm2'/>`,
    ),
  );
  await ok("pool-start", "vg");
  assert.match(await ok("pool-info", "vg"), /Capacity: +96\.00 MiB/);
  await ok("pool-destroy", "vg");
  await ok("pool-delete", "vg");
  assert.doesNotMatch(await ok("find-storage-pool-sources", "logical"), new RegExp(group));
});

test("storage: what cannot be looked for is said", async (t) => {
  const { ok, refused } = await lab(t);
  for (const type of ["dir", "disk", "scsi"])
    assert.match(
      await refused("find-storage-pool-sources", type),
      /pool type '\w+' does not support source discovery/,
    );
  assert.match(await refused("find-storage-pool-sources", "netfs"), /hostname must be specified/);
  assert.match(
    await refused("find-storage-pool-sources", "tape"),
    /unknown storage pool type tape/,
  );
  const server = ["--source-host", "localhost", "--source-name", "x"];
  for (const type of ["sheepdog", "gluster"])
    assert.match(
      await refused("pool-define-as", "p", type, ...server),
      new RegExp(`missing backend for pool type \\d+ \\(${type}\\)`),
    );
  assert.match(await ok("pool-capabilities"), /<pool type='disk' supported='yes'>/);
});

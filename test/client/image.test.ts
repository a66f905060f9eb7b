/** Which image is a layer upon which, who reads it, and what may be deleted. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { OPERATIONS } from "@vireo/model/operation/operations";
import { connect } from "@vireo/sdk/libvirt/connect";
import { emptyXml } from "../harness/domain-xml.ts";
import { run } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

const VIREO = join(import.meta.dirname, "../../bin/vireo");
const { graph, why, delete: remove } = OPERATIONS.image;

test("images: who reads them, deletion refused with the reader's name, quarantine", async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  const pool = join(vireod.root, "images");
  mkdirSync(pool);
  const [base, top, loose] = ["base", "top", "loose"].map((name) => join(pool, name));
  assert.ok(base && top && loose);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", base, "1M"]);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", top]);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", loose, "1M"]);
  const ok = (...args: readonly string[]): Promise<string> => virshOk(vireod.uri, ...args);
  const vireo = async (...args: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(VIREO, ["-c", vireod.uri, ...args]);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { status, stderr } = await virsh(vireod.uri, args);
    assert.equal(status, 1);
    return stderr;
  };
  await ok("pool-create-as", "images", "dir", "--target", pool);
  const xml = join(vireod.root, "reader.xml");
  const disk = `<disk type='volume' device='disk'><driver name='qemu' type='qcow2'/>
    <source pool='images' volume='top'/><target dev='vda' bus='virtio'/></disk>`;
  writeFileSync(xml, emptyXml("reader").replace("<devices>", `<devices>${disk}`));
  await ok("define", xml);

  await using c = await connect(vireod.uri);
  const { images } = await c.run(graph, {});
  assert.deepEqual(
    images.map(({ path, backing, users }) => [path, backing, users.map(({ who }) => who)]),
    [
      [base, undefined, []],
      [loose, undefined, []],
      [top, base, ["domain 'reader'"]],
    ],
  );
  const below = await c.run(why, { path: base });
  assert.deepEqual(below.above, [top]);
  assert.deepEqual(below.readers, [`domain 'reader', whose '${top}' is a layer upon it`]);
  await assert.rejects(c.run(remove, { path: base }), /is read by domain 'reader'/);

  // virsh may take away what only a definition names, as with libvirt; not what lies below it
  assert.match(
    await refused("vol-delete", base),
    /is read by domain 'reader', whose '.*top' is a layer upon it/,
  );
  await ok("start", "reader");
  assert.match(await refused("vol-delete", top), /is read by running domain 'reader'/);
  assert.ok(existsSync(top));
  await ok("destroy", "reader");

  // a transient domain keeps no volume in its place, as with libvirt; but nothing is lost
  const passing = join(vireod.root, "passing.xml");
  const readsLoose = disk.replace("volume='top'", "volume='loose'");
  writeFileSync(passing, emptyXml("passing").replace("<devices>", `<devices>${readsLoose}`));
  await ok("create", passing);
  await ok("vol-delete", loose);
  assert.ok(!existsSync(loose));
  assert.match(vireod.log.join("\n"), /volume put away/);
  await ok("destroy", "passing");
  await vireo("image-restore", loose);
  assert.ok(existsSync(loose));

  assert.match(
    await vireo("image-graph"),
    /base \(qcow2\) pool images\n {2}.*top .* used by domain 'reader'/,
  );
  assert.match(await vireo("image-why", loose), /Nobody reads it/);
  await vireo("image-delete", loose);
  assert.ok(!existsSync(loose));
  assert.match(await vireo("image-delete", base, "--force"), /put away until 20/);
  assert.ok(!existsSync(base));
  assert.doesNotMatch(await ok("vol-list", "images"), /base/);
  await vireod.end("SIGKILL");
  await vireod.start();
  await vireo("image-restore", base);
  assert.ok(existsSync(base));
  await vireo("image-delete", base, "--force", "--keep-seconds", "0");
  await vireod.end();
  await vireod.start();
  assert.match(
    await run(VIREO, ["-c", vireod.uri, "image-restore", base]).then((r) => r.stderr),
    /no image .* in quarantine/,
  );
});

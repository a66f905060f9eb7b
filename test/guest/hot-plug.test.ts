/** Devices that come and go while a guest runs, seen from inside. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { virsh } from "../harness/virsh.ts";
import { bootGuest } from "./booted-guest.ts";

const SEEN_MS = 10_000;

/** QEMU's nodes, without the number of the answer. */
const blockNodes = async (ok: (...args: readonly string[]) => Promise<string>): Promise<string> =>
  (await ok("qemu-monitor-command", "hello", '{"execute":"query-named-block-nodes"}')).replace(
    /,"id":"libvirt-\d+"/,
    "",
  );

test("hot plug: a disk comes, is seen in the guest, survives a failed twin, and goes", async (t) => {
  const { uri, console, directory, ok } = await bootGuest(t, (xml) =>
    xml.replace("machine='q35'", "machine='pc'"),
  );
  const { conversation } = console;
  const image = join(directory, "disk.qcow2");
  execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", image, "64M"]);

  await t.test("attached to the running domain and to its definition", async () => {
    await ok("attach-disk", "hello", image, "vdb", "--subdriver", "qcow2", "--persistent");
    for (const which of [[], ["--inactive"]])
      assert.match(await ok("domblklist", "hello", ...which), /vdb +.*disk\.qcow2/);
    conversation.say("until [ -e /sys/block/vda ]; do :; done; cat /sys/block/vda/size\n");
    await conversation.expect(/^131072\s/m, SEEN_MS); // 64 MiB in sectors of 512 bytes
  });

  await t.test(
    "a target that is taken is refused, an image that is missing leaves no trace",
    async () => {
      const twin = await virsh(uri, ["attach-disk", "hello", image, "vdb"]);
      assert.match(twin.stderr, /target 'vdb' duplicated for disk sources/);
      const nodes = await blockNodes(ok);
      const missing = await virsh(uri, [
        "attach-disk",
        "hello",
        join(directory, "none.img"),
        "vdc",
      ]);
      assert.notEqual(missing.status, 0);
      assert.match(missing.stderr, /none\.img/);
      const after = await blockNodes(ok);
      assert.equal(after, nodes);
      assert.doesNotMatch(await ok("domblklist", "hello"), /vdc/);
    },
  );

  await t.test("detached when the guest has let go of it", async () => {
    await ok("detach-disk", "hello", "vdb", "--persistent");
    for (const which of [[], ["--inactive"]])
      assert.doesNotMatch(await ok("domblklist", "hello", ...which), /vdb/);
    conversation.say("while [ -e /sys/block/vda ]; do :; done; echo gone\n");
    await conversation.expect(/^gone\s/m, SEEN_MS);
  });

  await t.test("what is not there is told in libvirt's words", async () => {
    const alias = await virsh(uri, ["detach-device-alias", "hello", "nosuch"]);
    assert.match(alias.stderr, /no device found with alias nosuch/);
    const xml = join(directory, "nic.xml");
    writeFileSync(xml, "<interface type='user'><mac address='52:54:00:00:00:01'/></interface>");
    const nic = await virsh(uri, ["detach-device", "hello", xml]);
    assert.match(nic.stderr, /matching MAC address '52:54:00:00:00:01'/);
  });
});

/** Two daemons that know nothing of each other, and one image. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { emptyXml } from "../harness/domain-xml.ts";
import { virsh, virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";

test("two daemons: an image that one's guest writes to is refused to the other's, with who has it", async (t) => {
  const [one, two] = await Promise.all([Vireod.started(), Vireod.started()]);
  const directory = mkdtempSync(join(tmpdir(), "vireo-two-"));
  t.after(async () => {
    await Promise.all([one.cleanUp(), two.cleanUp()]);
    rmSync(directory, { recursive: true });
  });
  const image = join(directory, "shared.qcow2");
  execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", image, "16M"]);
  const disk = `<disk type='file'><driver name='qemu' type='qcow2'/><source file='${image}'/><target dev='vda' bus='virtio'/></disk>`;
  const put = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const guest = (name: string): string =>
    put(`${name}.xml`, emptyXml(name).replace("</devices>", `${disk}</devices>`));
  await virshOk(one.uri, "create", guest("first"));
  const held = new RegExp(
    `Failed to get "write" lock[\\s\\S]*image '${image}' is open in domain 'first' \\(process ${one.guestPids()[0]}\\)`,
  );

  await t.test("a start", async () => {
    await virshOk(two.uri, "define", guest("second"));
    const { status, stderr } = await virsh(two.uri, ["start", "second"]);
    assert.equal(status, 1);
    assert.match(stderr, held);
    assert.deepEqual(two.guestPids(), []);
  });

  await t.test("a disk for a running guest, which stays as it was", async () => {
    await virshOk(two.uri, "create", put("third.xml", emptyXml("third")));
    const { status, stderr } = await virsh(two.uri, ["attach-device", "third", put("d.xml", disk)]);
    assert.equal(status, 1);
    assert.match(stderr, held);
    assert.equal(
      await virshOk(two.uri, "domblklist", "third", "--details").then((text) =>
        text.includes("vda"),
      ),
      false,
    );
  });

  await t.test("when the first is gone the second starts", async () => {
    await virshOk(one.uri, "destroy", "first");
    await virshOk(two.uri, "start", "second");
  });
});

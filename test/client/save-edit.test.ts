/** What virsh can change in a saved image, and what it is refused. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { emptyXml } from "../harness/domain-xml.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

const DISTANT_TITLE = "<title>changed while it slept</title>";

for (const format of ["raw", "gzip", "zstd"])
  test(`saved image: another definition and another state, packed as ${format}`, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), "vireo-save-edit-"));
    const root = mkdtempSync(join(directory, "root-"));
    const vireod = new Vireod(root, ["--save-image-format", format]);
    await vireod.start();
    t.after(async () => {
      await vireod.cleanUp();
      rmSync(directory, { recursive: true });
    });
    const ok = (...args: readonly string[]): Promise<string> => virshOk(vireod.uri, ...args);
    const refused = async (...args: readonly string[]): Promise<string> => {
      const { status, stderr } = await virsh(vireod.uri, args);
      assert.notEqual(status, 0, args.join(" "));
      return stderr;
    };
    const xml = join(directory, "s.xml");
    writeFileSync(xml, emptyXml("s"));
    await ok("define", xml);
    await ok("start", "s");
    const fifo = join(directory, "fifo");
    execFileSync("mkfifo", [fifo]);
    assert.match(await refused("save", "s", fifo), /neither a file nor a block device/);
    assert.match(await ok("domstate", "s"), /running/);

    const image = join(directory, "image");
    await ok("save", "s", image);
    const titled = (text: string): string => text.replace("</name>", `</name>${DISTANT_TITLE}`);
    writeFileSync(xml, titled(await ok("save-image-dumpxml", image)));
    await ok("save-image-define", image, xml, "--paused");
    assert.match(await ok("save-image-dumpxml", image), /changed while it slept/);
    const larger = readFileSync(xml, "utf8").replace(/(<memory[^>]*>)\d+/, "$165536");
    writeFileSync(join(directory, "larger.xml"), larger);
    const words = await refused("save-image-define", image, join(directory, "larger.xml"));
    assert.match(words, /Target domain max memory 65536 does not match source/);
    await ok("restore", image);
    assert.match(await ok("domstate", "s", "--reason"), /paused/);
    assert.match(await ok("desc", "s", "--title"), /changed while it slept/);

    await ok("managedsave", "s");
    assert.match(await refused("create", xml), /has a managed save image/);
    await ok("managedsave-define", "s", xml, "--running");
    await ok("start", "s");
    assert.match(await ok("domstate", "s", "--reason"), /running \(restored\)/);
    assert.equal(existsSync(image), true);
  });

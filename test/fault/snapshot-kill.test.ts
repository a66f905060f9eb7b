/** kill -9 of the daemon in the middle of a snapshot: made or not made, never half, and the guest runs. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { test } from "node:test";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

/** From before the first step until after the last; the moment is the point here. */
const DELAYS_MS = [0, 25, 45, 60, 80, 120, 200];

const WAYS = {
  memory: (directory: string) => ["--memspec", join(directory, "memory"), "--diskspec", "vda"],
  disks: () => ["--disk-only"],
  inside: () => [],
} as const;

for (const [way, words] of Object.entries(WAYS))
  test(`kill -9 in mid-snapshot: ${way}`, { timeout: 180_000 }, async (t) => {
    const vireod = await Vireod.started();
    const directory = mkdtempSync(join(tmpdir(), "vireo-kill-"));
    t.after(async () => {
      await vireod.cleanUp();
      rmSync(directory, { recursive: true });
    });
    const ok = (...args: readonly string[]): Promise<string> => virshOk(vireod.uri, ...args);
    const image = join(directory, "a.qcow2");
    execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", image, "8M"]);
    const xml = join(directory, "k.xml");
    writeFileSync(
      xml,
      `<domain type='qemu'><name>k</name><memory unit='MiB'>64</memory>
       <os><type arch='x86_64' machine='pc'>hvm</type></os><devices><disk type='file'>
       <driver name='qemu' type='qcow2'/><source file='${image}'/><target dev='vda' bus='virtio'/></disk>
       <memballoon model='none'/></devices></domain>`,
    );
    await ok("define", xml);
    await ok("start", "k");
    const [guest] = vireod.guestPids();
    const seen = { made: 0, undone: 0 };
    for (const delay of DELAYS_MS) {
      const gone = virsh(vireod.uri, ["snapshot-create-as", "k", "now", ...words(directory)]);
      await later(delay);
      await vireod.end("SIGKILL");
      await gone;
      await vireod.start();
      assert.deepEqual(vireod.guestPids(), [guest], "the same QEMU");
      assert.match(await ok("domstate", "k"), /running/);
      assert.deepEqual(readdirSync(join(vireod.root, "lib/qemu/journal")), []);
      const made = (await ok("snapshot-list", "k", "--name")).includes("now");
      const tags = execFileSync("qemu-img", ["snapshot", "-U", "-l", image], { encoding: "utf8" });
      const files = readdirSync(directory).filter((name) => name !== "k.xml");
      assert.equal(tags.includes("now"), made && way === "inside");
      const present = made && way !== "inside" ? ["a.now"] : [];
      const kept = made && way === "memory" ? ["memory"] : [];
      assert.deepEqual(files, [...present, "a.qcow2", ...kept], `after ${delay} ms`);
      const disk = join(directory, present[0] ?? "a.qcow2");
      for (const which of [[], ["--inactive"]])
        assert.ok((await ok("domblklist", "k", ...which)).includes(disk));
      seen[made ? "made" : "undone"]++;
      if (made) await ok("snapshot-delete", "k", "now");
      assert.equal(existsSync(image), true);
    }
    t.diagnostic(`${seen.made} made, ${seen.undone} undone`);
  });

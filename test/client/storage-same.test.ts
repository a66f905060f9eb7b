/** A pool's life as virsh sees it, and its events in their order: vireod and the real libvirtd, side by side. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "@vireo/sdk/libvirt/connect";
import { Libvirtd } from "../harness/libvirtd.ts";
import { virsh } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";

const LINES = [
  "pool-define-as p dir --target DIR/p",
  "pool-build p",
  "pool-start p",
  "pool-start p",
  "pool-refresh p",
  "vol-create-as p v 1M",
  "vol-wipe v p --algorithm trim",
  "vol-wipe v p",
  "vol-delete v p",
  "vol-delete v p",
  "pool-autostart p",
  "pool-undefine p",
  "pool-destroy p",
  "pool-delete p",
  "pool-undefine p",
  "pool-create-as q dir --target DIR/q --build",
  "pool-destroy q",
];
/** `stopped`, the last thing that happens. */
const LAST = "q 3";

async function lifeOn({ uri }: { readonly uri: string }) {
  const directory = mkdtempSync(join(tmpdir(), "vireo-same-"));
  try {
    await using c = await connect(uri);
    const lifecycle = await c.events("storagePool", "lifecycle");
    const refreshed = await c.events("storagePool", "refresh");
    const refreshes = (async () => {
      for await (const { pool } of refreshed) return pool.name;
      return undefined;
    })();
    const answers: string[] = [];
    for (const line of LINES) {
      const { status, stderr } = await virsh(uri, line.replace("DIR", directory).split(" "));
      answers.push(`${line}: ${status} ${stderr.replaceAll(directory, "DIR").trim()}`);
    }
    const events: string[] = [];
    for await (const { pool, event, detail } of lifecycle) {
      events.push(`${pool.name} ${event} ${detail}`);
      if (events.at(-1)?.startsWith(LAST) === true) break;
    }
    return { answers, events, refreshed: await refreshes };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

test("pools: the same answers and the same events in the same order as libvirtd's", async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  const libvirtd = await Libvirtd.started();
  t.after(() => libvirtd.cleanUp());
  const [ours, theirs] = [await lifeOn(vireod), await lifeOn(libvirtd)];
  assert.deepEqual(ours, theirs);
  assert.equal(ours.events.length, 8);
});

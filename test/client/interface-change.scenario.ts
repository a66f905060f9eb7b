/** What the test beside runs in namespaces of its own, on a host of ifupdown, NetworkManager or systemd-networkd. */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  alone,
  BRIDGE,
  bridged,
  definitions,
  ETH,
  hasSecondsLeft,
  until,
} from "../../packages/daemon/driver/interface/private-host-state.ts";
import { refuseHostNetwork } from "../../packages/daemon/driver/own-network.ts";
import { run } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

refuseHostNetwork();

const [, , keeper = ""] = process.argv;
const vireo = join(import.meta.dirname, "../../bin/vireo");
const vireod = await Vireod.started();
const file = (name: string, xml: string): string => {
  const path = join(vireod.root, name);
  writeFileSync(path, xml);
  return path;
};
const ask = (...words: readonly string[]): Promise<string> => virshOk(vireod.uri, ...words);

/** Words of vireo, which are to be virsh's. */
async function ours(...words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(vireo, ["-c", vireod.uri, ...words]);
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

async function refused(...words: readonly string[]): Promise<void> {
  const [theirs, mine] = await Promise.all([
    virsh(vireod.uri, words),
    run(vireo, ["-c", vireod.uri, ...words]),
  ]);
  assert.notEqual(theirs.status, 0);
  assert.equal(mine.status, theirs.status);
  // virsh goes on with the error of a look-up that was right to fail
  const [first] = theirs.stderr.split("\n");
  assert.equal(mine.stderr.split("\n")[0], first, words.join(" "));
}

const underBridge = (): Promise<boolean> => bridged("10.5.0.2");

async function back(): Promise<void> {
  await until("eth0 stands for itself", alone);
  assert.equal(await ask("iface-dumpxml", "eth0", "--inactive"), defined);
}

let defined = "";
try {
  await ask("iface-define", file("eth.xml", ETH));
  await ask("iface-start", "eth0");
  await until("eth0 is set up", alone);
  defined = await ask("iface-dumpxml", "eth0", "--inactive");
  const before = definitions(keeper);

  // virsh makes the definitions of both by itself, and ours says the same
  const made = "Created bridge br7 with attached device eth0\nBridge interface br7 started";
  const freed = "Device eth0 un-attached from bridge br7\nInterface eth0 started";
  for (const one of [ask, ours]) {
    assert.equal(await one("iface-bridge", "eth0", "br7", "--no-stp"), made);
    await until("eth0 is under the bridge", underBridge);
    const table = (await one("iface-list")).split("\n").map((line) => line.trim().split(/\s+/)[0]);
    assert.ok(table.includes("br7") && table.includes("eth0"), table.join(" "));
    await refused("iface-bridge", "br7", "br8");
    await refused("iface-bridge", "far0", "br7");
    assert.equal(await one("iface-unbridge", "br7"), freed);
    await back();
    await refused("iface-unbridge", "eth0");
  }
  assert.equal(
    await ask("iface-bridge", "eth0", "br7", "--no-start"),
    "Created bridge br7 with attached device eth0",
  );
  await until("nothing has happened yet", alone);
  await ask("iface-undefine", "br7");
  await ask("iface-define", file("eth.xml", ETH));

  // a whole change is taken back by virsh
  await ask("iface-begin");
  const start = definitions(keeper);
  await ask("iface-bridge", "eth0", "br7");
  await until("eth0 is under the bridge", underBridge);
  assert.match(await ask("iface-rollback"), /rolled back/);
  await until("rolled back", alone);
  assert.equal(definitions(keeper), start);
  await refused("iface-commit");
  await refused("iface-rollback");

  const note = join(vireod.root, "lib/interface/change.json");
  // nobody confirms; the daemon is killed, and the next one keeps the time
  const words = ["iface-try-bridge", "eth0", "br7", "--no-stp", "--seconds", "3600"];
  assert.match(
    await ours(...words),
    /Taken back in 3600 seconds unless you say 'vireo iface-commit'/,
  );
  await vireod.end("SIGKILL");
  assert.ok(await underBridge(), "the bridge needs no daemon");
  hasSecondsLeft(note, 1);
  await vireod.start();
  await until("taken back by itself", alone);
  await until("its files too", async () => definitions(keeper) === start);
  await until("it is over", async () => !existsSync(note));

  // an edit that fails leaves nothing open behind
  const { status, stderr } = await run(vireo, [
    "-c",
    vireod.uri,
    "iface-try-bridge",
    "nosuch",
    "br7",
  ]);
  assert.equal(status, 1);
  assert.match(stderr, /couldn't find interface named 'nosuch'/);
  assert.ok(!existsSync(note));

  // confirmed, it stays
  await ours("iface-try", "--seconds", "60");
  await ask("iface-define", file("bridge.xml", BRIDGE));
  await ask("iface-start", "br7");
  await until("the bridge of the file is set up", () => bridged());
  await ours("iface-commit");
  assert.ok(!existsSync(note));
  await refused("iface-commit");
  assert.notEqual(definitions(keeper), before);
} finally {
  await vireod.cleanUp();
}

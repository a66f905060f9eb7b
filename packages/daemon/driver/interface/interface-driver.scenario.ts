/** What the test beside runs in namespaces of its own, on a host of ifupdown, NetworkManager or systemd-networkd. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { makeDirectories, pathsOf } from "../../host/paths.ts";
import type { Call, Driver, Role } from "../contract.ts";
import { startInterfaceDriver } from "./interface-driver.ts";
import {
  addresses,
  alone,
  BRIDGE,
  bridged,
  definitions,
  ETH,
  until,
} from "./private-host-state.ts";
import { refuseHostNetwork } from "../own-network.ts";

refuseHostNetwork();

const [, , keeper = ""] = process.argv;
const root = mkdtempSync(join(tmpdir(), "vireo-interface-"));
const paths = pathsOf(root);
const log = pino({ level: "warn" });
const call: Call = {
  caller: { name: "test", readOnly: false, door: "daemon" },
  uri: "qemu:///system",
  onDisconnect: () => undefined,
};
let driver: Driver | undefined;

/** The one before has died: it took nothing back and keeps no time. */
async function restarted(): Promise<Required<Role<"hostInterface">>> {
  await driver?.close();
  driver = await startInterfaceDriver(paths, log);
  // every operation is there: a missing one fails the test
  return driver.roles.hostInterface as Required<Role<"hostInterface">>;
}

const eth = { interface: { name: "eth0" } };
const bridge = { interface: { name: "br7" } };

let role = await restarted();
const isUp = async (of: typeof eth): Promise<boolean> => (await role.lookup(of, call)).active;

async function bridgeIt(): Promise<void> {
  await role.define({ xml: BRIDGE }, call);
  await role.start(bridge, call);
  await until("eth0 is in the bridge, which has the address", () => bridged());
}

try {
  await makeDirectories(paths);
  await role.define({ xml: ETH }, call);
  assert.doesNotMatch(await addresses(), /10\.5\.0\.2/, "nothing happens yet");
  assert.match(await role.xml({ ...eth, inactive: true }, call), /address='10\.5\.0\.2'/);
  await role.start(eth, call);
  await until("eth0 is set up", alone);
  await until("eth0 is up", () => isUp(eth));
  await assert.rejects(async () => role.start(eth, call), /already running/);
  await role.destroy(eth, call);
  await until("eth0 is down", async () => !(await isUp(eth)));
  await assert.rejects(async () => role.destroy(eth, call), /not running/);
  await role.start(eth, call);
  await until("eth0 is set up again", alone);

  // into a bridge, and back: the files are what they were, byte for byte
  const before = definitions(keeper);
  await role.beginChange({}, call);
  await assert.rejects(async () => role.beginChange({}, call), /another transaction/);
  await bridgeIt();
  assert.match(await role.xml({ ...bridge, inactive: true }, call), /<bridge stp='off'>/);
  assert.match(await role.xml(bridge, call), /<interface type='ethernet' name='eth0'>/);
  const names = (await role.list({}, call)).map(({ name }) => name);
  assert.deepEqual(names, ["br7", "eth0", "far0", "lo"]);
  await role.rollbackChange({}, call);
  await until("rolled back", alone);
  assert.equal(definitions(keeper), before);
  await assert.rejects(async () => role.commitChange({}, call), /no transaction running/);

  // nobody confirms, and the daemon dies in the meantime: the next one keeps the rest of the time
  await role.beginChange({ seconds: 5 }, call);
  await bridgeIt();
  role = await restarted();
  assert.ok(await bridged(), "the time is not over yet");
  await until("taken back by itself", alone);
  await until("its files too", async () => definitions(keeper) === before);

  // a host that starts again takes back what was not confirmed: its boot is another
  await role.beginChange({}, call);
  await bridgeIt();
  const note = join(paths.lib, "interface/change.json");
  const text = readFileSync(note, "utf8");
  writeFileSync(note, text.replace(/"boot":"[^"]*"/, '"boot":"another"'));
  role = await restarted();
  await until("taken back after the boot", alone);
  await until("its files after the boot", async () => definitions(keeper) === before);

  // kept, it stays; and the way back is that of virsh's iface-unbridge
  await role.beginChange({ seconds: 30 }, call);
  await bridgeIt();
  await role.commitChange({}, call);
  await role.destroy(bridge, call);
  await role.undefine(bridge, call);
  await role.define({ xml: ETH }, call);
  await role.start(eth, call);
  await until("eth0 stands for itself again", alone);
  await role.undefine(eth, call);
  await assert.rejects(async () => role.undefine(eth, call), /is not defined/);
} finally {
  await driver?.close();
  rmSync(root, { recursive: true, force: true });
}

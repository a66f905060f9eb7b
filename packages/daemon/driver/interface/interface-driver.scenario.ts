/** What the test beside runs in namespaces of its own, on a host of ifupdown, NetworkManager or systemd-networkd. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { execProgram } from "../../host/exec.ts";
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
  hasSecondsLeft,
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

/** Everything at once. */
const FULL = `<interface type='ethernet' name='eth0'><start mode='onboot'/><mtu size='1400'/>
  <protocol family='ipv4'><ip address='10.5.0.2' prefix='24'/><ip address='10.6.0.2' prefix='16'/>
    <route gateway='10.5.0.254'/></protocol>
  <protocol family='ipv6'><ip address='fd05::2' prefix='64'/><route gateway='fd05::ff'/></protocol>
  <mac address='02:00:00:00:05:02'/></interface>`;

const show = async (...words: readonly string[]): Promise<string> =>
  (await execProgram("ip", words)).stdout;

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
  await role.beginChange({ seconds: 3600 }, call);
  await bridgeIt();
  role = await restarted();
  assert.ok(await bridged(), "the time is not over yet");
  const note = join(paths.lib, "interface/change.json");
  hasSecondsLeft(note, 1);
  role = await restarted();
  await until("taken back by itself", alone);
  await until("its files too", async () => definitions(keeper) === before);

  // a host that starts again takes back what was not confirmed: its boot is another
  await role.beginChange({}, call);
  await bridgeIt();
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

  // everything that a definition says of a card is so
  await role.destroy(eth, call);
  await role.define({ xml: FULL }, call);
  await role.start(eth, call);
  await until("eth0 has what it is defined with", async () => {
    const [link, address, route, six] = await Promise.all([
      show("link", "show", "eth0"),
      show("address", "show", "eth0"),
      show("route"),
      show("-6", "route"),
    ]);
    return (
      /mtu 1400 .*link\/ether 02:00:00:00:05:02/s.test(link) &&
      /inet 10\.5\.0\.2\/24/.test(address) &&
      /inet 10\.6\.0\.2\/16/.test(address) &&
      /inet6 fd05::2\/64/.test(address) &&
      route.includes("default via 10.5.0.254 dev eth0") &&
      six.includes("default via fd05::ff dev eth0")
    );
  });
  await role.destroy(eth, call);
  await role.undefine(eth, call);
  await assert.rejects(async () => role.undefine(eth, call), /is not defined/);

  // addresses that nobody has defined are not lost in a bridge; networkd may still add those that were
  await show("link", "set", "eth0", "up");
  await show("address", "flush", "dev", "eth0");
  await show("address", "add", "10.7.0.2/24", "dev", "eth0");
  const bare = BRIDGE.replace(/<protocol.*<\/protocol>/s, "");
  await assert.rejects(async () => role.define({ xml: bare }, call), /lose its address 10\./);
} finally {
  await driver?.close();
  rmSync(root, { recursive: true, force: true });
}

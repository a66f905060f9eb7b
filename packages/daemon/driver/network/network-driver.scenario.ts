/** What the test beside runs in a network namespace of its own: the driver with real bridges, rules and servers. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { isError } from "@vireo/model/error";
import { execProgram } from "../../host/exec.ts";
import { makeDirectories, pathsOf } from "../../host/paths.ts";
import type { Call, Role } from "../contract.ts";
import { Dnsmasq } from "./dnsmasq.ts";
import { startNetworkDriver } from "./network-driver.ts";
import { refuseHostNetwork } from "../own-network.ts";

refuseHostNetwork();

const root = mkdtempSync(join(tmpdir(), "vireo-network-"));
chmodSync(root, 0o755); // dnsmasq reads its lists as somebody else
const paths = pathsOf(root);
let heard: (line: string) => unknown = () => undefined;
const log = pino({ level: "warn" }, { write: (line: string) => void heard(line) });
const call: Call = {
  caller: { name: "test", readOnly: false, door: "daemon" },
  uri: "qemu:///system",
  onDisconnect: () => undefined,
};
const XML = `<network><name>n1</name><forward mode='nat'/><ip address='10.77.0.1' prefix='24'>
  <dhcp><range start='10.77.0.2' end='10.77.0.9'/></dhcp></ip></network>`;
const network = { name: "n1" };

const sh = async (program: string, ...args: readonly string[]): Promise<string> =>
  (await execProgram(program, args)).stdout;

type Started = Awaited<ReturnType<typeof startNetworkDriver>>;
let driver!: Started;
let last: Started | undefined;
// the guard alone keeps no program from ending
const alive = setInterval(() => undefined, 60_000);

async function started(): Promise<Required<Role<"network">>> {
  await last?.driver.close();
  last = driver = await startNetworkDriver(paths, log);
  const { network: role } = driver.driver.roles;
  assert.ok(role);
  return role as Required<Role<"network">>; // the driver has every handler: a missing one fails the test
}

/** Somebody takes a place, and it is there after the daemon was away. */
async function testPorts({ driver: { roles }, networks }: Started): Promise<void> {
  const ports = roles.networkPort as Required<Role<"networkPort">>;
  const owner = { name: "web", uuid: "c7a5fdbd-edaf-9455-926a-d65c16db1809" };
  const { port } = await networks.allocate("n1", {
    owner,
    mac: { address: "52:54:00:00:00:01" },
    bandwidth: { outbound: { average: 128 } },
  });
  assert.deepEqual(port.plug, { type: "network", bridge: "virbr0" });
  assert.deepEqual(await ports.list({ network }, call), [port.uuid]);
  await started();
  const { network: role, networkPort } = driver.driver.roles;
  assert.match(String(await role?.xml?.({ network }, call)), /<network connections='1'>/);
  const text = await networkPort?.xml?.({ network, port: port.uuid }, call);
  assert.match(String(text), /<plug type='network' bridge='virbr0'\/>/);
  // its guest ended meanwhile
  const gone = { ports: new Set<string>(), limits: [] };
  await driver.networks.settle({ owners: new Set([owner.uuid]), ...gone });
  assert.deepEqual(await networkPort?.list?.({ network }, call), []);
  await assert.rejects(
    async () => networkPort?.delete?.({ network, port: port.uuid }, call),
    (error) => isError(error, "noNetworkPort"),
  );
}

/** Rules that were flushed and a server that was killed come back while the daemon runs. */
async function testHealing(): Promise<void> {
  const healed = (what: string): Promise<void> =>
    new Promise((resolve) => {
      heard = (line) => line.includes("network healed") && line.includes(what) && resolve();
    });
  const rules = healed("rules");
  await sh("nft", "flush", "ruleset");
  await rules;
  assert.match(await sh("nft", "list", "ruleset"), /masquerade/);
  const server = await new Dnsmasq(paths).running("n1");
  assert.ok(server);
  const again = healed("dnsmasq");
  process.kill(server.pid, "SIGKILL");
  await again;
  assert.notDeepEqual(await new Dnsmasq(paths).running("n1"), server);
  assert.ok(await new Dnsmasq(paths).running("n1"));
}

/** What cannot be is refused with libvirt's words, and leaves nothing. */
async function testRefusals(role: Required<Role<"network">>): Promise<void> {
  const six = "<ip family='ipv6' address='fd00:77::1' prefix='64'/>";
  await role.create({ xml: `<network><name>six</name>${six}</network>` }, call);
  const refused = async (name: string, inside: string, why: RegExp): Promise<void> => {
    const xml = `<network><name>${name}</name>${inside}</network>`;
    await assert.rejects(async () => role.create({ xml }, call), why);
    assert.doesNotMatch(await sh("ip", "link"), /virbr2/);
  };
  const other = six.replace("77::1", "77::5");
  await refused("again", other, /Network is already in use by interface virbr1/);
  const zone = "<forward mode='nat'/><bridge zone='public'/><ip address='10.79.0.1' prefix='24'/>";
  await refused("z", zone, /zone public requested for network z but firewalld is not active/);
  await role.destroy({ network: { name: "six" } }, call);
}

/** Nothing of the network is left on the host. */
/** The administrator's script hears of a network's life, and may refuse its start. */
async function testHooks(role: Required<Role<"network">>): Promise<void> {
  const [script, told] = [join(paths.hooks, "network"), join(root, "told")];
  const install = (last: string): void => {
    writeFileSync(script, `#!/bin/sh\necho "$*" $(grep -c '<hookData>') >>${told}\n${last}\n`, {
      mode: 0o755,
    });
  };
  mkdirSync(paths.hooks, { recursive: true });
  install("exit 0");
  await role.start({ network }, call);
  const xml = "<host mac='52:54:00:00:00:08' ip='10.77.0.8'/>";
  const change = { command: "add-last", section: "ip-dhcp-host", parentIndex: -1 } as const;
  await role.update({ network, ...change, xml, live: true }, call);
  await role.destroy({ network }, call);
  assert.deepEqual(readFileSync(told, "utf8").trim().split("\n"), [
    "n1 start begin - 1",
    "n1 started begin - 1",
    "n1 updated begin - 1",
    "n1 stopped end - 1",
  ]);
  install('echo "not this network" >&2; exit 1');
  await assert.rejects(
    async () => role.start({ network }, call),
    (error) => isError(error, "hookScriptFailed") && error.message.includes("not this network"),
  );
  await checkGone();
  rmSync(script);
}

async function checkGone(): Promise<void> {
  assert.doesNotMatch(await sh("ip", "link"), /virbr/);
  assert.equal((await sh("nft", "list", "ruleset")).trim(), "");
  assert.equal(await new Dnsmasq(paths).running("n1"), undefined);
}

/** A client in a namespace behind the bridge. */
async function joinClient(): Promise<void> {
  await sh("ip", "link", "add", "port0", "type", "veth", "peer", "name", "guest0");
  await sh("ip", "link", "set", "port0", "master", "virbr0", "up");
  await sh("ip", "link", "set", "guest0", "up");
}

try {
  await makeDirectories(paths);
  await sh("ip", "link", "set", "lo", "up");
  let role = await started();
  await role.define({ xml: XML }, call);
  assert.match(await role.xml({ network }, call), /<bridge name='virbr0' stp='on' delay='0'\/>/);
  await role.start({ network }, call);
  assert.match(await sh("ip", "address", "show", "virbr0"), /inet 10\.77\.0\.1\/24/);
  assert.match(await sh("nft", "list", "ruleset"), /ip saddr 10\.77\.0\.0\/24 .*masquerade/);
  const server = await new Dnsmasq(paths).running("n1");
  assert.ok(server, "dnsmasq runs");

  // the daemon dies and comes back: the same server, the rules restored after a flush
  await sh("nft", "flush", "ruleset");
  role = await started();
  assert.deepEqual(await new Dnsmasq(paths).running("n1"), server);
  assert.match(await sh("nft", "list", "ruleset"), /masquerade/);

  await testPorts(driver);
  // the daemon that there was before knows nothing of what this one's guard does
  role = await started();
  await testHealing();
  await joinClient();
  assert.deepEqual(await role.leases({ network }, call), []);

  // an entry added to the running network reaches the server
  const xml = "<host mac='52:54:00:00:00:07' ip='10.77.0.7'/>";
  const change = {
    network,
    command: "add-last",
    section: "ip-dhcp-host",
    parentIndex: -1,
    xml,
  } as const;
  await role.update({ ...change, live: true }, call);
  assert.match(await role.xml({ network }, call), /10\.77\.0\.7/);
  assert.doesNotMatch(await role.xml({ network, inactive: true }, call), /10\.77\.0\.7/);

  // a second network on the same addresses is refused and leaves nothing
  const second = XML.replace("n1", "n2").replace("10.77.0.2'", "10.77.0.3'");
  await assert.rejects(
    async () => role.create({ xml: second }, call),
    (error) => isError(error, "internalError") && error.message.includes("already in use"),
  );
  assert.doesNotMatch(await sh("ip", "link"), /virbr1/);

  await testRefusals(role);

  await role.destroy({ network }, call);
  await sh("ip", "link", "delete", "guest0");
  await checkGone();
  for (let round = 0; round < 5; round += 1) {
    await role.start({ network }, call);
    await role.destroy({ network }, call);
  }
  await checkGone();
  await testHooks(role);
  await role.undefine({ network }, call);
  assert.deepEqual(await role.list({}, call), []);
} finally {
  clearInterval(alive);
  await new Dnsmasq(paths).stop("n1").catch(() => undefined);
  rmSync(root, { recursive: true, force: true });
}

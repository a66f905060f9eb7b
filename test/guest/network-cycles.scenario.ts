/**
 * Networks and guests with cards come and go, again and again: nothing of them stays on the host.
 * VIREO_NETWORK_CYCLES says how often.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { emptyXml } from "../harness/domain-xml.ts";
import { processesOf } from "../harness/processes.ts";
import { virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";

refuseHostNetwork();

const CYCLES = Number(process.env["VIREO_NETWORK_CYCLES"] ?? 4);
/** Descriptors that may come and go by themselves. */
const SLACK = 4;

const NETWORK = `<network><name>net1</name><forward mode='nat'/>
  <bandwidth><inbound average='5000'/><outbound average='5000'/></bandwidth>
  <ip address='10.77.0.1' prefix='24'><dhcp><range start='10.77.0.2' end='10.77.0.99'/></dhcp></ip></network>`;
const MACVTAP =
  "<network><name>net2</name><forward mode='private'><interface dev='out0'/></forward></network>";
const CARDS = `<interface type='network'><source network='net1'/><model type='virtio'/><driver queues='2'/>
    <bandwidth><inbound average='1000' floor='500'/><outbound average='1000'/></bandwidth><port isolated='yes'/></interface>
  <interface type='network'><source network='net2'/><model type='virtio'/></interface>
  <interface type='direct'><source dev='out0' mode='bridge'/><model type='e1000'/></interface>
  <interface type='ethernet'><model type='virtio'/></interface>
  <interface type='user'><model type='virtio'/></interface>`;

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: "utf8" });

/** What could stay behind. */
const traces = (root: string): unknown => ({
  links: [...run("ip", "-o", "link").matchAll(/^\d+: ([^:@]+)/gm)].map(([, name]) => name),
  rules: run("nft", "list", "ruleset"),
  routes: run("ip", "route"),
  servers: processesOf(`${root}/`, "dnsmasq"),
  namespaces: readdirSync("/run/netns"),
  nodes: readdirSync("/dev").filter((name) => name.startsWith(".vireo-")),
  files: ["lib/dnsmasq", "run/network", "run/network/ports", "etc/network"].map((path) =>
    readdirSync(join(root, path)).filter((name) => !["autostart", ".prev", "ports"].includes(name)),
  ),
});
const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

test("network: cycles leave no bridge, tap, server, rule, lease, port or namespace behind", async (t) => {
  run("ip", "link", "add", "out0", "type", "veth", "peer", "name", "in0");
  run("ip", "link", "set", "out0", "up");
  const vireod = new Vireod();
  chmodSync(vireod.root, 0o755);
  t.after(() => vireod.cleanUp());
  await vireod.start();
  const ok = (...args: readonly string[]): Promise<string> => virshOk(vireod.uri, ...args);
  const files = Object.entries({
    net1: NETWORK,
    net2: MACVTAP,
    guest: emptyXml("guest").replace("<serial", `${CARDS}<serial`),
  }).map(([name, xml]) => [name, join(vireod.root, `${name}.xml`), xml] as const);
  for (const [, path, xml] of files) writeFileSync(path, xml);
  const [net1 = "", net2 = "", guest = ""] = files.map(([, path]) => path);

  const cycle = async (): Promise<void> => {
    await ok(`net-define ${net1}; net-start net1; net-create ${net2}`);
    await ok("create", guest, "--paused");
    assert.match(run("ip", "-o", "link"), /macvtap1/);
    assert.match(await ok("net-port-list", "net1"), /[-0-9a-f]{36}/);
    assert.match(await ok("net-dumpxml", "net2"), /<network connections='1'>/);
    await ok("destroy guest; net-destroy net2");
    await ok("net-destroy net1; net-undefine net1");
  };
  await cycle();
  const before = traces(vireod.root);
  const open = descriptors(vireod.pid);
  for (let count = 1; count < CYCLES; count += 1) {
    await cycle();
    assert.deepEqual(traces(vireod.root), before);
  }
  assert.ok(descriptors(vireod.pid) <= open + SLACK, "descriptors");
  t.diagnostic(`${CYCLES} cycles: ${JSON.stringify(before)}`);
});

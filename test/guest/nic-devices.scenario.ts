/**
 * What guests' cards have on the host: made, changed, and gone with the guest, also when vireod was killed and when the
 * guest ended while no daemon ran. Open vSwitch runs for real, with its own datapath outside the kernel.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { emptyXml } from "../harness/domain-xml.ts";
import { virsh, virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";

const RUN = "/var/run/openvswitch";
const SWITCH = ["/usr/sbin/ovs-vswitchd", "/usr/share/openvswitch/vswitch.ovsschema"];
const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** A switch of this namespace's own. */
function startSwitch(t: TestContext): void {
  execFileSync("mkdir", ["-p", RUN]);
  run("mount", "-t", "tmpfs", "none", RUN);
  const database = `${RUN}/conf.db`;
  run("ovsdb-tool", "create", database, SWITCH[1] ?? "");
  const daemon = ["--pidfile", "--detach", "--no-chdir", `--log-file=${RUN}/log`];
  run("ovsdb-server", database, `--remote=punix:${RUN}/db.sock`, ...daemon);
  run("ovs-vsctl", "--no-wait", "--timeout=5", "init");
  run("ovs-vswitchd", `unix:${RUN}/db.sock`, ...daemon);
  t.after(() => {
    for (const name of ["ovs-vswitchd", "ovsdb-server"])
      process.kill(Number(readFileSync(`${RUN}/${name}.pid`, "utf8")), "SIGKILL");
  });
  run(
    ...("ovs-vsctl --timeout=10 add-br ovs0 -- set bridge ovs0 datapath_type=netdev".split(" ") as [
      string,
      ...string[],
    ]),
  );
  run("ip", "link", "set", "ovs0", "up");
}

const card = (type: string, last: string, more: string): string =>
  `<interface type='${type}'><mac address='52:54:00:00:00:0${last}'/><model type='virtio'/>${more}</interface>`;

const links = (): readonly string[] =>
  [...run("ip", "-o", "link").matchAll(/^\d+: ([^:@]+)/gm)].map(([, name = ""]) => name).toSorted();
const ports = (): string => run("ovs-vsctl", "list-ports", "ovs0").trim();
const column = (name: string): string =>
  run("ovs-vsctl", "--bare", `--columns=${name}`, "find", "Port", "name=sw0").trim();

test("devices of cards: they come with the guest and go with it, whoever dies", async (t) => {
  if (SWITCH.some((path) => !existsSync(path))) return t.skip("Open vSwitch is not installed");
  startSwitch(t);
  run("ip", "link", "add", "out0", "type", "veth", "peer", "name", "in0");
  run("ip", "link", "set", "out0", "up");
  run("ip", "link", "add", "one0", "type", "bridge");
  run("ip", "tuntap", "add", "dev", "mine0", "mode", "tap");
  const vireod = new Vireod();
  t.after(() => vireod.cleanUp());
  await vireod.start();
  const { root, uri } = vireod;
  const ok = (...args: readonly string[]): Promise<string> => virshOk(uri, ...args);
  const [up, down] = ["up", "down"].map((name) => {
    const path = join(root, name);
    writeFileSync(path, `#!/bin/sh\necho ${name} $1 >>${root}/scripts\n`, { mode: 0o755 });
    return path;
  });
  const file = (name: string, xml: string): string => {
    const path = join(root, `${name}.xml`);
    writeFileSync(path, xml);
    return path;
  };
  const switched = (vlan: string): string =>
    card(
      "bridge",
      "1",
      `<source bridge='ovs0'/><virtualport type='openvswitch'/>${vlan}<target dev='sw0'/>`,
    );
  const cards = [
    switched("<vlan><tag id='7'/></vlan>"),
    card("direct", "2", "<source dev='out0' mode='bridge'/>"),
    card(
      "ethernet",
      "3",
      `<source><ip address='10.66.0.1' prefix='24'/></source><target dev='ether0'/><script path='${up}'/><downscript path='${down}'/>`,
    ),
    card("ethernet", "4", "<target dev='mine0' managed='no'/>"),
    card(
      "bridge",
      "5",
      "<source bridge='one0'/><driver name='qemu' queues='3'/><coalesce><rx><frames max='7'/></rx></coalesce><port isolated='yes'/>",
    ),
  ];
  const xml = (more: string): string =>
    emptyXml("guest").replace("<serial", `${cards.join("")}${more}<serial`);
  const guest = file("guest", xml(""));
  const before = links();
  const gone = (): void => {
    assert.deepEqual([links(), ports()], [before, ""]);
  };

  await ok("create", guest, "--paused");
  assert.equal(ports(), "sw0");
  assert.equal(column("tag"), "7");
  assert.match(
    run("ovs-vsctl", "get", "Interface", "sw0", "external-ids"),
    /vm-id="?[-0-9a-f]{36}/,
  );
  assert.match(run("ip", "address", "show", "ether0"), /inet 10\.66\.0\.1\/24/);
  assert.equal(readFileSync(`${root}/scripts`, "utf8"), "up ether0\n");
  assert.match(run("ip", "-d", "link", "show", "mine0"), /NO-CARRIER|LOWER_UP|DOWN/);
  const bridged = readFileSync("/sys/class/net/one0/brif/vnet0/isolated", "utf8").trim();
  assert.equal(bridged, "1");

  await ok(
    "update-device",
    "guest",
    file(
      "trunk",
      switched("<vlan trunk='yes'><tag id='8'/><tag id='9' nativeMode='untagged'/></vlan>"),
    ),
    "--live",
  );
  assert.deepEqual(
    [column("tag"), column("trunks"), column("vlan_mode")],
    ["9", "8 9", "native-untagged"],
  );

  await ok("destroy", "guest");
  gone();
  assert.equal(readFileSync(`${root}/scripts`, "utf8"), "up ether0\ndown ether0\n");

  // a card that cannot be had takes those before it along
  const bad = file("bad", xml(card("bridge", "6", "<source bridge='nosuch0'/>")));
  assert.match((await virsh(uri, ["create", bad])).stderr, /Cannot get interface MTU on 'nosuch0'/);
  gone();

  // the guest ends while nobody looks
  await ok("create", guest, "--paused");
  await vireod.end("SIGKILL");
  assert.equal(ports(), "sw0");
  for (const pid of vireod.guestPids()) process.kill(pid, "SIGKILL");
  await vireod.start();
  assert.match(await ok("list", "--all", "--name"), /^\s*$/);
  gone();

  // a start that was cut short: its device is there, and no guest has it
  const group = await deviceGroup(ok, guest);
  await vireod.end("SIGKILL");
  run("ip", "link", "add", "link", "out0", "name", "macvtap7", "group", group, "type", "macvtap");
  run("ip", "link", "add", "link", "out0", "name", "macvtap8", "type", "macvtap", "mode", "bridge");
  await vireod.start();
  assert.deepEqual(links(), [...before, "macvtap8"].toSorted(), "somebody else's stays");
});

/** The mark of this daemon's macvtap devices. */
async function deviceGroup(
  ok: (...args: readonly string[]) => Promise<string>,
  guest: string,
): Promise<string> {
  await ok("create", guest, "--paused");
  const group = readFileSync("/sys/class/net/macvtap0/netdev_group", "utf8").trim();
  await ok("destroy", "guest");
  return group;
}

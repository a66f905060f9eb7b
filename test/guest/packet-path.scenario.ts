/** `vireo net why`: each kind of failure is named. The guest is paused; its packets are made by hand. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { emptyXml } from "../harness/domain-xml.ts";
import { virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";

refuseHostNetwork();

const VIREO = join(import.meta.dirname, "../../bin/vireo");
const MAC = "52:54:00:00:77:01";
const NAT = `<network><name>nat1</name><forward mode='nat'/><bridge stp='off'/>
  <ip address='10.77.0.1' prefix='24'><dhcp><range start='10.77.0.2' end='10.77.0.9'/></dhcp></ip></network>`;
const ISOLATED =
  "<network><name>iso1</name><bridge stp='off'/><ip address='10.78.0.1' prefix='24'/></network>";
const card = (network: string, more = ""): string =>
  `<interface type='network'><mac address='${MAC}'/><source network='${network}'/><model type='virtio'/>${more}</interface>`;

for (const backend of ["nftables", "iptables"])
  test(`net why: names what stops a guest's packets, rules in ${backend}`, async (t) => {
    const vireod = new Vireod(undefined, ["--firewall-backend", backend]);
    chmodSync(vireod.root, 0o755); // dnsmasq reads its lists as somebody else
    const ok = (...args: readonly string[]): Promise<string> => virshOk(vireod.uri, ...args);
    t.after(async () => {
      for (const words of ["destroy guest", "net-destroy nat1", "net-destroy iso1"])
        await ok(words).catch(() => undefined);
      await vireod.cleanUp();
    });
    await vireod.start();
    const file = (name: string, xml: string): string => {
      writeFileSync(join(vireod.root, name), xml);
      return join(vireod.root, name);
    };
    const start = (interfaces: string): Promise<string> => {
      const xml = emptyXml("guest").replace("<serial", `${interfaces}<serial`);
      return ok("create", file("guest.xml", xml), "--paused");
    };
    const why = (): string =>
      execFileSync(VIREO, ["-c", vireod.uri, "net", "why", "guest"], { encoding: "utf8" });
    /** Does what it says. */
    const mend = (): void => {
      const [, command = ""] = /^Mend it by: (.*)$/m.exec(why()) ?? [];
      execFileSync("sh", ["-c", command]);
    };
    await ok("net-create", file("nat1.xml", NAT));
    await ok("net-create", file("iso1.xml", ISOLATED));

    // no lease, no limit; and the host's forwarding switched off
    await start(card("nat1", "<bandwidth><inbound average='0'/></bandwidth>"));
    assert.match(why(), /has asked for no address by DHCP/);
    assert.doesNotMatch(why(), /kB\/s/);
    writeFileSync("/proc/sys/net/ipv4/ip_forward", "0");
    assert.match(why(), /Stopped by: the host passes no packets on/);
    assert.match(why(), /Mend it by: sysctl -w net\.ipv4\.ip_forward=1/);
    writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");

    // a limit is told, as is the cable that was pulled, by the guest's side and by the host's
    await ok("domiftune", "guest", MAC, "--inbound", "100", "--live");
    assert.match(why(), /100 kB\/s in/);
    await ok("domif-setlink", "guest", MAC, "down");
    assert.match(
      why(),
      /Stopped by: .*its cable is pulled\nMend it by: virsh domif-setlink guest vnet0 up/,
    );
    await ok("domif-setlink", "guest", MAC, "up");
    execFileSync("ip", ["link", "set", "vnet0", "down"]);
    assert.match(why(), /Stopped by: vnet0 is switched off/);
    mend();
    execFileSync("ip", ["link", "set", "vnet0", "nomaster"]);
    assert.match(why(), /Stopped by: vnet0 is in no bridge instead of virbr0/);
    mend();

    // rules of others: what is said to be stopped is, and by the command that is named it passes again
    const world = openWorld();
    assert.match(why(), /has asked for no address by DHCP\nNothing stops its packets/);
    assert.ok(world.isReached(TRIES), "the world beyond the network");
    for (const [rules, told] of FOREIGN) {
      host("nft -f -", rules);
      assert.ok(!world.isReached(), rules);
      assert.match(why(), told);
      mend();
      assert.ok(world.isReached(TRIES), `mended: ${rules}`);
      assert.match(why(), /Nothing stops its packets/, rules);
      host("nft delete table ip other");
    }
    // beside Docker vireod lets its networks through by itself; against rules before its own it cannot
    for (const words of ["-P FORWARD DROP", "-N DOCKER-USER", "-I FORWARD -j DOCKER-USER"])
      host(`iptables ${words}`);
    await soon(() => why().includes("Nothing stops its packets") && world.isReached());
    host(`iptables ${REFUSED}`);
    assert.ok(!world.isReached(), REFUSED);
    assert.match(why(), /a rule drops packets from virbr0: ip saddr 10\.77\.0\.0\/16 /);
    mend();
    assert.ok(world.isReached(TRIES), `mended: ${REFUSED}`);
    assert.match(why(), /Nothing stops its packets/);
    for (const words of [
      "-P FORWARD ACCEPT",
      "-D FORWARD -j DOCKER-USER",
      "-X DOCKER-USER",
      ...UNDONE,
    ])
      host(`iptables ${words}`);
    await soon(() => why().includes("Nothing stops its packets"));
    host("nft -f -", SOME);
    assert.match(why(), /but for some/, "rules that ask for what nobody knows here");
    assert.match(why(), /Nothing stops its packets/);
    host("nft delete table ip other");
    world.end(); // its frames are no subject of the filter below
    await ok("destroy", "guest");

    // an isolated network has no way out
    await start(card("iso1"));
    assert.match(why(), /Stopped by: the network is isolated/);
    await ok("destroy", "guest");

    // a filter that dropped something says which rule did
    const filter =
      "<filterref filter='clean-traffic'><parameter name='IP' value='10.77.0.5'/></filterref>";
    await start(card("nat1", filter));
    assert.match(why(), /filter 'clean-traffic': it has dropped nothing/);
    execFileSync("python3", ["-c", FRAMES]);
    assert.match(why(), /filter 'clean-traffic': 3 dropped by .*vnet0: .*(?:drop|DROP)/);
    await ok("destroy", "guest");
  });

/** Rules that stop the network's packets, as others make them. */
const FOREIGN: readonly (readonly [rules: string, RegExp])[] = [
  [
    "table ip other { chain gate { type filter hook forward priority 0; policy drop; tcp dport 22 drop; }; }",
    /chain gate: policy drop, and no rule of it lets packets from virbr0 through/,
  ],
  [
    "table ip other { chain gate { type filter hook forward priority 0; ct state established accept; jump deny; }; chain deny { ip saddr { 10.0.0.0/8, 192.0.2.0/24 } drop; }; }",
    /a rule drops packets from virbr0: ip saddr \{ 10\.0\.0\.0\/8, 192\.0\.2\.0\/24 \} drop/,
  ],
  [
    'table ip other { chain gate { type filter hook forward priority 0; policy drop; iifname "virbr*" accept; }; }',
    /policy drop, and no rule of it lets answers to virbr0 through/,
  ],
];
const UNDONE = [
  "-D FORWARD -s 10.77.0.0/16 -j REJECT",
  "-D FORWARD -i virbr0 -j ACCEPT",
  "-D FORWARD -o virbr0 -j ACCEPT",
];
const REFUSED = "-I FORWARD -s 10.77.0.0/16 -j REJECT";
const SOME =
  "table ip other { chain gate { type filter hook forward priority 0; policy drop; meta mark 7 accept; }; }";

/** Runs a program of the host. */
function host(line: string, input = ""): void {
  const [program = "", ...words] = line.split(" ");
  execFileSync(program, words, { input });
}

/** On a host that has much to do a first answer may be late. */
const TRIES = 5;
const SOON_MS = 20_000;
/** Waits for what vireod does by itself. */
async function soon(is: () => boolean): Promise<void> {
  const end = performance.now() + SOON_MS;
  while (!is()) {
    assert.ok(performance.now() < end, "vireod does it in time");
    await pause(100);
  }
}

/** A host beyond the network, and somebody on its bridge who asks for it as a guest would. */
function openWorld(): { isReached: (tries?: number) => boolean; end: () => void } {
  const ip = (words: string): Buffer => execFileSync("ip", words.split(" "));
  for (const [space, here, there] of [
    ["beyond", "out0", "eth0"],
    ["asking", "ask0", "eth0"],
  ] as const) {
    ip(`netns add ${space}`);
    ip(`link add ${here} type veth peer name ${there} netns ${space}`);
    ip(`netns exec ${space} sysctl -qw net.ipv6.conf.${there}.disable_ipv6=1`);
    ip(`link set ${here} up`);
    ip(`-n ${space} link set ${there} up`);
  }
  ip("address add 203.0.113.1/24 dev out0");
  ip("route add default via 203.0.113.9");
  ip("-n beyond address add 203.0.113.9/24 dev eth0");
  ip("link set ask0 master virbr0");
  ip("-n asking address add 10.77.0.9/24 dev eth0");
  ip("-n asking route add default via 10.77.0.1");
  return {
    isReached: (tries = 1) =>
      Array.from({ length: tries }).some(
        () =>
          spawnSync("ip", "netns exec asking ping -c 1 -W 1 203.0.113.9".split(" ")).status === 0,
      ),
    end: () => {
      for (const space of ["beyond", "asking"]) ip(`netns del ${space}`);
    },
  };
}

/** Three frames to everybody, of a type that clean-traffic does not know. */
const FRAMES = `
import socket
host = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
host.bind(("virbr0", 0))
for _ in range(3):
    host.send(bytes.fromhex("ffffffffffff" + "525400000001" + "88b5") + bytes(50))
`;

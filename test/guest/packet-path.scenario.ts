/** `vireo net why`: each kind of failure is named. The guest is paused; its packets are made by hand. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
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
    await ok("net-create", file("nat1.xml", NAT));
    await ok("net-create", file("iso1.xml", ISOLATED));

    // no lease, no limit; and the host's forwarding switched off
    await start(card("nat1", "<bandwidth><inbound average='0'/></bandwidth>"));
    assert.match(why(), /has asked for no address by DHCP/);
    assert.doesNotMatch(why(), /kB\/s/);
    writeFileSync("/proc/sys/net/ipv4/ip_forward", "0");
    assert.match(why(), /Stopped by: the host passes no packets on/);
    writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");

    // a limit is told, as is the cable that was pulled, by the guest's side and by the host's
    await ok("domiftune", "guest", MAC, "--inbound", "100", "--live");
    assert.match(why(), /100 kB\/s in/);
    await ok("domif-setlink", "guest", MAC, "down");
    assert.match(why(), /Stopped by: .*its cable is pulled/);
    await ok("domif-setlink", "guest", MAC, "up");
    execFileSync("ip", ["link", "set", "vnet0", "down"]);
    assert.match(why(), /Stopped by: vnet0 is switched off/);
    execFileSync("ip", ["link", "set", "vnet0", "up"]);
    execFileSync("ip", ["link", "set", "vnet0", "nomaster"]);
    assert.match(why(), /Stopped by: vnet0 is in no bridge instead of virbr0/);
    execFileSync("ip", ["link", "set", "vnet0", "master", "virbr0"]);
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

/** Three frames to everybody, of a type that clean-traffic does not know. */
const FRAMES = `
import socket
host = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
host.bind(("virbr0", 0))
for _ in range(3):
    host.send(bytes.fromhex("ffffffffffff" + "525400000001" + "88b5") + bytes(50))
`;

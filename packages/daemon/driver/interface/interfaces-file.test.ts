import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHostInterface } from "@vireo/model/node/host-interface";
import {
  definedNames,
  hasSources,
  interfaceText,
  readInterface,
  removeInterfaces,
} from "./interfaces-file.ts";

const FILE = `# by hand
source /etc/network/interfaces.d/*

auto lo eth0
iface lo inet loopback

iface eth0 inet static
    address 10.0.0.2/24
    gateway 10.0.0.1
    mtu 9000
iface eth0 inet6 auto

allow-hotplug eth1
iface eth1 inet dhcp
`;

test("interfaces: what the file defines", () => {
  assert.deepEqual(definedNames(FILE), ["lo", "eth0", "eth1"]);
  assert.ok(hasSources(FILE));
  assert.deepEqual(readInterface(FILE, "eth0"), {
    type: "ethernet",
    name: "eth0",
    start: { mode: "onboot" },
    mtu: { size: 9000 },
    protocols: [
      {
        family: "ipv4",
        ips: [{ address: "10.0.0.2", prefix: 24 }],
        route: { gateway: "10.0.0.1" },
      },
      { family: "ipv6", autoconf: true },
    ],
  });
  assert.equal(readInterface(FILE, "eth1")?.start?.mode, "hotplug");
  assert.equal(readInterface(FILE, "eth2"), undefined);
});

test("interfaces: taking one out leaves the rest as it stands", () => {
  const left = removeInterfaces(FILE, ["eth0"]);
  assert.match(left, /^# by hand\nsource .*\n\nauto lo\niface lo inet loopback\n/);
  assert.match(left, /allow-hotplug eth1\niface eth1 inet dhcp\n$/);
  assert.doesNotMatch(left, /eth0|9000/);
});

test("interfaces: a definition reads back as it was written", () => {
  for (const inner of [
    "<interface type='ethernet' name='e'><start mode='none'/><protocol family='ipv4'><dhcp/></protocol></interface>",
    "<interface type='bridge' name='b'><start mode='onboot'/><mtu size='1400'/><protocol family='ipv4'><ip address='10.1.0.1' prefix='24'/></protocol><bridge stp='off' delay='0'><interface type='ethernet' name='e'/></bridge></interface>",
    "<interface type='vlan' name='e.5'><start mode='none'/><vlan tag='5'><interface name='e'/></vlan></interface>",
  ]) {
    const wanted = parseHostInterface(inner);
    const { name = "" } = wanted;
    assert.deepEqual(readInterface(interfaceText(name, wanted), name), wanted);
  }
});

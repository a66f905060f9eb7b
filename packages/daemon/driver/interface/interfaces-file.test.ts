import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHostInterface } from "@vireo/model/node/host-interface";
import { definedNames, readInterface, removeInterfaces } from "./interfaces-file.ts";
import { carriedOptions, interfaceText } from "./interfaces-text.ts";

const FILE = `# by hand
source /etc/network/interfaces.d/*

auto lo eth0
iface lo inet loopback

iface eth0 inet static
    address 10.0.0.2/24
    gateway 10.0.0.1
    dns-nameservers 10.0.0.53
    post-up logger eth0
    mtu 9000
iface eth0 inet6 auto

allow-hotplug eth1
iface eth1 inet dhcp
`;

test("interfaces: what the file defines", () => {
  assert.deepEqual(definedNames(FILE), ["lo", "eth0", "eth1"]);
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

test("interfaces: an old netmask is a prefix, and ports are no interfaces of their own", () => {
  const file = `iface br0 inet static
    address 10.0.0.2
    netmask 255.255.254.0
    bridge_ports bond0
iface bond0 inet manual
    bond_slaves eth0 eth1
    bond-mode 1
`;
  assert.deepEqual(definedNames(file), ["br0"]);
  const found = readInterface(file, "br0");
  assert.deepEqual(found?.protocols?.[0]?.ips, [{ address: "10.0.0.2", prefix: 23 }]);
  assert.equal(found.bridge?.interfaces?.[0]?.bond?.mode, "active-backup");
});

test("interfaces: taking one out leaves the rest as it stands", () => {
  const left = removeInterfaces(FILE, ["eth0"]);
  assert.match(left, /^# by hand\nsource .*\n\nauto lo\niface lo inet loopback\n/);
  assert.match(left, /allow-hotplug eth1\niface eth1 inet dhcp\n$/);
  assert.doesNotMatch(left, /eth0|9000/);
  assert.equal(removeInterfaces("iface a inet dhcp\n\n\n", ["b"]), "iface a inet dhcp\n\n\n");
});

test("interfaces: what a definition has no words for stays with its interface, name servers with the addresses", () => {
  const [eth0, br0] = ["eth0", "br0"].map((name) => ({ type: "ethernet" as const, name }));
  assert.deepEqual(carriedOptions(FILE, eth0 ?? assert.fail(), []), [
    "dns-nameservers 10.0.0.53",
    "post-up logger eth0",
  ]);
  assert.deepEqual(carriedOptions(FILE, br0 ?? assert.fail(), ["eth0"]), [
    "dns-nameservers 10.0.0.53",
  ]);
});

test("interfaces: what ifupdown cannot hold is refused", () => {
  const xml =
    "<interface type='ethernet' name='e'><protocol family='ipv4'><dhcp peerdns='no'/></protocol></interface>";
  assert.throws(() => interfaceText(parseHostInterface(xml)), /peerdns/);
});

/** A guest on a virtual network: what the host knows of its addresses. In a network namespace of its own. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bootGuest } from "./booted-guest.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";

refuseHostNetwork();

const MAC = "52:54:00:aa:bb:dd";
const SEEN_MS = 20_000;
const NETWORK = `<network><name>told</name><bridge name='told0'/>
  <ip address='10.9.3.1' netmask='255.255.255.0'><dhcp><range start='10.9.3.50' end='10.9.3.50'/></dhcp></ip></network>`;

test("addresses: a guest's lease and what the host's neighbours say", async (t) => {
  const { console, directory, ok } = await bootGuest(t, (xml) =>
    xml.replace("machine='q35'", "machine='pc'"),
  );
  const { conversation } = console;
  const path = join(directory, "told.xml");
  writeFileSync(path, NETWORK);
  await ok("net-create", path);
  const card = ["network", "told", "--mac", MAC, "--model", "virtio"];
  await ok("attach-interface", "hello", ...card, "--live");
  assert.doesNotMatch(await ok("domifaddr", "hello"), new RegExp(MAC));

  const find = `n=$(grep -l ${MAC} /sys/class/net/*/address | cut -d/ -f5)`;
  conversation.say(`until ${find} && [ -n "$n" ]; do :; done; ip link set $n up\n`);
  conversation.say("udhcpc -i $n -s /etc/udhcpc.sh -t 20 -T 1 -q -n; echo asked\n");
  await conversation.expect(/address=10\.9\.3\.50/, SEEN_MS);
  conversation.say("until ping -c 1 -W 1 10.9.3.1; do :; done; echo reached\n");
  await conversation.expect(/^reached/m, SEEN_MS);

  const line = (prefix: number): RegExp =>
    new RegExp(`^ vnet\\d+ +${MAC} +ipv4 +10\\.9\\.3\\.50/${prefix}$`, "m");
  assert.match(await ok("domifaddr", "hello"), line(24));
  assert.match(await ok("domifaddr", "hello", "--source", "lease"), line(24));
  assert.match(await ok("domifaddr", "hello", "--source", "arp"), line(0));
  assert.match(await ok("domifaddr", "hello", "vnet0", "--source", "arp", "--full"), line(0));
  await ok("net-destroy", "told");
});

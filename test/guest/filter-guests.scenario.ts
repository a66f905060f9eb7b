/**
 * Two real guests on one network, one of them with clean-traffic: it speaks as itself and is stopped
 * as soon as it pretends to be another, by IP, by ARP or by MAC. Its neighbour without a filter may.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Conversation } from "../harness/conversation.ts";
import { helloXml } from "../harness/domain-xml.ts";
import { virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";
import { consoleOf, succeeds } from "./guest-shell.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";

refuseHostNetwork();

const [backend = "nftables"] = process.argv.slice(2);
const BOOT_MS = 40_000;
const HOST = "10.77.0.1";
const GUESTS = {
  clean: { mac: "52:54:00:00:77:01", ip: "10.77.0.11" },
  other: { mac: "52:54:00:00:77:02", ip: "10.77.0.12" },
} as const;
const NETWORK = `<network><name>nat1</name><forward mode='nat'/>
  <ip address='${HOST}' prefix='24'><dhcp><range start='10.77.0.50' end='10.77.0.99'/>
    <host mac='${GUESTS.clean.mac}' ip='${GUESTS.clean.ip}'/><host mac='${GUESTS.other.mac}' ip='${GUESTS.other.ip}'/>
  </dhcp></ip></network>`;

const guestXml = (name: keyof typeof GUESTS, filter: string): string =>
  helloXml({ name })
    .replace("machine='q35'", "machine='pc'")
    .replace(
      /<interface type='user'>.*?<\/interface>/s,
      `<interface type='network'><mac address='${GUESTS[name].mac}'/><source network='nat1'/><model type='virtio'/>${filter}</interface>`,
    );

const ping = (to: string, from = ""): string => `ping -c 1 -W 2 ${from && `-I ${from}`} ${to}`;
const STRANGER = "10.77.0.66";
const asStranger = `ip addr add ${STRANGER}/24 dev eth0; ${ping(HOST, STRANGER)}`;
const noStranger = `ip addr del ${STRANGER}/24 dev eth0`;
/** The card again with another address, and what it had. */
const withMac = (mac: string, ip: string): string =>
  `ip link set eth0 down; ip link set eth0 address ${mac}; ip link set eth0 up; ip addr replace ${ip}/24 dev eth0`;

/** Says to everybody that the host's address is the guest's. */
const claimsHost = `arping -c 2 -A -I eth0 -s ${HOST} ${HOST}; true`;
const neighbourOf = (ip: string): string =>
  /lladdr (\S+)/.exec(execFileSync("ip", ["neigh", "show", ip], { encoding: "utf8" }))?.[1] ?? "";

/** Whom the guest takes for the host. */
async function hostAsSeen(guest: Conversation): Promise<string> {
  const [, mac = ""] = await guest.ask(
    `ip neigh show ${HOST}; echo "seen"`,
    /lladdr ([0-9a-f:]{17})[^]*?^seen/m,
    BOOT_MS,
  );
  return mac;
}

test(`filters: clean-traffic in ${backend} and real guests`, async (t) => {
  const vireod = new Vireod(undefined, ["--firewall-backend", backend]);
  chmodSync(vireod.root, 0o755); // dnsmasq reads its lists as somebody else
  t.after(async () => {
    for (const name of ["clean", "other"])
      await virshOk(vireod.uri, "destroy", name).catch(() => undefined);
    await virshOk(vireod.uri, "net-destroy", "nat1").catch(() => undefined);
    await vireod.cleanUp();
  });
  await vireod.start();
  const { uri } = vireod;
  const create = async (what: string, name: string, xml: string): Promise<void> => {
    const path = join(vireod.root, `${name}.xml`);
    writeFileSync(path, xml);
    await virshOk(uri, what, path);
  };
  await create("net-create", "nat1", NETWORK);
  await create("create", "clean", guestXml("clean", "<filterref filter='clean-traffic'/>"));
  const clean = consoleOf(t, uri, "clean");
  await create("create", "other", guestXml("other", ""));
  const other = consoleOf(t, uri, "other");
  await clean.expect(/lease name=eth0 address=10\.77\.0\.11/, BOOT_MS);
  await other.expect(/lease name=eth0 address=10\.77\.0\.12/, BOOT_MS);
  const host = execFileSync("cat", ["/sys/class/net/virbr0/address"], { encoding: "utf8" }).trim();

  // honest traffic passes, both ways
  assert.ok(await succeeds(clean, ping(HOST)), "the host");
  assert.ok(await succeeds(clean, ping(GUESTS.other.ip)), "the other guest");
  assert.ok(await succeeds(other, ping(GUESTS.clean.ip)), "from the other guest");

  // another IP address: what the other guest may, it may not
  assert.ok(await succeeds(other, asStranger), "nobody stops the other guest");
  assert.equal(neighbourOf(STRANGER), GUESTS.other.mac);
  assert.ok(await succeeds(other, noStranger));
  execFileSync("ip", ["neigh", "flush", "all"]);
  assert.ok(!(await succeeds(clean, asStranger)), "a spoofed IP address");
  assert.notEqual(neighbourOf(STRANGER), GUESTS.clean.mac, "nor was it heard in ARP");
  assert.ok(await succeeds(clean, noStranger));

  // another's IP address in ARP
  assert.ok(await succeeds(other, ping(HOST)));
  assert.equal(await hostAsSeen(other), host);
  assert.ok(await succeeds(clean, `ip addr add ${HOST}/32 dev eth0; ${claimsHost}`));
  assert.equal(await hostAsSeen(other), host, "spoofed ARP");
  assert.ok(await succeeds(clean, `ip addr del ${HOST}/32 dev eth0`));

  // another MAC address
  const { mac, ip } = GUESTS.clean;
  assert.ok(!(await succeeds(clean, `${withMac("52:54:00:00:99:99", ip)}; ${ping(HOST)}`)), "MAC");
  assert.ok(await succeeds(clean, `${withMac(mac, ip)}; ${ping(HOST)}`), "itself again");
});

/**
 * What the test beside runs in a network namespace of its own: filters on the port of a real bridge,
 * tried with real packets. The guest is a namespace behind a veth pair.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { isError } from "@vireo/model/error";
import { execProgram } from "../../host/exec.ts";
import { makeDirectories, pathsOf } from "../../host/paths.ts";
import type { Call, PacketFilters, Role } from "../contract.ts";
import { startNwFilterDriver } from "./nwfilter-driver.ts";
import { refuseHostNetwork } from "../own-network.ts";

refuseHostNetwork();

/** Which firewall has the rules. */
const backend = process.argv[2] === "iptables" ? "iptables" : "nftables";
const root = mkdtempSync(join(tmpdir(), "vireo-nwfilter-"));
const paths = pathsOf(root);
const call: Call = {
  caller: { name: "test", readOnly: false, door: "daemon" },
  uri: "qemu:///system",
  onDisconnect: () => undefined,
};
const hasDhcpClient = spawnSync("busybox", ["udhcpc", "--help"]).status === 0;
const MAC = "52:54:00:00:00:01";
const HOST = "10.9.0.1";
const GUEST = "10.9.0.2";
const owner = { name: "g", uuid: "5c6d49af-b071-4127-b4ec-6f8ed4b55335" };

const sh = async (program: string, ...args: readonly string[]): Promise<string> =>
  (await execProgram(program, args)).stdout;

/** A namespace that lives as long as its process; it says so when it is there. */
async function openGuest(): Promise<ChildProcess> {
  const child = spawn("unshare", ["-n", "sh", "-c", "echo up; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}

const namespace = await openGuest();
const inGuest = (...command: readonly string[]): Promise<string> =>
  sh("nsenter", "-t", String(namespace.pid), "-n", ...command);

const pings = (to: string, ...options: readonly string[]): Promise<boolean> =>
  inGuest("ping", "-c", "1", "-W", "1", ...options, to).then(
    () => true,
    () => false,
  );
const hostPings = (to: string): Promise<boolean> =>
  sh("ping", "-c", "1", "-W", "1", to).then(
    () => true,
    () => false,
  );
const TRIES = 5;
/** What is learned by the daemon is in force a moment after the guest was first seen. */
async function soonPings(to: string, ...options: readonly string[]): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) if (await pings(to, ...options)) return true;
  return false;
}
/** Whether packets are stopped again within some seconds. */
async function stopsSoon(to: string, ...options: readonly string[]): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1)
    if (!(await pings(to, ...options))) return true;
    else await inGuest("ping", "-c", "2", "-i", "1", ...options, to).catch(() => undefined);
  return false;
}
const forgetNeighbours = async (): Promise<void> => {
  await sh("ip", "neigh", "flush", "all");
  await inGuest("ip", "neigh", "flush", "all");
};

interface Started {
  readonly filter: Required<Role<"nwfilter">>;
  readonly binding: Required<Role<"nwfilterBinding">>;
  readonly filters: PacketFilters;
  readonly close: () => Promise<void>;
}
async function started(): Promise<Started> {
  const { driver, filters } = await startNwFilterDriver(paths, pino({ level: "silent" }), backend);
  const { nwfilter, nwfilterBinding } = driver.roles;
  // the driver has every handler: a missing one fails the test
  return {
    filter: nwfilter as Required<Role<"nwfilter">>,
    binding: nwfilterBinding as Required<Role<"nwfilterBinding">>,
    filters,
    close: driver.close,
  };
}

async function makeBridge(): Promise<void> {
  await sh("ip", "link", "set", "lo", "up");
  await sh("ip", "link", "add", "br0", "type", "bridge");
  await sh("ip", "address", "add", `${HOST}/24`, "dev", "br0");
  await sh("ip", "link", "set", "br0", "up");
  await sh("ip", "link", "add", "vnet0", "type", "veth", "peer", "name", "eth0");
  await sh("ip", "link", "set", "vnet0", "master", "br0", "up");
  await sh("ip", "link", "set", "eth0", "netns", String(namespace.pid));
  await inGuest("ip", "link", "set", "eth0", "address", MAC, "up");
  await inGuest("ip", "address", "add", `${GUEST}/24`, "dev", "eth0");
}

type Parameters = readonly { readonly name: string; readonly value: string }[];
const bind = (filters: PacketFilters, filter: string, parameters: Parameters): Promise<void> =>
  filters.bind({ dev: "vnet0", mac: MAC, owner, filterRef: { filter, parameters } });

/** With clean-traffic the guest reaches the host as itself, and as nobody else. */
async function tryCleanTraffic(filters: PacketFilters, parameters: Parameters): Promise<void> {
  await bind(filters, "clean-traffic", parameters);
  await forgetNeighbours();
  assert.ok(await soonPings(HOST), "the guest as itself");
  assert.ok(await hostPings(GUEST), "the host to the guest");
  // another address of IP: first of the packets, then of ARP
  await inGuest("ip", "address", "add", "10.9.0.66/24", "dev", "eth0");
  assert.ok(!(await pings(HOST, "-I", "10.9.0.66")), "spoofed IP");
  await forgetNeighbours();
  assert.ok(!(await pings(HOST, "-I", "10.9.0.66")), "spoofed ARP");
  assert.doesNotMatch(await sh("ip", "neigh"), /10\.9\.0\.66.*lladdr/);
  await inGuest("ip", "address", "delete", "10.9.0.66/24", "dev", "eth0");
  // another MAC address
  await inGuest("ip", "link", "set", "eth0", "address", "52:54:00:00:00:99");
  await forgetNeighbours();
  assert.ok(!(await pings(HOST)), "spoofed MAC");
  await inGuest("ip", "link", "set", "eth0", "address", MAC);
  await forgetNeighbours();
  assert.ok(await pings(HOST), "itself again");
  await filters.unbind("vnet0", owner.uuid);
}

/** The guest has the address that a DHCP server gave it, and no other. */
async function tryDhcp(filters: PacketFilters): Promise<void> {
  await bind(filters, "clean-traffic", [{ name: "CTRL_IP_LEARNING", value: "dhcp" }]);
  await forgetNeighbours();
  assert.ok(!(await pings(HOST)), "nobody gave it the address");
  const server = await openServer();
  const script = join(root, "lease.sh");
  writeFileSync(script, `#!/bin/sh\n[ "$1" = bound ] && echo "$ip"\nexit 0\n`, { mode: 0o755 });
  const client = ["udhcpc", "-i", "eth0", "-n", "-q", "-f", "-s", script];
  const given = /^10\.9\.0\.7\d$/m.exec(await inGuest("busybox", ...client))?.[0] ?? "";
  server.kill("SIGKILL");
  assert.ok(!(await pings(HOST)), "the old address is not the one given");
  await inGuest("ip", "address", "add", `${given}/24`, "dev", "eth0");
  assert.ok(await soonPings(HOST, "-I", given), "the address that was given");
  await inGuest("ip", "address", "delete", `${given}/24`, "dev", "eth0");
  await filters.unbind("vnet0", owner.uuid);
}

/** What a server on the bridge says to the guest: kind of message, address, seconds of the lease. */
const ANSWER = `
import socket, struct, sys
kind, address, seconds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
guest = bytes.fromhex("525400000001")
ip = lambda text: bytes(int(part) for part in text.split("."))
boot = struct.pack("!BBBBIHH", 2, 1, 6, 0, 7, 0, 0) + bytes(4) + ip(address) + bytes(8) + guest.ljust(16, bytes(1)) + bytes(192)
options = bytes([53, 1, kind, 54, 4]) + ip("10.9.0.1") + struct.pack("!BBI", 51, 4, seconds) + bytes([255])
udp_body = boot + bytes([99, 130, 83, 99]) + options
udp = struct.pack("!HHHH", 67, 68, 8 + len(udp_body), 0) + udp_body
head = struct.pack("!BBHIBBH", 0x45, 0, 20 + len(udp), 0, 64, 17, 0) + ip("10.9.0.1") + ip(address)
total = sum(struct.unpack("!10H", head))
total = ~((total >> 16) + (total & 0xffff)) & 0xffff
head = head[:10] + struct.pack("!H", total) + head[12:]
host = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
host.bind(("br0", 0))
host.send(guest + bytes.fromhex("020000000001" + "0800") + head + udp)
`;
const OFFER = 2;
const ACK = 5;
const LEASE_S = 12;
const leases = (kind: number, address: string, seconds: number): Promise<string> =>
  sh("python3", "-c", ANSWER, String(kind), address, String(seconds));

/** Whether the guest is heard with an address of its own, within some seconds. */
const speaksSoon = (address: string): Promise<boolean> => soonPings(HOST, "-I", address);

/** Addresses of leases hold in spite of a flush and of a daemon that dies, and end with the lease. */
async function tryLeases(first: Started): Promise<Started> {
  const dhcp = [{ name: "CTRL_IP_LEARNING", value: "dhcp" }];
  await bind(first.filters, "clean-traffic", dhcp);
  for (const address of ["10.9.0.81/24", "10.9.0.82/24", "10.9.0.83/24"])
    await inGuest("ip", "address", "add", address, "dev", "eth0");
  await leases(OFFER, "10.9.0.83", LEASE_S);
  await leases(ACK, "10.9.0.82", LEASE_S);
  await leases(ACK, "10.9.0.81", 3600);
  const ends = performance.now() + LEASE_S * 1000;
  assert.ok(await speaksSoon("10.9.0.81"), "the first lease");
  assert.ok(await speaksSoon("10.9.0.82"), "the second lease");
  assert.ok(!(await pings(HOST, "-I", "10.9.0.83")), "what was offered only");
  await first.close();
  await sh("nft", "flush", "ruleset");
  const second = await started();
  assert.ok(await speaksSoon("10.9.0.81"), "known to the next daemon");
  assert.ok(!(await pings(HOST, "-I", "10.9.0.83")), "and nothing else");
  while (performance.now() < ends) await pings(HOST, "-I", "10.9.0.81", "-i", "1", "-c", "2");
  assert.ok(await stopsSoon(HOST, "-I", "10.9.0.82"), "its lease is over");
  assert.ok(await pings(HOST, "-I", "10.9.0.81"), "the other is not");
  // other variables, and the guest's end
  await bind(second.filters, "clean-traffic", [{ name: "IP", value: "10.9.0.83" }]);
  assert.ok(await pings(HOST, "-I", "10.9.0.83"), "the address that is given");
  assert.ok(!(await pings(HOST, "-I", "10.9.0.81")), "no longer the learned one");
  await second.filters.unbind("vnet0", owner.uuid);
  await bind(second.filters, "clean-traffic", dhcp);
  assert.ok(!(await pings(HOST, "-I", "10.9.0.81")), "the next guest has to ask");
  for (const address of ["10.9.0.81/24", "10.9.0.82/24", "10.9.0.83/24"])
    await inGuest("ip", "address", "delete", address, "dev", "eth0");
  await second.filters.unbind("vnet0", owner.uuid);
  return second;
}

/** A DHCP server on the bridge; it says so when it is ready. */
async function openServer(): Promise<ChildProcess> {
  const where = ["--interface=br0", "--bind-interfaces", "--port=0", "--conf-file=/dev/null"];
  const leases = [`--dhcp-leasefile=${join(root, "leases")}`, "--dhcp-range=10.9.0.70,10.9.0.79"];
  const how = ["--keep-in-foreground", "--log-facility=-", "--pid-file=", "--user=root"];
  const server = spawn("dnsmasq", [...where, ...leases, ...how], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise<void>((resolve) => {
    server.stderr.on("data", (text: Buffer) => {
      if (text.includes("DHCP, ")) resolve();
    });
  });
  return server;
}

const filterXml = (rules: string): string =>
  `<filter name='mine'><uuid>5c6d49af-b071-4127-b4ec-6f8ed4b55336</uuid>${rules}</filter>`;
const NO_PING = `<rule action='drop' direction='out' statematch='false'><icmp type='8'/></rule>`;

/** A filter of one's own: followed at once when it changes, kept when the change cannot be had. */
async function tryOwnFilter({ filter, filters, binding }: Started): Promise<void> {
  await filter.define({ xml: filterXml(NO_PING) }, call);
  await bind(filters, "mine", []);
  assert.ok(!(await pings(HOST)));
  await filter.define({ xml: filterXml("") }, call);
  assert.ok(await pings(HOST), "the rule is gone");
  await filter.define({ xml: filterXml(NO_PING) }, call);
  const broken = filterXml("<rule action='drop' direction='out'><ip srcipaddr='$NOBODY'/></rule>");
  await assert.rejects(async () => filter.define({ xml: broken }, call), /NOBODY/);
  assert.ok(!(await pings(HOST)), "what was there is still in force");
  assert.match(await filter.xml({ nwfilter: { name: "mine" } }, call), /icmp type='8'/);
  await assert.rejects(
    async () => filter.undefine({ nwfilter: { name: "mine" } }, call),
    (error) => isError(error, "operationInvalid"),
  );
  assert.deepEqual(await binding.list({}, call), [{ portDev: "vnet0", filter: "mine" }]);
}

try {
  await makeDirectories(paths);
  await makeBridge();
  const first = await started();
  const names = (await first.filter.list({}, call)).map(({ name }) => name);
  assert.ok(names.includes("clean-traffic") && names.includes("allow-dhcp"));
  assert.ok(await pings(HOST), "nothing is filtered");
  await tryCleanTraffic(first.filters, [{ name: "IP", value: GUEST }]);
  await tryCleanTraffic(first.filters, []); // the first address that is used is the guest's
  if (hasDhcpClient) await tryDhcp(first.filters);
  const next = await tryLeases(first);
  await tryOwnFilter(next);

  // the daemon dies and the rules are flushed: the next one puts them back
  await next.close();
  await sh("nft", "flush", "ruleset");
  assert.ok(await pings(HOST));
  const second = await started();
  assert.ok(!(await pings(HOST)), "in force again");
  await sh("nft", "flush", "ruleset");
  assert.ok(await stopsSoon(HOST), "put back by a daemon that runs");
  await second.filters.unbind("vnet0", "of somebody else");
  assert.equal((await second.binding.list({}, call)).length, 1);
  await second.binding.delete({ binding: { name: "vnet0" } }, call);
  assert.ok(await pings(HOST));
  assert.doesNotMatch(await sh("nft", "list", "ruleset"), /vnet0/);
  await second.filter.undefine({ nwfilter: { name: "mine" } }, call);
  await second.close();
} finally {
  namespace.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
}

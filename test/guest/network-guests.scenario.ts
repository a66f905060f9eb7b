/** Two real guests on a NAT network, a host beyond it, and an isolated network: in a namespace of its own. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { helloXml } from "../harness/domain-xml.ts";
import type { Conversation } from "../harness/conversation.ts";
import { virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";
import { ANSWER_MS, consoleOf, succeeds } from "./guest-shell.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";

refuseHostNetwork();

const VIREO = join(import.meta.dirname, "../../bin/vireo");
const BOOT_MS = 40_000;
const MACS = { one: "52:54:00:00:77:01", two: "52:54:00:00:77:02" } as const;
const LEASE = /lease name=(eth\d) address=(10\.7[78])\.0/;
const WORLD = "192.0.2.2";
const KILO = 1000;
/** Kilobytes per second. */
const RATE = 500;

const NAT = `<network><name>nat1</name><forward mode='nat'/><domain name='lab' localOnly='yes'/>
  <dns><host ip='${WORLD}'><hostname>world.lab</hostname></host></dns>
  <ip address='10.77.0.1' prefix='24'><dhcp><range start='10.77.0.50' end='10.77.0.99'/>
    <host mac='${MACS.one}' name='one' ip='10.77.0.11'/><host mac='${MACS.two}' name='two' ip='10.77.0.12'/>
  </dhcp></ip></network>`;
const ISOLATED = `<network><name>iso1</name><ip address='10.78.0.1' prefix='24'>
  <dhcp><range start='10.78.0.2' end='10.78.0.9'/></dhcp></ip></network>`;

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: "utf8" });

/** A host that knows nothing of the guests' addresses: only what NAT made of them gets an answer. */
function makeWorld(): void {
  run("ip", "netns", "add", "world");
  run("ip", "link", "add", "out0", "type", "veth", "peer", "name", "in0", "netns", "world");
  run("ip", "addr", "add", "192.0.2.1/24", "dev", "out0");
  run("ip", "link", "set", "out0", "up");
  run("ip", "-n", "world", "addr", "add", `${WORLD}/24`, "dev", "in0");
  run("ip", "-n", "world", "link", "set", "in0", "up");
}

const guestXml = (name: "one" | "two", more: string): string =>
  helloXml({ name })
    .replace("machine='q35'", "machine='pc'")
    .replace(
      /<interface type='user'>.*?<\/interface>/s,
      `<interface type='network'><mac address='${MACS[name]}'/><source network='nat1'/><model type='virtio'/>${more}</interface>`,
    );

/** Bytes per second that come from the guest, after what may come at once. */
function incomingRate(
  socket: Socket,
  { skip, count }: { skip: number; count: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    let got = 0;
    let begin: { at: number; bytes: number } | undefined;
    socket.on("error", reject);
    socket.on("data", (chunk: Buffer) => {
      got += chunk.length;
      if (begin === undefined && got > skip) begin = { at: performance.now(), bytes: got };
      if (begin === undefined || got < skip + count) return;
      resolve(((got - begin.bytes) / (performance.now() - begin.at)) * KILO);
      socket.destroy();
    });
  });
}

async function rateFrom(guest: Conversation): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "10.77.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const rate = new Promise<number>((resolve, reject) => {
    server.once("connection", (socket) => {
      incomingRate(socket, { skip: 2 * RATE * KILO, count: 3 * RATE * KILO }).then(resolve, reject);
    });
  });
  guest.say(`dd if=/dev/zero bs=4k count=4000 2>/dev/null | nc 10.77.0.1 ${port}\n`);
  const result = await rate;
  server.close();
  return result;
}

test("network: leases, names, pings, the world beyond NAT, and not from an isolated network", async (t) => {
  makeWorld();
  const vireod = new Vireod();
  chmodSync(vireod.root, 0o755); // dnsmasq reads its lists as somebody else
  t.after(async () => {
    for (const name of ["nat1", "iso1"])
      await virshOk(vireod.uri, "net-destroy", name).catch(() => undefined);
    await vireod.cleanUp();
  });
  await vireod.start();
  const { uri } = vireod;
  const file = (name: string, xml: string): string => {
    const path = join(vireod.root, `${name}.xml`);
    writeFileSync(path, xml);
    return path;
  };
  const ok = (...args: readonly string[]): Promise<string> => virshOk(uri, ...args);
  await ok("net-create", file("nat1", NAT));
  await ok("net-create", file("iso1", ISOLATED));
  const second =
    "</interface><interface type='network'><source network='iso1'/><model type='virtio'/>";
  await ok("create", file("one", guestXml("one", "")));
  const one = consoleOf(t, uri, "one");
  await ok("create", file("two", guestXml("two", second)));
  const two = consoleOf(t, uri, "two");
  await one.expect(/lease name=eth0 address=10\.77\.0\.11/, BOOT_MS);
  const leased = [await two.expect(LEASE, BOOT_MS), await two.expect(LEASE, BOOT_MS)];
  const cards = new Map(leased.map(([, card = "", net = ""]) => [net, card]));
  assert.deepEqual([...cards.keys()].toSorted(), ["10.77", "10.78"]);

  const leases = await ok("net-dhcp-leases", "nat1");
  assert.match(leases, new RegExp(`${MACS.one} +ipv4 +10\\.77\\.0\\.11/24 +one`));
  assert.match(await ok("domifaddr", "two"), /10\.77\.0\.12\/24/);
  assert.match(await ok("net-port-list", "nat1"), /(?:[-0-9a-f]{36}\s*){2}/);

  assert.ok(await succeeds(one, "nslookup two.lab 10.77.0.1"), "a guest's name");
  assert.ok(await succeeds(one, "nslookup world.lab 10.77.0.1"), "a name of the network's DNS");
  assert.ok(!(await succeeds(one, "nslookup nobody.lab 10.77.0.1")), "a name that is not there");
  assert.ok(await succeeds(one, "ping -c 1 -W 3 10.77.0.12"), "the other guest");
  assert.ok(await succeeds(one, `ping -c 1 -W 3 ${WORLD}`), "the world");

  // by the isolated network there is no way out, but to the host
  assert.ok(await succeeds(two, "ping -c 1 -W 3 10.78.0.1"), "the host");
  const way = `ip route replace ${WORLD}/32 via 10.78.0.1 dev ${cards.get("10.78") ?? ""}`;
  assert.ok(!(await succeeds(two, `${way}; ping -c 1 -W 2 ${WORLD}`)), "the isolated way");
  assert.ok(
    await succeeds(two, `ip route del ${WORLD}/32; ping -c 1 -W 3 ${WORLD}`),
    "the other way",
  );

  // and who asks why is told which rule it is
  const why = (): string => run(VIREO, "-c", uri, "net", "why", "one");
  assert.match(why(), /10\.77\.0\.11\/24 by DHCP\nNothing stops its packets/);
  const gate = "gate { type filter hook forward priority 0; policy drop; }";
  run("nft", `add table ip other; add chain ip other ${gate}`);
  assert.ok(!(await succeeds(one, `ping -c 1 -W 1 ${WORLD}`)), "a foreign rule");
  assert.match(why(), /Stopped by: table ip other, chain gate: policy drop/);
  run("nft", "delete", "table", "ip", "other");

  await ok("domiftune", "one", MACS.one, "--outbound", `${RATE},${RATE},${RATE}`, "--live");
  const rate = (await rateFrom(one)) / KILO;
  t.diagnostic(`limited to ${RATE} kB/s: ${rate.toFixed(0)} kB/s`);
  assert.ok(Math.abs(rate / RATE - 1) < 0.15, `${rate} kB/s`);

  // it heals, and guests notice nothing
  await vireod.end("SIGKILL");
  run("nft", "flush", "ruleset");
  await vireod.start();
  const again = consoleOf(t, uri, "two");
  await again.expect(/Escape character/, ANSWER_MS);
  assert.ok(await succeeds(again, `ping -c 1 -W 3 ${WORLD}`), "the world, by the next daemon");
  assert.match(await ok("net-port-list", "nat1"), /(?:[-0-9a-f]{36}\s*){2}/);
  await ok("destroy", "one");
  await ok("destroy", "two");
  assert.doesNotMatch(await ok("net-port-list", "nat1"), /[-0-9a-f]{36}/);
});

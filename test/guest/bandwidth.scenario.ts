/**
 * What guests send and receive in a second, in bytes: limits of a guest's card, its port group and
 * its network, changed while it runs, and what a guest was promised.
 */
import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import type { Conversation } from "../harness/conversation.ts";
import { helloXml } from "../harness/domain-xml.ts";
import { virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";
import { consoleOf, succeeds } from "./guest-shell.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";

refuseHostNetwork();

const BOOT_MS = 40_000;
const HOST = "10.77.0.1";
const KILO = 1000;
const TOLERANCE = 0.15;
/** Over which it is measured; what a guest sends may run a second's worth ahead. */
const WINDOW_MS = { received: 5000, sent: 12_000 } as const;
const MACS = { one: "52:54:00:00:77:01", two: "52:54:00:00:77:02" } as const;
/** Kilobytes per second. */
const NET = { inbound: 1000, outbound: 800 };
const GROUP = { inbound: 300, outbound: 200 };
const FLOOR = 700;

const NETWORK = `<network><name>nat1</name><forward mode='nat'/>
  <bandwidth><inbound average='${NET.inbound}'/><outbound average='${NET.outbound}' burst='100'/></bandwidth>
  <portgroup name='slow'><bandwidth><inbound average='${GROUP.inbound}' burst='50'/><outbound average='${GROUP.outbound}' burst='50'/></bandwidth></portgroup>
  <ip address='${HOST}' prefix='24'><dhcp><range start='10.77.0.50' end='10.77.0.99'/></dhcp></ip></network>`;

const guestXml = (name: keyof typeof MACS, group: string, more: string): string =>
  helloXml({ name })
    .replace("machine='q35'", "machine='pc'")
    .replace(
      /<interface type='user'>.*?<\/interface>/s,
      `<interface type='network'><mac address='${MACS[name]}'/><source network='nat1'${group}/><model type='virtio'/>${more}</interface>`,
    );

const counter = (dev: string, name: "tx_bytes" | "rx_bytes"): number =>
  Number(readFileSync(`/sys/class/net/${dev}/statistics/${name}`, "utf8"));

/** Kilobytes per second that go on over a link, after what may come at once. */
async function rateOf(
  bytes: () => number,
  skip: number,
  windowMs: number = WINDOW_MS.received,
): Promise<number> {
  const start = bytes();
  while (bytes() < start + skip) await after(50);
  const [begin, at] = [bytes(), performance.now()];
  await after(windowMs);
  return (bytes() - begin) / (performance.now() - at);
}

interface Line {
  readonly port: number;
  /** Bytes that came from the guest. */
  readonly heard: () => number;
  readonly close: () => void;
}
/** Listens; says all it can when it is to, hears otherwise. */
const open: Line[] = [];
async function openLine(speaks: boolean): Promise<Line> {
  let heard = 0;
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => (heard += chunk.length));
    const say = (): void => {
      while (!socket.destroyed && socket.write(Buffer.alloc(16 * 1024)));
    };
    socket.on("drain", say);
    if (speaks) say();
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const line: Line = {
    heard: () => heard,
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  open.push(line);
  return line;
}

/** What a guest receives, as it leaves the host for it. */
async function received(guest: Conversation, dev: string, skip: number): Promise<number> {
  const line = await openLine(true);
  assert.ok(await succeeds(guest, `(nc ${HOST} ${line.port} </dev/null >/dev/null 2>&1 &)`));
  const rate = await rateOf(() => counter(dev, "tx_bytes"), skip * KILO);
  line.close();
  return rate;
}

/** What of a guest arrives. */
async function sent(guest: Conversation, skip: number, network = false): Promise<number> {
  const line = await openLine(false);
  assert.ok(await succeeds(guest, `(nc ${HOST} ${line.port} </dev/zero >/dev/null 2>&1 &)`));
  // what a card's limit let through is counted in the bridge, that of the network behind it
  const bytes = network ? line.heard : (): number => counter("virbr0", "rx_bytes");
  const rate = await rateOf(bytes, skip * KILO, WINDOW_MS.sent);
  line.close();
  return rate;
}

const figure = (t: TestContext, what: string, wanted: number, rate: number): void => {
  t.diagnostic(`figure: ${what}: ${wanted} kB/s wanted, ${rate.toFixed(0)} measured`);
  assert.ok(Math.abs(rate / wanted - 1) < TOLERANCE, `${what}: ${rate} instead of ${wanted} kB/s`);
};

test("bandwidth: of card, group and network", async (t) => {
  const vireod = new Vireod();
  chmodSync(vireod.root, 0o755); // dnsmasq reads its lists as somebody else
  t.after(async () => {
    for (const line of open) line.close();
    for (const name of ["one", "two"])
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
  await create("create", "one", guestXml("one", " portgroup='slow'", ""));
  const one = consoleOf(t, uri, "one");
  const promised = `<bandwidth><inbound average='${NET.inbound}' floor='${FLOOR}'/></bandwidth>`;
  await create("create", "two", guestXml("two", "", promised));
  const two = consoleOf(t, uri, "two");
  await one.expect(/lease name=eth0 address=/, BOOT_MS);
  await two.expect(/lease name=eth0 address=/, BOOT_MS);

  const tune = (...words: readonly string[]): Promise<string> =>
    virshOk(uri, "domiftune", "one", MACS.one, ...words, "--live");
  figure(t, "group, inbound", GROUP.inbound, await received(one, "vnet0", 100));
  figure(t, "group, outbound", GROUP.outbound, await sent(one, 600));

  await tune("--inbound", "500", "--outbound", "400,0,50");
  figure(t, "card while it runs, inbound", 500, await received(one, "vnet0", 100));
  figure(t, "card while it runs, outbound", 400, await sent(one, 600));

  // what may come at once comes at the peak's speed, without a peak as fast as it can
  await tune("--inbound", "300,600,6000");
  figure(t, "card, peak", 600, await received(one, "vnet0", 100));
  await tune("--inbound", "100,0,2000");
  const line = await openLine(true);
  const before = counter("vnet0", "tx_bytes");
  assert.ok(await succeeds(one, `(nc ${HOST} ${line.port} </dev/null >/dev/null 2>&1 &)`));
  await after(2000);
  const burst = (counter("vnet0", "tx_bytes") - before) / KILO;
  line.close();
  t.diagnostic(`figure: card, burst of 2000 kB at 100 kB/s: ${burst.toFixed(0)} kB in two seconds`);
  assert.ok(burst > 1200, `only ${burst} kB came at once`);

  await tune("--inbound", "0", "--outbound", "0");
  figure(t, "network, outbound", NET.outbound, await sent(one, 1200, true));
  figure(t, "network, inbound", NET.inbound, await received(one, "vnet0", 300));

  // both at once: the one that was promised a floor has it
  const lines = await Promise.all([openLine(true), openLine(true)]);
  for (const [index, guest] of [one, two].entries())
    assert.ok(
      await succeeds(guest, `(nc ${HOST} ${lines[index]?.port} </dev/null >/dev/null 2>&1 &)`),
    );
  const [plain, floor] = await Promise.all([
    rateOf(() => counter("vnet0", "tx_bytes"), 300 * KILO),
    rateOf(() => counter("vnet1", "tx_bytes"), 300 * KILO),
  ]);
  for (const line of lines) line.close();
  t.diagnostic(
    `figure: floor of ${FLOOR}: ${floor.toFixed(0)} kB/s, beside it ${plain.toFixed(0)}`,
  );
  assert.ok(floor > FLOOR * (1 - TOLERANCE), `${floor} of ${FLOOR} kB/s were promised`);
  figure(t, "network, inbound of both", NET.inbound, floor + plain);
});

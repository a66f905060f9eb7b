/** Guests of a network beside other people's firewalls: they get leases, names and the world outside, and nothing stays. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";
import { virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";
import { CableGuest } from "./cable-guest.ts";
import { clearIptables, OTHER_FIREWALLS, otherRules } from "./other-firewalls.ts";

refuseHostNetwork();

const NETWORK = `<network><name>nat1</name><forward mode='nat'/><bridge name='virbr7' stp='off' delay='0'/>
  <dns><host ip='10.77.0.200'><hostname>printer</hostname></host></dns>
  <ip address='10.77.0.1' prefix='24'><dhcp><range start='10.77.0.2' end='10.77.0.9'/></dhcp></ip></network>`;
const OUTSIDE = "198.51.100.2";
/** What heals looks every two seconds. */
const HEALED_MS = 30_000;
const LOOK_MS = 200;

let guest: CableGuest;
let outside: CableGuest;

function sh(line: string): void {
  const [program = "", ...words] = line.split(" ");
  execFileSync(program, words);
}

before(async () => {
  writeFileSync("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
  guest = await CableGuest.made("guest0", "52:54:00:00:77:01");
  outside = await CableGuest.made("outside0", "52:54:00:00:77:02");
  sh("ip address add 198.51.100.1/24 dev outside0");
  await outside.says("ip", "address", "add", `${OUTSIDE}/24`, "dev", "eth0");
});
after(() => {
  guest.close();
  outside.close();
});

/** Waits until it is so. */
async function soon(what: string, is: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + HEALED_MS;
  while (!(await is())) {
    if (Date.now() > until) assert.fail(`${what}: not within ${HEALED_MS} ms`);
    await later(LOOK_MS);
  }
}

async function names(): Promise<boolean> {
  // it asks for IPv6 too, and is not content with one of the two
  const { stdout } = await guest.says("busybox", "nslookup", "printer", "10.77.0.1");
  return stdout.includes("10.77.0.200");
}
const goesOut = (): Promise<boolean> => guest.can("ping", "-n", "-c", "1", "-W", "1", OUTSIDE);
const isReached = (): Promise<boolean> =>
  outside.can("ping", "-n", "-c", "1", "-W", "1", "10.77.0.5");

/** A guest is served, goes out with the host's address, and nobody comes in. */
async function isServed(): Promise<void> {
  await soon("a lease", () => guest.lease());
  await soon("names", names);
  await soon("the world outside", goesOut);
  assert.equal(await isReached(), false);
}

const PAIRS = [
  ["nftables", "Docker"],
  ["nftables", "ufw"],
  ["iptables", "Docker"],
] as const;

for (const [backend, name] of PAIRS)
  test(`rules in ${backend}, beside ${name}`, async (t) => {
    const vireod = new Vireod(undefined, ["--firewall-backend", backend]);
    chmodSync(vireod.root, 0o755); // dnsmasq reads its lists as somebody else
    const file = join(vireod.root, "nat1.xml");
    writeFileSync(file, NETWORK);
    t.after(async () => {
      await virshOk(vireod.uri, "net-destroy", "nat1").catch(() => undefined);
      await vireod.cleanUp();
      clearIptables();
    });
    const begin = async (): Promise<void> => {
      await virshOk(vireod.uri, "net-create", file);
      await guest.join("virbr7");
    };

    const install = OTHER_FIREWALLS[name];
    install();
    const installed = otherRules();
    assert.notEqual(installed, "");
    await vireod.start();
    await begin();
    await isServed();
    await virshOk(vireod.uri, "net-destroy", "nat1");
    assert.equal(otherRules(), installed, "other people's rules are as they were");

    // the other way round: they come when the network is there
    clearIptables();
    await begin();
    await isServed();
    install();
    await isServed();
    // somebody takes the ways to our chains, and then everything
    for (const chain of ["INPUT", "FORWARD"]) sh(`iptables -F ${chain}`);
    sh("iptables -P INPUT DROP");
    sh("iptables -P FORWARD DROP");
    await isServed();
    // vireod dies, its rules go, and it comes back
    await vireod.end("SIGKILL");
    clearIptables();
    sh("nft flush ruleset");
    install();
    await vireod.start();
    await isServed();
    await virshOk(vireod.uri, "net-destroy", "nat1");
    assert.equal(otherRules(), installed, "other people's rules are as they were");
  });

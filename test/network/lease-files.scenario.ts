/** Files that tell others who has which address: as libnss-libvirt reads them, as libvirt's helper writes them. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";
import { virsh, virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";
import { CableGuest } from "./cable-guest.ts";

refuseHostNetwork();

const NETWORK = `<network><name>nat1</name><forward mode='nat'/><bridge name='virbr7' stp='off' delay='0'/>
  <domain name='lab.example' localOnly='yes'/>
  <ip address='10.77.0.1' prefix='24'><dhcp><range start='10.77.0.2' end='10.77.0.9'/>
    <host mac='52:54:00:00:77:02' name='fixed' ip='10.77.0.77'/></dhcp></ip></network>`;
const UUID = "5c6d49af-b071-4127-b4ec-6f8ed4b55335";
const portUuid = (number: number): string => `aaaaaaaa-0000-4000-8000-00000000000${number}`;
const port = (number: number, owner: string): string =>
  `<networkport><uuid>${portUuid(number)}</uuid><owner><name>${owner}</name><uuid>${UUID}</uuid></owner><mac address='52:54:00:00:77:0${number}'/></networkport>`;

const LOOK_MS = 100;
const SEEN_MS = 20_000;

interface Lease {
  readonly "ip-address": string;
  readonly "mac-address": string;
  readonly hostname?: string;
}
interface Cards {
  readonly domain: string;
  readonly macs: readonly string[];
}

test("leases: others read who has which address", async (t) => {
  const vireod = await Vireod.started();
  chmodSync(vireod.root, 0o755); // dnsmasq reads its lists as somebody else
  const guests: CableGuest[] = [];
  t.after(async () => {
    for (const guest of guests) guest.close();
    await virsh(vireod.uri, ["net-destroy", "nat1"]);
    await vireod.cleanUp();
  });
  const file = (name: string, xml: string): string => {
    writeFileSync(join(vireod.root, name), xml);
    return join(vireod.root, name);
  };
  const [status, macs] = ["status", "macs"].map((suffix) =>
    join(vireod.root, `lib/dnsmasq/virbr7.${suffix}`),
  );
  assert.ok(status !== undefined && macs !== undefined);
  const leases = (): readonly Lease[] => JSON.parse(readFileSync(status, "utf8")) as Lease[];
  const until = async (what: string, is: () => boolean): Promise<void> => {
    const end = Date.now() + SEEN_MS;
    while (!is()) {
      if (Date.now() > end) assert.fail(`${what}: ${readFileSync(status, "utf8")}`);
      await later(LOOK_MS);
    }
  };
  /** As libnss's two modules: by the name that a guest gave, and by the guest's own. */
  const addressOf = (name: string): string | undefined =>
    leases().find(({ hostname }) => hostname === name)?.["ip-address"];
  const addressesOfGuest = (name: string): readonly string[] => {
    const cards = JSON.parse(readFileSync(macs, "utf8")) as Cards[];
    const own = new Set(cards.find(({ domain }) => domain === name)?.macs);
    return leases()
      .filter((lease) => own.has(lease["mac-address"]))
      .map((lease) => lease["ip-address"]);
  };

  await virshOk(vireod.uri, "net-create", file("nat1.xml", NETWORK));
  assert.deepEqual(leases(), []);
  for (const [number, owner] of [
    [1, "web"],
    [2, "web"],
    [3, "db"],
  ] as const) {
    await virshOk(vireod.uri, "net-port-create", "nat1", file("port.xml", port(number, owner)));
    const guest = await CableGuest.made(`g${number}`, `52:54:00:00:77:0${number}`);
    guests.push(guest);
    await guest.join("virbr7");
    assert.ok(await guest.lease(number === 1 ? "web1" : undefined));
  }
  await until("three leases", () => leases().length === 3);

  // words, order and layout are those of libvirt 9's helper
  const expiry = /("expiry-time": )\d+/g;
  const [first] = leases();
  assert.equal(
    readFileSync(status, "utf8").slice(0, 220).replace(expiry, "$1T").split("},")[0],
    `[\n  {\n    "ip-address": "${first?.["ip-address"]}",\n    "mac-address": "52:54:00:00:77:01",\n    "hostname": "web1",\n    "client-id": "01:52:54:00:00:77:01",\n    "expiry-time": T\n  `,
  );
  assert.deepEqual(JSON.parse(readFileSync(macs, "utf8")), [
    { domain: "db", macs: ["52:54:00:00:77:03"] },
    { domain: "web", macs: ["52:54:00:00:77:01", "52:54:00:00:77:02"] },
  ]);
  assert.equal(addressOf("fixed"), "10.77.0.77");
  assert.deepEqual(addressesOfGuest("web"), [addressOf("web1"), "10.77.0.77"]);
  assert.equal(addressesOfGuest("db").length, 1);

  // the daemon dies, and a guest goes
  await vireod.end("SIGKILL");
  await vireod.start();
  assert.equal(addressOf("fixed"), "10.77.0.77");
  await virshOk(vireod.uri, "net-port-delete", "nat1", portUuid(1));
  assert.deepEqual(addressesOfGuest("web"), ["10.77.0.77"]);

  await virshOk(vireod.uri, "net-destroy", "nat1");
  assert.ok(!existsSync(status) && !existsSync(macs));
});

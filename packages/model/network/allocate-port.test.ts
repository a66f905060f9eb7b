import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "../error.ts";
import { allocatePort, checkFloor, withConnections, type AllocatedPort } from "./allocate-port.ts";
import type { NetworkPort } from "./network-port.ts";
import { parseNetwork } from "./parse-network.ts";

const networkOf = (inside: string) =>
  parseNetwork(`<network><name>n</name>${inside}</network>`, () => "u").network;
const allocated = (
  inside: string,
  wish: NetworkPort = {},
  others: readonly AllocatedPort[] = [],
): AllocatedPort => allocatePort(networkOf(inside), { wish, uuid: `p${others.length}` }, others);

const OWN = "<bridge name='br9'/><ip address='10.0.0.1' prefix='24'/>";
const POOL = "<interface dev='eth0'/><interface dev='eth1'/>";

test("port: guests of a network with a bridge are plugged into it", () => {
  assert.deepEqual(allocated(OWN).plug, { type: "network", bridge: "br9" });
  assert.deepEqual(allocated("<forward mode='bridge'/><bridge name='br0'/>").plug, {
    type: "bridge",
    bridge: "br0",
  });
});

test("port: macvtap guests are spread over the interfaces", () => {
  const inside = `<forward mode='vepa'>${POOL}</forward>`;
  const first = allocated(inside);
  const second = allocated(inside, {}, [first]);
  assert.deepEqual(first.plug, { type: "direct", dev: "eth0", mode: "vepa" });
  assert.deepEqual(second.plug, { type: "direct", dev: "eth1", mode: "vepa" });
  const live = withConnections(networkOf(inside), [first, second]);
  assert.equal(live.connections, 2);
  assert.deepEqual(
    live.forward?.interfaces?.map(({ connections }) => connections),
    [1, 1],
  );
});

test("port: passthrough gives each interface to one guest", () => {
  const inside = "<forward mode='passthrough' dev='eth0'/>";
  const first = allocated(inside);
  assert.throws(
    () => allocated(inside, {}, [first]),
    (error) => isError(error, "internalError") && error.message.includes("exclusive access"),
  );
});

test("port: a pool of PCI devices gives each to one guest", () => {
  const address = "<address type='pci' domain='0' bus='1' slot='2' function='3'/>";
  const inside = `<forward mode='hostdev' managed='yes'>${address}</forward>`;
  const first = allocated(inside);
  assert.deepEqual(first.plug, {
    type: "hostdev-pci",
    managed: true,
    address: { domain: 0, bus: 1, slot: 2, function: 3 },
  });
  assert.throws(
    () => allocated(inside, {}, [first]),
    (error) => isError(error, "internalError"),
  );
});

test("port: group and network add what the guest leaves open", () => {
  const group = (name: string, average: number): string =>
    `<portgroup name='${name}'${name === "a" ? " default='yes'" : ""}><bandwidth><outbound average='${average}'/></bandwidth></portgroup>`;
  const inside = `${OWN}<port isolated='yes'/>${group("a", 1)}${group("b", 2)}`;
  assert.equal(allocated(inside).bandwidth?.outbound?.average, 1);
  assert.equal(allocated(inside, { group: "b" }).bandwidth?.outbound?.average, 2);
  assert.equal(allocated(inside).port?.isolated, true);
  assert.equal(allocated(inside, { port: { isolated: false } }).port?.isolated, false);
});

test("port: VLANs and port profiles are refused where no switch knows them", () => {
  for (const inside of [
    `${OWN}<vlan><tag id='5'/></vlan>`,
    `${OWN}<virtualport type='openvswitch'/>`,
    "<forward mode='bridge'/><bridge name='br0'/><virtualport type='802.1Qbg'/>",
    "<forward mode='private' dev='eth0'/><virtualport type='openvswitch'/>",
  ])
    assert.throws(
      () => allocated(inside),
      (error) => isError(error, "configUnsupported"),
      inside,
    );
});

test("port: what is guaranteed has to fit", () => {
  const wish = (floor: number): NetworkPort => ({ bandwidth: { inbound: { floor } } });
  const limited = `${OWN}<bandwidth><inbound average='1000' peak='5000'/></bandwidth>`;
  assert.throws(
    () => allocated(OWN, wish(1)),
    (error) => isError(error, "operationUnsupported"),
  );
  const first = allocated(limited, wish(4000));
  const network = networkOf(limited);
  checkFloor(network, wish(1000), [first]);
  assert.throws(
    () => checkFloor(network, wish(1001), [first]),
    (error) => isError(error, "operationInvalid") && error.message.includes("overcommit 'peak'"),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "../error.ts";
import { dnsmasqFiles } from "./dnsmasq-config.ts";
import { formatIp, parseIp, prefixOfMask } from "./ip-address.ts";
import type { Network } from "./network.ts";
import { formatNetwork, parseNetwork } from "./parse-network.ts";
import { updateNetwork } from "./update-network.ts";

const UUID = "3e3fce45-4f53-4fa7-bb32-11f34168b82b";
const parsed = (inside: string): Network =>
  parseNetwork(`<network><name>n1</name>${inside}</network>`, () => UUID).network;
const WITH_DHCP =
  "<bridge name='b0'/><ip address='10.9.0.1' prefix='24'><dhcp><range start='10.9.0.2' end='10.9.0.9'/></dhcp></ip>";

test("addresses are printed in their shortest form", () => {
  const shortest = (text: string): string | undefined => {
    const ip = parseIp(text);
    return ip && formatIp(ip);
  };
  assert.equal(shortest("2001:DB8:0:0:1:0:0:0"), "2001:db8:0:0:1::");
  assert.equal(shortest("::ffff:10.1.2.3"), "::ffff:10.1.2.3");
  assert.equal(shortest("::1"), "::1");
  assert.equal(shortest("1:2:3:4:5:6:7"), undefined);
  assert.equal(shortest("1.2.3.256"), undefined);
});

test("a mask with a hole has no prefix", () => {
  const prefix = (mask: string): number | undefined => {
    const ip = parseIp(mask);
    return ip && prefixOfMask(ip);
  };
  assert.equal(prefix("255.255.255.128"), 25);
  assert.equal(prefix("255.0.255.0"), undefined);
});

test("what is printed is read back as the same", () => {
  const network = parsed(`<forward mode='nat' dev='eth7'/>${WITH_DHCP}`);
  const text = formatNetwork(network);
  assert.match(text, /<interface dev='eth7'\/>/);
  assert.equal(formatNetwork(parseNetwork(text, () => "").network), text);
});

test("a range outside of its network is refused", () => {
  assert.throws(
    () => parsed(WITH_DHCP.replace("10.9.0.9", "10.9.1.9")),
    (error) => isError(error, "internalError") && error.message.includes("not entirely within"),
  );
  assert.throws(() => parsed(WITH_DHCP.replace("10.9.0.9", "10.9.0.255")), /broadcast address/);
});

test("dnsmasq gives as many leases as the ranges have addresses", () => {
  const { conf } = dnsmasqFiles(parsed(WITH_DHCP), { directory: "/d", pidFile: "/p" });
  assert.match(conf, /^dhcp-range=10\.9\.0\.2,10\.9\.0\.9,255\.255\.255\.0$/m);
  assert.match(conf, /^dhcp-lease-max=8$/m);
  assert.match(conf, /^pid-file=\/p$/m);
  assert.match(conf, /^no-resolv$/m, "an isolated network asks nobody");
});

test("an update changes one entry and refuses what is there already", () => {
  const network = parsed(WITH_DHCP);
  const xml = "<host mac='52:54:00:00:00:01' ip='10.9.0.5'/>";
  const add = { command: "add-last", section: "ip-dhcp-host", parentIndex: -1, xml } as const;
  const after = updateNetwork(network, add);
  assert.equal(after.ips?.[0]?.dhcp?.hosts?.[0]?.ip, "10.9.0.5");
  assert.throws(
    () => updateNetwork(after, add),
    (error) => isError(error, "operationInvalid"),
  );
  const back = updateNetwork(after, { ...add, command: "delete" });
  assert.equal(formatNetwork(back), formatNetwork(network));
});

/** A network card plugged into a guest that runs, and into another bridge: in a network namespace of its own. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bootGuest } from "./booted-guest.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";

refuseHostNetwork();

const ip = (...args: readonly string[]): void => void execFileSync("ip", args);
const MAC = "52:54:00:aa:bb:cc";
const SEEN_MS = 20_000;
const masterOf = (link: string): string =>
  /^INTERFACE=(.*)$/m.exec(readFileSync(`/sys/class/net/${link}/master/uevent`, "utf8"))?.[1] ?? "";

test("hot plug: a card on a bridge is pinged, moves to another bridge, loses its link, and goes", async (t) => {
  for (const [bridge, address] of [
    ["one0", "10.9.1.1/24"],
    ["two0", "10.9.2.1/24"],
  ] as const) {
    ip("link", "add", bridge, "type", "bridge");
    ip("addr", "add", address, "dev", bridge);
    ip("link", "set", bridge, "mtu", "1400", "up");
  }
  const { console, directory, ok } = await bootGuest(t, (xml) =>
    xml.replace("machine='q35'", "machine='pc'"),
  );
  const { conversation } = console;
  const nic = (bridge: string, more = ""): string => {
    const path = join(directory, "nic.xml");
    writeFileSync(
      path,
      `<interface type='bridge'><mac address='${MAC}'/><source bridge='${bridge}'/><model type='virtio'/>${more}</interface>`,
    );
    return path;
  };
  await ok("attach-device", "hello", nic("one0"), "--live");
  const [, tap = ""] = /<target dev='(vnet\d+)'\/>/.exec(await ok("dumpxml", "hello")) ?? [];
  assert.equal(masterOf(tap), "one0");
  assert.equal(readFileSync(`/sys/class/net/${tap}/mtu`, "utf8").trim(), "1400");
  const find = `n=$(grep -l ${MAC} /sys/class/net/*/address | cut -d/ -f5)`;
  const setUp = "ip addr add 10.9.1.2/24 dev $n; ip addr add 10.9.2.2/24 dev $n; ip link set $n up";
  conversation.say(`until ${find} && [ -n "$n" ]; do :; done; ${setUp}\n`);
  conversation.say("until ping -c 1 -W 1 10.9.1.1; do :; done; echo reached one\n");
  await conversation.expect(/^reached one/m, SEEN_MS);

  await ok("update-device", "hello", nic("two0"), "--live");
  assert.equal(masterOf(tap), "two0");
  conversation.say("until ping -c 1 -W 1 10.9.2.1; do :; done; echo reached two\n");
  await conversation.expect(/^reached two/m, SEEN_MS);

  await ok("domif-setlink", "hello", MAC, "down");
  conversation.say("until grep 0 /sys/class/net/$n/carrier; do :; done; echo link lost\n");
  await conversation.expect(/^link lost/m, SEEN_MS);

  await ok("detach-interface", "hello", "bridge", "--mac", MAC, "--live");
  conversation.say("while [ -e /sys/class/net/$n ]; do :; done; echo card gone\n");
  await conversation.expect(/^card gone/m, SEEN_MS);
  assert.doesNotMatch(await ok("domiflist", "hello"), new RegExp(MAC));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDevice } from "@vireo/model/domain/device/parse-device";
import { passtWords } from "./passt.ts";

const wordsOf = (inner: string): string => {
  const { device } = parseDevice(
    `<interface type='user'><mac address='52:54:00:00:00:01'/><backend type='passt'/>${inner}</interface>`,
  );
  return passtWords(device as Parameters<typeof passtWords>[0]).join(" ");
};

for (const [inner, words] of [
  ["", ""],
  ["<portForward proto='tcp'/>", "--tcp-ports all"],
  ["<portForward proto='tcp'><range start='22'/></portForward>", "--tcp-ports 22"],
  [
    "<portForward proto='tcp' address='127.0.0.1' dev='lo'><range start='5022' to='22'/></portForward>",
    "--tcp-ports 127.0.0.1%lo/5022:22",
  ],
  [
    "<portForward proto='udp' address='::1'><range start='50' end='59' to='1050'/><range start='55' end='56' exclude='yes'/></portForward>",
    "--udp-ports ::1/50-59:1050-1059,~55-56",
  ],
  ["<source dev='eth7'/>", "--interface eth7"],
  [
    "<ip address='10.0.5.2' prefix='24'/><ip family='ipv6' address='fd00::2' prefix='64'/>",
    "--address 10.0.5.2 --netmask 24 --address fd00::2",
  ],
] as const)
  test(`passt is told of ${inner || "nothing"}`, () => assert.equal(wordsOf(inner), words));

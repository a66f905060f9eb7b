import assert from "node:assert/strict";
import { test } from "node:test";
import { formatStatus, parseStatus, type DomainStatus } from "./domain-status.ts";

const exampleStatus: DomainStatus = {
  name: "web'1 & <co>",
  uuid: "c7a5fdbd-cdaf-9455-926a-d65c16db1809",
  id: 7,
  state: { state: "running", reason: 1 },
  persistent: true,
  process: { pid: 4711, startTime: 123_456_789 },
  bootId: "3365cdaf-c8fa-4bad-b37b-f098dd52973c",
  monitorPath: "/run/vireo/qemu/monitor/7.sock",
  taints: ["custom-argv"],
  companions: [{ name: "swtpm", pid: 4712, startTime: 123_456_700 }],
  blockJobs: [
    { name: "copy-vda-1", kind: "copy", disk: "vda", state: "ready", shallow: true },
    { name: "pull-vdb-3", kind: "pull", disk: "vdb", state: "concluded", base: 7, gone: [4, 5] },
  ],
  lastNode: 9,
  askedCpuXml: "<cpu mode='custom' match='exact'>\n  <model>qemu64</model>\n</cpu>\n",
  domainXml: "<domain type='qemu' id='7'>\n  <name>web&apos;1</name>\n  <metadata/>\n</domain>\n",
};

test("domain status: what was written is read again", () => {
  assert.deepEqual(parseStatus(formatStatus(exampleStatus)), exampleStatus);
});

test("domain status: a text cut anywhere is refused", () => {
  const text = formatStatus(exampleStatus).trimEnd();
  for (let length = 0; length < text.length; length++)
    assert.throws(() => parseStatus(text.slice(0, length)), `accepted ${length} characters`);
});

test("domain status: impossible values are refused", () => {
  const text = formatStatus(exampleStatus);
  const cases = [
    [/pid='4711'/, "pid='x'", /pid='x' is no number/],
    [/state='running'/, "state='flying'", /unknown state/],
    [/<process[^>]*>/, "", /no <process>/],
    [/domstatus/g, "status", /root element <status>/],
  ] as const;
  for (const [from, to, expected] of cases)
    assert.throws(() => parseStatus(text.replace(from, to)), expected);
});

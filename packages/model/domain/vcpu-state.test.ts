import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDomain } from "./parse-domain.ts";
import { isResolved } from "./resolve/resolve.ts";
import type { ResolvedDomain } from "./resolve/resolved-domain.ts";
import {
  vcpuStates,
  withMaximumVcpus,
  withVcpuCount,
  withVcpuPlugged,
  withVcpusSwitched,
  withVcpuUnplugged,
} from "./vcpu-state.ts";

function domain(vcpus: string): ResolvedDomain {
  const { domain: parsed } = parseDomain(`<domain type='qemu'><name>v</name>
    <uuid>6f5be3cd-4f2a-4b92-8a4c-0a2f1c3a7f01</uuid><memory>65536</memory>
    <currentMemory>65536</currentMemory>${vcpus}
    <os><type arch='x86_64' machine='pc'>hvm</type></os><clock offset='utc'/>
    <devices><emulator>/q</emulator></devices></domain>`);
  assert.ok(isResolved(parsed));
  return parsed;
}
const ONE_OF_FOUR = "<vcpu placement='static' current='1'>4</vcpu>";

/** `12.4h`: on, on with order 2, off; h: can be taken out. */
const shown = (config: ResolvedDomain): string =>
  vcpuStates(config)
    .map(({ enabled, hotpluggable, order = "" }) =>
      enabled ? `${order || "+"}${hotpluggable ? "h" : ""}` : ".",
    )
    .join(" ");

test("vcpus: the lowest come first, the highest go first", () => {
  const config = domain(ONE_OF_FOUR);
  assert.equal(shown(config), "+ . . .");
  const three = withVcpuCount(config, 3, false);
  assert.equal(shown(three), "+ + + .");
  assert.equal(three.vcpus, undefined);
  assert.equal(three.vcpu.current, 3);
  assert.equal(shown(withVcpuCount(three, 2, false)), "+ + . .");
  assert.equal(withVcpuCount(config, 4, false).vcpu.current, undefined);
});

test("vcpus: those that can be taken out are told one by one", () => {
  const two = withVcpuCount(domain(ONE_OF_FOUR), 2, true);
  assert.equal(shown(two), "+ +h . .");
  assert.equal(two.vcpus?.vcpus?.length, 4);
  const last = withVcpusSwitched(two, [3], true);
  assert.equal(shown(last), "+ +h . +h");
  assert.throws(() => withVcpusSwitched(two, [0], false), /vCPU '0' can't be modified/);
  assert.throws(() => withVcpusSwitched(two, [4], true), /vcpu 4 is not present in persistent/);
});

test("vcpus: a running domain says in which order they came", () => {
  const plugged = withVcpuPlugged(withVcpuPlugged(domain(ONE_OF_FOUR), 2), 1);
  assert.equal(shown(plugged), "1 3h 2h .");
  assert.equal(shown(withVcpuUnplugged(plugged, 2)), "1 2h . .");
});

test("vcpus: the most there can be fits the topology", () => {
  const config = domain(ONE_OF_FOUR);
  assert.equal(withMaximumVcpus(config, 6).vcpu.count, 6);
  assert.equal(shown(withMaximumVcpus(withVcpuCount(config, 3, false), 2)), "+ +");
  const cpu = { topology: { sockets: 2, cores: 2, threads: 1 } };
  assert.throws(() => withMaximumVcpus({ ...config, cpu }, 6), /CPU topology doesn't match/);
});

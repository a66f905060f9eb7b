/** What any daemon must do for our client on `test:///default`, whoever wrote it. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { DomainEventType } from "@vireo/rpc/constant/domain-event";
import { DomainState } from "@vireo/rpc/constant/domain-state";
import { ErrorNumber } from "@vireo/rpc/constant/error";
import { connect } from "@vireo/sdk/libvirt/connect";
import type { LibvirtConnection } from "@vireo/sdk/libvirt/connection";
import { LibvirtError } from "@vireo/sdk/libvirt/libvirt-error";

const XML = `<domain type='test'><name>wire-test</name><memory unit='KiB'>65536</memory>
<os><type>hvm</type></os></domain>`;

/** Run all checks against a read-write URI. */
export async function checkWireSession(t: TestContext, uri: string): Promise<void> {
  const checks = [hostFacts, lookups, lifecycle, manyAtOnce, eventRegistration, goodbye];
  for (const check of checks) {
    await t.test(check.name, async () => {
      await using connection = await connect(uri, { timeoutMs: 20_000 });
      await check(connection);
    });
  }
}

/** The error of a call that must fail. */
export async function libvirtErrorOf(call: Promise<unknown>): Promise<LibvirtError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof LibvirtError, String(error));
  return error;
}

async function hostFacts(c: LibvirtConnection): Promise<void> {
  assert.equal((await c.call("connectGetUri")).uri, "test:///default");
  assert.equal((await c.call("connectGetType")).type, "TEST");
  assert.ok((await c.call("connectGetLibVersion")).lib_ver >= 9_000_000n);
  assert.notEqual((await c.call("connectGetHostname")).hostname, "");
  const node = await c.call("nodeGetInfo");
  assert.ok(node.cpus > 0 && node.memory > 0n && node.model.length > 0);
  assert.match((await c.call("connectGetCapabilities")).capabilities, /^<capabilities>/u);
  assert.equal((await c.call("connectIsSecure")).secure, 1);
}

async function lookups(c: LibvirtConnection): Promise<void> {
  const { dom } = await c.call("domainLookupByName", { name: "test" });
  assert.deepEqual((await c.call("domainLookupByUuid", { uuid: dom.uuid })).dom, dom);
  assert.deepEqual((await c.call("domainLookupById", { id: dom.id })).dom, dom);
  const all = await c.call("connectListAllDomains", { need_results: 1, flags: 0 });
  assert.ok(all.domains.some((d) => d.uuid === dom.uuid));
  const counted = await c.call("connectListAllDomains", { need_results: 0, flags: 0 });
  assert.deepEqual(counted, { domains: [], ret: all.ret });

  const error = await libvirtErrorOf(c.call("domainLookupByName", { name: "wire-nosuch" }));
  assert.equal(error.code, ErrorNumber.errNoDomain);
  assert.match(error.message, /^Domain not found/u);
}

async function lifecycle(c: LibvirtConnection): Promise<void> {
  const seen: number[] = [];
  await c.on("domain", "lifecycle", ({ event }) => seen.push(event));
  const { dom } = await c.call("domainDefineXml", { xml: XML });
  assert.equal(dom.id, -1);
  await c.call("domainCreate", { dom });
  assert.equal((await c.call("domainGetState", { dom, flags: 0 })).state, DomainState.running);
  await c.call("domainSuspend", { dom });
  assert.equal((await c.call("domainGetInfo", { dom })).state, DomainState.paused);
  const { xml } = await c.call("domainGetXmlDesc", { dom, flags: 0 });
  assert.match(xml, /<name>wire-test<\/name>/u);
  await c.call("domainResume", { dom });
  await c.call("domainDestroy", { dom });
  await c.call("domainUndefine", { dom });
  // an event leaves before the reply of any later call
  await c.call("connectGetHostname");
  const { defined, started, suspended, resumed, stopped, undefined: gone } = DomainEventType;
  const expected = [defined, started, suspended, resumed, stopped, gone];
  assert.deepEqual(
    expected.filter((event) => seen.includes(event)),
    expected,
  );
}

async function manyAtOnce(c: LibvirtConnection): Promise<void> {
  const features = Array.from({ length: 50 }, (_, i) => i % 17);
  const answers = await Promise.all(
    features.map((feature) => c.call("connectSupportsFeature", { feature })),
  );
  assert.ok(answers.every((a, i) => a.supported === (answers[i % 17]?.supported ?? -1)));
}

async function eventRegistration(c: LibvirtConnection): Promise<void> {
  const stop = await c.on("domain", "reboot", () => undefined);
  const second = await c.on("domain", "reboot", () => undefined);
  await stop();
  await second();
  const unknown = c.call("connectDomainEventCallbackDeregisterAny", { callbackID: 12_345 });
  const error = await libvirtErrorOf(unknown);
  assert.equal(error.code, ErrorNumber.errInternalError);
  assert.match(error.message, /12345 not registered/u);
}

async function goodbye(c: LibvirtConnection): Promise<void> {
  await c.close();
  await assert.rejects(c.call("connectGetHostname"), /Cannot call connectGetHostname/u);
}

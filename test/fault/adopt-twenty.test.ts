import assert from "node:assert/strict";
import { test } from "node:test";
import { DomainEventStoppedDetailType, DomainEventType } from "@vireo/rpc/constant/domain-event";
import { DomainShutoffReason, DomainState } from "@vireo/rpc/constant/domain-state";
import { connect } from "@vireo/sdk/libvirt/connect";
import { isAlive } from "../harness/processes.ts";
import { Vireod } from "../harness/vireod.ts";
import { pidOf, startHerd } from "./herd.ts";

const GUESTS = 20;
const ADOPTED_WITHIN_MS = 2000;

test("kill -9 of vireod: 20 guests go on and are adopted with their pids within 2 s", async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());

  const before = await connect(vireod.uri);
  const herd = await startHerd(before, GUESTS + 1);
  const [paused, , doomed] = herd;
  assert.ok(paused && doomed);
  await before.call("domainSuspend", { dom: paused });
  const pids = vireod.guestPids();
  assert.equal(pids.length, GUESTS + 1);
  const ids = new Map(herd.map((domain) => [domain.name, domain.id]));

  await vireod.end("SIGKILL");
  await before.closed;
  assert.deepEqual(vireod.guestPids(), pids, "guests outlive the daemon");
  const doomedPid = pidOf(pids, doomed);
  process.kill(doomedPid, "SIGKILL");
  const survivors = pids.filter((pid) => pid !== doomedPid);

  const start = performance.now();
  await vireod.start();
  await using after = await connect(vireod.uri);
  const active = 1;
  const { domains } = await after.call("connectListAllDomains", { need_results: 1, flags: active });
  const milliseconds = performance.now() - start;
  t.diagnostic(`${domains.length} guests adopted ${milliseconds.toFixed(0)} ms after the start`);
  assert.equal(domains.length, GUESTS);
  assert.ok(milliseconds < ADOPTED_WITHIN_MS, `${milliseconds} ms`);
  assert.deepEqual(vireod.guestPids(), survivors);
  for (const { name, id } of domains) assert.equal(id, ids.get(name), `${name} keeps its id`);

  await t.test("each is in the state it was in and obeys", async () => {
    for (const dom of domains) {
      const { state } = await after.call("domainGetState", { dom, flags: 0 });
      const isPaused: boolean = dom.name === paused.name;
      assert.equal(state, isPaused ? DomainState.paused : DomainState.running, dom.name);
      await after.call(isPaused ? "domainResume" : "domainSuspend", { dom });
    }
  });

  await t.test("the one that died meanwhile is shut off, and known as crashed", async () => {
    const { dom } = await after.call("domainLookupByName", { name: doomed.name });
    assert.equal(dom.id, -1);
    const { state, reason } = await after.call("domainGetState", { dom, flags: 0 });
    assert.deepEqual([state, reason], [DomainState.shutoff, DomainShutoffReason.crashed]);
  });

  await t.test("one that dies now is told to those who listen", async () => {
    const [victim] = domains;
    assert.ok(victim);
    const events = await after.events("domain", "lifecycle");
    process.kill(pidOf(vireod.guestPids(), victim), "SIGKILL");
    for await (const { dom, event, detail } of events) {
      if (dom.name !== victim.name || event !== DomainEventType.stopped) continue;
      assert.equal(detail, DomainEventStoppedDetailType.failed);
      break;
    }
  });

  await t.test("a second vireod on the same root is refused and disturbs nothing", async () => {
    const second = new Vireod(vireod.root);
    await assert.rejects(second.start(), /another vireod serves/);
    assert.equal(vireod.guestPids().length, GUESTS - 1);
    await after.call("connectGetHostname");
  });

  await t.test("ended by SIGTERM it leaves the guests alone too", async () => {
    const running = vireod.guestPids();
    await vireod.end("SIGTERM");
    assert.deepEqual(running.filter(isAlive), running);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { domainState } from "@vireo/model/state-reason";
import { reactToLifeEvent, type LifeFacts } from "./life-event.ts";

const facts: LifeFacts = {
  state: domainState("running", "booted"),
  actions: { onPoweroff: "destroy", onReboot: "restart", onCrash: "destroy" },
  rebooting: false,
  pauseReason: "user",
  runReason: "unpaused",
};
const event = (name: string, data: Readonly<Record<string, unknown>> = {}) => ({ name, data });
const guestOff = event("SHUTDOWN", { guest: true, reason: "guest-shutdown" });

test("life: the vCPUs stop for the reason that was announced", () => {
  const announced = reactToLifeEvent(event("BLOCK_IO_ERROR", { action: "stop" }), facts);
  assert.deepEqual(announced, { news: [], nextPause: "ioError" });
  assert.deepEqual(reactToLifeEvent(event("STOP"), { ...facts, pauseReason: "ioError" }), {
    state: domainState("paused", "ioError"),
    news: [{ kind: "lifecycle", event: "suspended", detail: "ioError" }],
  });
  assert.deepEqual(reactToLifeEvent(event("STOP"), facts).news, [
    { kind: "lifecycle", event: "suspended", detail: "paused" },
  ]);
});

test("life: an I/O error that is only reported announces nothing", () => {
  assert.deepEqual(reactToLifeEvent(event("BLOCK_IO_ERROR", { action: "report" }), facts), {
    news: [],
  });
});

test("life: the first run of the vCPUs is told as resumed", () => {
  const starting = {
    ...facts,
    state: domainState("paused", "startingUp"),
    runReason: "booted",
  } as const;
  assert.deepEqual(reactToLifeEvent(event("RESUME"), starting), {
    state: domainState("running", "booted"),
    news: [{ kind: "lifecycle", event: "resumed", detail: "unpaused" }],
  });
});

test("life: power-off obeys on_poweroff", () => {
  const end = { do: "end", reason: "shutdown" };
  assert.deepEqual(reactToLifeEvent(guestOff, facts).sequel, end);
  const actions = { ...facts.actions, onPoweroff: "restart" } as const;
  assert.deepEqual(reactToLifeEvent(guestOff, { ...facts, actions }).sequel, { do: "restart" });
  const keep = { ...facts.actions, onPoweroff: "preserve" } as const;
  assert.equal(reactToLifeEvent(guestOff, { ...facts, actions: keep }).sequel, undefined);
  assert.deepEqual(reactToLifeEvent(guestOff, { ...facts, rebooting: true }).sequel, {
    do: "restart",
  });
});

test("life: a power-off tells who asked for it", () => {
  const details = [event("SHUTDOWN"), guestOff, event("SHUTDOWN", { guest: false })].map(
    (one) => reactToLifeEvent(one, facts).news[0],
  );
  assert.deepEqual(
    details.map((news) => (news?.kind === "lifecycle" ? news.detail : "")),
    ["finished", "guest", "host"],
  );
});

test("life: a second power-off and the stop after it say nothing", () => {
  const down = { ...facts, state: domainState("shutdown", "unknown") };
  assert.deepEqual(reactToLifeEvent(guestOff, down), { news: [] });
  assert.deepEqual(reactToLifeEvent(event("STOP"), down), { news: [] });
});

test("life: a reset obeys on_reboot, but not when the host asked for it", () => {
  const actions = { ...facts.actions, onReboot: "destroy" } as const;
  const guest = event("RESET", { guest: true, reason: "guest-reset" });
  assert.deepEqual(reactToLifeEvent(guest, { ...facts, actions }).sequel, {
    do: "end",
    reason: "destroyed",
  });
  assert.equal(
    reactToLifeEvent(event("RESET", { guest: false }), { ...facts, actions }).sequel,
    undefined,
  );
  assert.deepEqual(reactToLifeEvent(guest, facts), { news: [{ kind: "reboot" }] });
});

test("life: a reset that QEMU turned into a power-off ends the domain whatever on_poweroff says", () => {
  const actions = { onPoweroff: "restart", onReboot: "destroy", onCrash: "destroy" } as const;
  const asReset = event("SHUTDOWN", { guest: true, reason: "guest-reset" });
  assert.deepEqual(reactToLifeEvent(asReset, { ...facts, actions }).sequel, {
    do: "end",
    reason: "shutdown",
  });
});

test("life: a panic obeys on_crash and is told once", () => {
  const panic = event("GUEST_PANICKED", { action: "pause" });
  for (const [onCrash, sequel] of [
    ["destroy", { do: "end", reason: "crashed" }],
    ["restart", { do: "restart" }],
    ["preserve", undefined],
  ] as const) {
    const reaction = reactToLifeEvent(panic, { ...facts, actions: { ...facts.actions, onCrash } });
    assert.deepEqual(reaction.sequel, sequel);
    assert.deepEqual(reaction.state, domainState("crashed", "panicked"));
  }
  const crashed = { ...facts, state: domainState("crashed", "panicked") };
  assert.deepEqual(reactToLifeEvent(panic, crashed), { news: [] });
});

test("life: sleep and waking", () => {
  const asleep = reactToLifeEvent(event("SUSPEND"), facts);
  assert.deepEqual(asleep.state, domainState("pmsuspended", "unknown"));
  const state = domainState("pmsuspended", "unknown");
  assert.deepEqual(
    reactToLifeEvent(event("WAKEUP"), { ...facts, state }).state,
    domainState("running", "wakeup"),
  );
  assert.deepEqual(reactToLifeEvent(event("WAKEUP"), facts), { news: [] });
});

test("life: events of no concern change nothing", () => {
  assert.deepEqual(reactToLifeEvent(event("NIC_RX_FILTER_CHANGED"), facts), { news: [] });
});

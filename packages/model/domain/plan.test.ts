import assert from "node:assert/strict";
import { test } from "node:test";
import type { Domain } from "./domain.ts";
import { parseDomain } from "./parse-domain.ts";
import { planDomain, type PlannedChange } from "./plan.ts";
import type { LiveAction } from "./plan-rules.ts";

const DISK = `<disk type='file' device='disk'><driver name='qemu' cache='none'/><source file='/a.img'/><target dev='vda' bus='virtio'/></disk>`;
const CDROM = `<disk type='file' device='cdrom'><source file='/a.iso'/><target dev='sda' bus='sata'/></disk>`;
const domain = (devices: string, more = "<title>Web</title>", name = "web"): Domain =>
  parseDomain(
    `<domain type='qemu'><name>${name}</name><uuid>c7a5fdbd-cdaf-9455-926a-d65c16db1809</uuid>${more}<memory>65536</memory><os><type>hvm</type></os><devices>${devices}</devices></domain>`,
  ).domain;
const ALL: ReadonlySet<LiveAction> = new Set<LiveAction>([
  "metadata",
  "hotplug",
  "media",
  "balloon",
]);
const BEFORE = domain(DISK + CDROM);

const plan = (wanted: Domain, can = ALL, isRunning = true): readonly PlannedChange[] =>
  planDomain({
    definition: BEFORE,
    wanted,
    can,
    ...(isRunning ? { running: BEFORE } : {}),
  });
const brief = (changes: readonly PlannedChange[]): string[] =>
  changes.map((one) => `${one.path} ${one.kind} ${one.impact}`);

test("plan: nothing to do", () => {
  assert.deepEqual(plan(BEFORE), []);
});

test("plan: place, old and new value, and when", () => {
  assert.deepEqual(plan(domain(DISK.replace("none", "writeback") + CDROM)), [
    {
      path: "/domain/devices/disk[1]/driver/@cache",
      kind: "changed",
      old: "none",
      new: "writeback",
      impact: "nextBoot",
      why: "QEMU takes it only when it starts",
    },
  ]);
});

test("plan: metadata at once, another name never, a device by its bus", () => {
  const usb = `<disk type='file' device='disk'><source file='/u.img'/><target dev='sdb' bus='usb'/></disk>`;
  assert.deepEqual(brief(plan(domain(usb + DISK + CDROM, "<title>Site</title>", "site"))), [
    "/domain/name changed replace",
    "/domain/title changed live",
    "/domain/devices/disk[1] added live",
  ]);
  assert.deepEqual(brief(plan(domain(DISK))), ["/domain/devices/disk[2] removed nextBoot"]);
  assert.deepEqual(brief(plan(domain(CDROM))), ["/domain/devices/disk[1] removed live"]);
});

test("plan: a medium changes at once, a disk's image does not", () => {
  assert.deepEqual(brief(plan(domain(DISK + CDROM.replace("a.iso", "b.iso")))), [
    "/domain/devices/disk[2]/source/@file changed live",
  ]);
  assert.deepEqual(brief(plan(domain(DISK.replace("a.img", "b.img") + CDROM))), [
    "/domain/devices/disk[1]/source/@file changed nextBoot",
  ]);
});

test("plan: what the driver cannot do live waits, and says so", () => {
  const [change] = plan(domain(CDROM), new Set());
  assert.equal(change?.impact, "nextBoot");
  assert.match(change.why, /this daemon cannot do that to a running domain yet$/);
});

test("plan: while the domain is off everything but metadata waits for its start", () => {
  assert.deepEqual(brief(plan(domain(CDROM, "<title>Site</title>"), ALL, false)), [
    "/domain/title changed live",
    "/domain/devices/disk[1] removed nextBoot",
  ]);
});

test("plan: what the running domain has already needs no doing", () => {
  const wanted = domain(DISK + CDROM, "<title>Site</title>");
  const [change] = planDomain({ definition: BEFORE, wanted, running: wanted, can: ALL });
  assert.equal(change?.why, "The running domain has it already");
});

test("plan: secrets are not told", () => {
  const vnc = (passwd: string) =>
    domain(`${DISK}${CDROM}<graphics type='vnc' passwd='${passwd}'/>`);
  const [change] = planDomain({ definition: vnc("old"), wanted: vnc("new"), can: ALL });
  assert.deepEqual([change?.old, change?.new], ["(secret)", "(secret)"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Domain } from "./domain.ts";
import { isWithin } from "./explain-path.ts";
import { linesOf, type Place } from "./explain-places.ts";
import { ruleNames } from "./explain-rules.ts";
import { domainPlaces, followed, tracedFrom, traceResolve } from "./explain.ts";
import { formatDomain } from "./format-domain.ts";
import { parseDomain } from "./parse-domain.ts";
import type { ResolveFacts } from "./resolve/facts.ts";
import { QEMU_STEPS, resolveDomain } from "./resolve/resolve.ts";

const FACTS: ResolveFacts = {
  hostArch: "x86_64",
  arch: "x86_64",
  emulator: "/usr/bin/qemu-system-x86_64",
  kvm: false,
  machines: [
    { name: "pc-i440fx-7.2", alias: "pc", isDefault: true, defaultCpu: "qemu64-x86_64-cpu" },
  ],
  capabilities: new Set(["piix3-usb-uhci", "VGA", "device-video-primary"]),
  settings: {
    vncListen: "127.0.0.1",
    spiceListen: "127.0.0.1",
    nvramDir: "/nvram",
    channelTargetDir: "/channel",
  },
  newUuid: () => "c7a5fdbd-cdaf-9455-926a-d65c16db1809",
  newMac: () => "52:54:00:00:00:01",
};

const XML = `<domain type='qemu'>
  <name>web</name>
  <memory unit='MiB'>64</memory>
  <os><type machine='pc'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/web.img'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface type='user'/>
    <graphics type='vnc' passwd='secret'/>
  </devices>
</domain>`;

const traced = () => traceResolve(tracedFrom(XML), FACTS);
const at = (places: readonly Place[], path: string): Place => {
  const found = places.find((place) => place.path === path);
  assert.ok(found, `${path} is no place`);
  return found;
};

test("explain: the traced steps end where resolving ends", () => {
  assert.deepEqual(traced().domain, resolveDomain(parseDomain(XML).domain, FACTS));
});

test("explain: each place tells who said it", () => {
  const places = domainPlaces(traced());
  const rules: readonly (readonly [string, string])[] = [
    ["/domain/name", "written"],
    ["/domain/uuid", "resolveIdentity"],
    ["/domain/currentMemory", "resolveMemory"],
    ["/domain/os/type/@arch", "resolveArch"],
    ["/domain/os/type/@machine", "resolveMachine"],
    ["/domain/devices/emulator", "resolveEmulator"],
    ["/domain/devices/disk[1]", "written"],
    ["/domain/devices/disk[1]/target/@bus", "written"],
    ["/domain/devices/disk[1]/driver/@name", "defaultsForQemu"],
    ["/domain/devices/disk[1]/address/@slot", "addressPci"],
    ["/domain/devices/interface[1]/mac/@address", "settleDevices"],
    ["/domain/devices/memballoon", "addBoardDevices"],
  ];
  for (const [path, rule] of rules) assert.equal(at(places, path).source.rule, rule, path);
  assert.equal(at(places, "/domain/name").source.line, 2);
  assert.equal(at(places, "/domain/os/type/@machine").source.was, "pc");
});

test("explain: a secret is a place without text", () => {
  assert.equal(at(domainPlaces(traced()), "/domain/devices/graphics[1]/@passwd").text, undefined);
});

test("explain: every line of the printed domain leads to a place", () => {
  const { domain, trace } = traced();
  const paths = new Set(domainPlaces({ domain, trace }).map(({ path }) => path));
  const begun = linesOf(Domain, formatDomain(domain)).filter(({ xml }) => !/^\s*<\//.test(xml));
  for (const { xml, path } of begun) assert.ok(path !== undefined && paths.has(path), xml);
});

test("explain: a later change is told apart from what was there", () => {
  const before = traced();
  const places = domainPlaces(followed(before, { ...before.domain, title: "Web" }, "later"));
  assert.equal(at(places, "/domain/title").source.rule, "later");
  assert.equal(at(places, "/domain/name").source.rule, "written");
});

test("explain: every step has words", () => {
  for (const { name } of QEMU_STEPS) assert.ok(ruleNames.has(name), name);
});

test("explain: paths may leave out positions, name attributes, and ask for them", () => {
  const attributeOf = (path: string) =>
    path === "/domain/devices/controller[2]/@type" ? "fdc" : "usb";
  const place = "/domain/devices/controller[2]/address/@slot";
  for (const asked of [
    "/domain/devices/controller",
    "devices/controller[2]",
    "/domain/devices/controller[@type='fdc']",
    "/domain/devices/controller[2]/address@slot",
  ])
    assert.ok(isWithin(place, asked, attributeOf), asked);
  for (const asked of ["/domain/devices/controller[1]", "/domain/devices/controller[@type='pci']"])
    assert.ok(!isWithin(place, asked, attributeOf), asked);
  assert.ok(isWithin("/domain/devices/memballoon", "/domain/devices/memballoon[1]", attributeOf));
});

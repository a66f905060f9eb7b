import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { nameDevices } from "@vireo/model/domain/resolve/name-devices";
import { resolveDomain } from "@vireo/model/domain/resolve/resolve";
import type { ResolveFacts } from "@vireo/model/domain/resolve/facts";
import type { CapabilitiesView } from "./capabilities-view.ts";
import { commandLine, type QemuCommand } from "./command-line.ts";
import type { CommandContext } from "./context.ts";

const FLAGS = ["piix3-usb-uhci", "set-action", "smp-dies", "seccomp-sandbox", "pc-dimm"];

const FACTS: ResolveFacts = {
  hostArch: "x86_64",
  arch: "x86_64",
  emulator: "/usr/bin/qemu-system-x86_64",
  kvm: false,
  machines: [{ name: "pc-i440fx-7.2", alias: "pc", isDefault: true, defaultRamId: "pc.ram" }],
  capabilities: new Set(FLAGS),
  settings: {
    vncListen: "127.0.0.1",
    spiceListen: "127.0.0.1",
    nvramDir: "/nvram",
    channelTargetDir: "/channel",
  },
  newUuid: () => "c7a5fdbd-edaf-9455-926a-d65c16db1809",
  newMac: () => "52:54:00:00:00:01",
};
const CAPS: CapabilitiesView = {
  binary: FACTS.emulator,
  version: 7_002_000,
  flags: new Set(FLAGS),
  machine: () => ({ defaultRamId: "pc.ram" }),
};
const CONTEXT: CommandContext = {
  hostArch: "x86_64",
  domainDir: "/lib/domain-1-a",
  shortName: "1-a",
  channelDir: "/channel/domain-1-a",
  nvramDir: "/nvram",
  memoryBackingDir: "/ram",
  hugepageMounts: [],
  passtDir: "/run/passt",
  settings: { tls: {}, vncListen: "127.0.0.1", spiceListen: "127.0.0.1" },
  host: {
    isCdrom: () => false,
    pageSizeKiB: 4,
    environment: () => undefined,
    scsiGeneric: () => "/dev/sg0",
    nowSeconds: 0,
    localTimeOffsetSeconds: 0,
  },
  secret: () => undefined,
  tpmSocket: () => "/tpm",
};

const written = (devices: string, more = ""): QemuCommand => {
  const xml = `<domain type='qemu'><name>a</name><memory unit='MiB'>64</memory>
    <os><type arch='x86_64' machine='pc'>hvm</type></os>${more}<devices>${devices}</devices></domain>`;
  const resolved = nameDevices(resolveDomain(parseDomain(xml).domain, FACTS));
  return commandLine(resolved, CAPS, CONTEXT);
};
const valueOf = ({ args }: QemuCommand, option: string): string | undefined =>
  args.find((arg) => arg.option === option)?.value;

test("command line: a small domain says what it is and how to reach it", () => {
  const command = written("");
  assert.equal(command.binary, "/usr/bin/qemu-system-x86_64");
  assert.equal(valueOf(command, "-name"), "guest=a,debug-threads=on");
  assert.equal(valueOf(command, "-m"), "64");
  assert.equal(valueOf(command, "-uuid"), "c7a5fdbd-edaf-9455-926a-d65c16db1809");
  assert.equal(valueOf(command, "-chardev"), "socket,id=charmonitor,fd=3,server=on,wait=off");
  assert.deepEqual(command.passedFds, [
    {
      kind: "monitor",
      id: "monitor",
      path: "/lib/domain-1-a/monitor.sock",
      origin: "/domain",
      fd: 3,
    },
  ]);
});

test("command line: every argument says where it comes from", () => {
  const { args } = written(
    "<disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/></disk>",
  );
  assert.ok(args.every(({ origin }) => origin.startsWith("/domain")));
  const disk = args.filter(({ origin }) => origin === "/domain/devices/disk[1]");
  assert.deepEqual(
    disk.map(({ option }) => option),
    ["-blockdev", "-blockdev", "-device"],
  );
});

test("command line: a socket QEMU listens on is handed over, numbered on", () => {
  const command = written("<serial type='unix'><source mode='bind' path='/s'/></serial>");
  assert.deepEqual(
    command.passedFds.map(({ kind, path, fd }) => [kind, path, fd]),
    [
      ["monitor", "/lib/domain-1-a/monitor.sock", 3],
      ["listen", "/s", 4],
    ],
  );
});

test("command line: a comma in a name cannot become an option", () => {
  const command = written("<serial type='dev'><source path='/dev/a,server=on'/></serial>");
  const serial = command.args.find(({ value }) => value?.startsWith("serial,") === true);
  assert.equal(serial?.value, "serial,id=charserial0,path=/dev/a,,server=on");
});

test("command line: KVM's host CPU is not for emulated domains", () => {
  assert.throws(
    () => written("", "<cpu mode='host-passthrough'/>"),
    (error) => isError(error, "configUnsupported"),
  );
});

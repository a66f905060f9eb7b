import assert from "node:assert/strict";
import { test } from "node:test";
import { nameDevices } from "./name-devices.ts";
import type { ResolvedDomain } from "./resolved-domain.ts";

const domain = (devices: object, machine = "pc"): ResolvedDomain => ({
  type: "qemu",
  name: "a",
  uuid: "c7a5fdbd-edaf-9455-926a-d65c16db1809",
  memory: { sizeKiB: 1024 },
  currentMemoryKiB: 1024,
  vcpu: { count: 1 },
  clock: { offset: "utc" },
  os: { type: { arch: "x86_64", machine, name: "hvm" } },
  devices: { emulator: "/usr/bin/qemu-system-x86_64", ...devices },
});

const disk = (dev: string, bus: string, unit: number) => ({
  type: "file",
  device: "disk",
  target: { dev, bus },
  address: { type: "drive", controller: 0, bus: 0, target: 0, unit },
});

test("names: disks by place on their bus, virtio disks by letter", () => {
  const { devices } = nameDevices(
    domain({
      disks: [
        disk("hda", "ide", 0),
        disk("sdb", "scsi", 1),
        { ...disk("vdc", "virtio", 0), address: undefined },
      ],
    }),
  );
  assert.deepEqual(
    devices.disks?.map(({ alias }) => alias?.name),
    ["ide0-0-0", "scsi0-0-0-1", "virtio-disk2"],
  );
});

test("names: chips with one unit per target leave the target out", () => {
  const { devices } = nameDevices(
    domain({
      controllers: [{ type: "scsi", index: 0, model: "lsilogic" }],
      disks: [disk("sda", "scsi", 3)],
    }),
  );
  assert.equal(devices.disks?.[0]?.alias?.name, "scsi0-0-3");
});

test("names: what the board has keeps QEMU's name", () => {
  const controllers = [
    { type: "pci", index: 0, model: "pcie-root" },
    { type: "pci", index: 1, model: "pcie-root-port" },
    { type: "sata", index: 0 },
    { type: "usb", index: 0 },
    { type: "usb", index: 1 },
  ];
  const { devices } = nameDevices(domain({ controllers }, "q35"));
  assert.deepEqual(
    devices.controllers?.map(({ alias }) => alias?.name),
    ["pcie.0", "pci.1", "ide", "usb", "usb1"],
  );
});

test("names: cards of the host are numbered with host devices, user names stay", () => {
  const { devices } = nameDevices(
    domain({
      interfaces: [
        { type: "user", alias: { name: "ua-front" } },
        { type: "user" },
        { type: "hostdev" },
      ],
      hostdevs: [{ type: "pci", mode: "subsystem" }],
    }),
  );
  assert.deepEqual(
    devices.interfaces?.map(({ alias }) => alias?.name),
    ["ua-front", "net0", "hostdev0"],
  );
  assert.equal(devices.hostdevs?.[0]?.alias?.name, "hostdev1");
});

test("names: the first console is the first serial port", () => {
  const { devices } = nameDevices(
    domain({
      serials: [{ type: "pty" }],
      consoles: [
        { type: "pty", target: { type: "serial", port: 0 } },
        { type: "pty", target: { type: "virtio" } },
      ],
    }),
  );
  assert.deepEqual(
    devices.consoles?.map(({ alias }) => alias?.name),
    ["serial0", "console1"],
  );
});

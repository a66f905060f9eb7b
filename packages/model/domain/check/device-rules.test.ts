import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "../../error.ts";
import { resolvedDomain, TEST_FACTS } from "../resolve/resolve-devices.fixture.ts";
import { checkDomain } from "./check.ts";

const refusal = (machine: string, body: string): string => {
  try {
    checkDomain(resolvedDomain(machine, body), TEST_FACTS);
  } catch (error) {
    if (isError(error)) return error.message;
    throw error;
  }
  return "";
};
const disk = (target: string, driver = ""): string =>
  `<disk type='file'>${driver}<source file='/x'/><target ${target}/></disk>`;

/** Board, devices, libvirt's words. */
const REFUSED = [
  [
    "q35",
    disk("dev='hda' bus='ide'"),
    "unsupported configuration: IDE controllers are unsupported for this QEMU binary or machine type",
  ],
  [
    "pc",
    disk("dev='hda' bus='ide'", "<readonly/>"),
    "unsupported configuration: readonly ide disks are not supported",
  ],
  [
    "q35",
    disk("dev='sda' bus='sata'", "<readonly/>"),
    "unsupported configuration: readonly sata disks are not supported",
  ],
  [
    "pc",
    "<disk type='dir'><driver name='qemu' type='fat'/><source dir='/x'/><target dev='vda' bus='virtio'/></disk>",
    "unsupported configuration: virtual FAT storage can't be accessed in read-write mode",
  ],
  ["pc", disk("dev='hde' bus='ide'"), "internal error: Only 1 IDE controller is supported"],
  [
    "pc",
    disk("dev='vda'", "<driver iothread='1'/>"),
    "unsupported configuration: Disk iothread '1' not defined in iothreadid",
  ],
  [
    "pc",
    disk("dev='sda' bus='sata'", "<driver iothread='1'/>"),
    "unsupported configuration: IOThreads not available for bus sata target sda",
  ],
  [
    "pc",
    "<channel type='spicevmc'><target type='virtio'/></channel>",
    "unsupported configuration: chardev 'spicevmc' not supported without spice graphics",
  ],
  [
    "pc",
    "<audio id='1' type='none'/><audio id='1' type='none'/>",
    "XML error: audio ID 1 is used multiple times",
  ],
  [
    "pc",
    "<panic model='hyperv'/><panic model='hyperv'/>",
    "XML error: Multiple panic devices with model 'hyperv'",
  ],
  [
    "pc",
    "<sound model='ac97'><alias name='ua-a'/></sound><rng model='virtio'><backend model='builtin'/><alias name='ua-a'/></rng>",
    "unsupported configuration: non unique alias detected: ua-a",
  ],
  [
    "pc",
    "<controller type='usb' model='none'/><hub type='usb'/>",
    "unsupported configuration: Can't add USB hub: USB is disabled for this domain",
  ],
  [
    "pc",
    "<controller type='pci' index='1' model='pci-bridge'><target chassis='3'/></controller>",
    "unsupported configuration: Option 'chassis' is not valid for PCI controller with index '1', model 'pci-bridge' and modelName 'pci-bridge'",
  ],
  [
    "q35",
    "<filesystem type='mount'><driver type='virtiofs'/><source dir='/a'/><target dir='b'/></filesystem>",
    "unsupported configuration: 'virtiofs' requires shared memory",
  ],
  [
    "pc",
    "<controller type='pci' index='1' model='pcie-expander-bus'/>",
    "unsupported configuration: pcie-expander-bus controllers are not supported with this machine type",
  ],
] as const;

test("devices: what does not go together is refused in libvirt's words", () => {
  for (const [machine, body, message] of REFUSED)
    assert.equal(refusal(machine, body), message, body);
});

test("devices: what does go together is not", () => {
  for (const body of [
    disk("dev='hda' bus='ide'"),
    "<graphics type='spice'/><channel type='spicevmc'><target type='virtio'/></channel>",
    "<panic model='hyperv'/><panic model='isa'/>",
    "<audio id='1' type='none'/><audio id='2' type='none'/>",
  ])
    assert.equal(refusal("pc", body), "", body);
});

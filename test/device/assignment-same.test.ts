/**
 * Devices of the host for guests, on the real libvirtd and on vireod, each on an emulated host with the same hardware:
 * the same answers, the same running configurations, and the same that is written to sysfs.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Files, transcript } from "../client/transcript.ts";
import { putMdev, putNode, putScsi, putUsb, putVfio } from "../harness/emulated-devices.ts";
import { EmulatedKernel } from "../harness/emulated-kernel.ts";
import { putPci } from "../harness/emulated-pci.ts";
import { Libvirtd } from "../harness/libvirtd.ts";
import { AssignedHost, type Hardware, pciHostdev } from "./assigned-host.ts";

const UUID = "c60cc60c-c60c-460c-860c-c60cc60cc60c";

const hardware: Hardware = (kernel) => {
  putVfio(kernel);
  putPci(kernel, { address: "0000:01:00.0", driver: "nvidia", group: 12 });
  putPci(kernel, { address: "0000:01:00.1", driver: "snd_hda_intel", group: 12 });
  const gpu = putPci(kernel, { address: "0000:02:00.0", driver: "nvme", group: 13 });
  putPci(kernel, { address: "0000:05:00.0", group: 15, bridge: true, driver: "pcieport" });
  putPci(kernel, { address: "0000:06:00.0", group: 16, driver: "ahci" });
  putUsb(kernel, { port: "1-1", bus: 1, device: 4, id: "046d:c31c" });
  putUsb(kernel, { port: "1-2", bus: 1, device: 10, id: "046d:c077" });
  putUsb(kernel, { port: "1-3", bus: 1, device: 11, id: "0781:5567" });
  putUsb(kernel, { port: "2-1", bus: 2, device: 3, id: "0781:5567" });
  putScsi(kernel, "0:0:3:0", "sg3");
  putScsi(kernel, "0:0:4:0", "sg4");
  putMdev(kernel, { parent: gpu, type: "nvidia-222", uuid: UUID, group: 30 });
  putNode(kernel, "vhost-scsi");
};

const usb = (source: string, policy = ""): string =>
  `<hostdev mode='subsystem' type='usb' managed='yes'><source${policy}>${source}</source></hostdev>`;
const named = (vendor: string, product: string): string =>
  `<vendor id='0x${vendor}'/><product id='0x${product}'/>`;
const [KEYBOARD, MOUSE, STICK, NONE] = [
  named("046d", "c31c"),
  named("046d", "c077"),
  named("0781", "5567"),
  named("1234", "5567"),
];
const OPTIONAL = " startupPolicy='optional'";
const at = (bus: number, device: number): string => `<address bus='${bus}' device='${device}'/>`;
const scsi = (target: number, more = "", adapter = "scsi_host0"): string =>
  `<hostdev mode='subsystem' type='scsi'><source><adapter name='${adapter}'/><address bus='0' target='${target}' unit='0'/></source>${more}</hostdev>`;
const mdev = (uuid: string, model = "vfio-pci", more = ""): string =>
  `<hostdev mode='subsystem' type='mdev' model='${model}'${more}><source><address uuid='${uuid}'/></source></hostdev>`;
const VHOST = `<hostdev mode='subsystem' type='scsi_host'><source protocol='vhost' wwpn='naa.5123456789abcde0'/></hostdev>`;
const SHARED = "<shareable/>";
const nic = (bus: number): string =>
  `<interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:01'/><source><address type='pci' domain='0' bus='${bus}' slot='0' function='0'/></source></interface>`;
const driven = (driver: string): string =>
  pciHostdev("0000:02:00.0").replace("<source>", `<driver name='${driver}'/><source>`);
const unassigned = pciHostdev("0000:02:00.0").replace(
  "</hostdev>",
  "<address type='unassigned'/></hostdev>",
);

/** Domains by name: their devices. */
const DOMAINS: Readonly<Record<string, string>> = {
  group: pciHostdev("0000:01:00.0") + pciHostdev("0000:01:00.1"),
  half: pciHostdev("0000:01:00.1"),
  unmanaged: pciHostdev("0000:02:00.0", "no"),
  bridge: pciHostdev("0000:05:00.0"),
  twice: pciHostdev("0000:02:00.0") + pciHostdev("0000:02:00.0"),
  card: nic(2),
  cardTwice: nic(2) + pciHostdev("0000:02:00.0"),
  noCard: nic(9),
  kvm: driven("kvm"),
  xen: driven("xen"),
  unassigned,
  mixed: usb(KEYBOARD) + scsi(3) + mdev(UUID),
  keyboard: usb(KEYBOARD),
  sticks: usb(STICK),
  anyStick: usb(STICK, OPTIONAL),
  stick: usb(STICK + at(2, 3)),
  moved: usb(MOUSE + at(1, 9)),
  movedOptional: usb(MOUSE + at(1, 9), OPTIONAL),
  placed: usb(at(1, 11)),
  missing: usb(NONE),
  requisite: usb(NONE, " startupPolicy='requisite'"),
  optional: usb(NONE, OPTIONAL),
  noPlace: usb(at(1, 9)),
  tape: scsi(3),
  tapeShared: scsi(3, SHARED),
  shared: scsi(4, SHARED),
  sharedToo: scsi(4, SHARED),
  notShared: scsi(4),
  noTape: scsi(9),
  noAdapter: scsi(3, "", "scsi_hostx"),
  mdev: mdev(UUID),
  noMdev: mdev("c60cc60c-c60c-460c-860c-c60cc60cc600"),
  ap: mdev(UUID, "vfio-ap"),
  ccw: mdev(UUID, "vfio-ccw"),
  display: mdev(UUID, "vfio-pci", " display='on'"),
  vhost: VHOST,
  vhostToo: VHOST,
  plain: "",
};

const PARTS: Files = {
  pci: pciHostdev("0000:06:00.0"),
  pciHeld: pciHostdev("0000:01:00.0"),
  pciUnmanaged: pciHostdev("0000:06:00.0", "no"),
  keyboardPart: usb(KEYBOARD),
  mousePart: usb(MOUSE),
  stickPart: usb(STICK),
  missingPart: usb(NONE),
  scsiPart: scsi(3),
  sharedPart: scsi(4, SHARED),
  mdevPart: mdev(UUID),
  vhostPart: VHOST,
  cardPart: nic(2),
};

const runs = (name: string): readonly string[] => [
  `start ${name}`,
  `dumpxml ${name} --xpath //hostdev`,
];
const DEVICE = "pci_0000_02_00_0";
const HELD = "pci_0000_01_00_0";

const COMMANDS: readonly string[] = [
  ...Object.keys(DOMAINS).map((name) => `define @${name}`),
  ...runs("group"),
  ...["half", "unmanaged", "bridge", "card", "noCard", "kvm", "xen"].map((one) => `start ${one}`),
  ...["detach", "reset", "reattach"].map((verb) => `nodedev-${verb} ${HELD}`),
  `nodedev-detach ${DEVICE} --driver xen`,
  `nodedev-detach ${DEVICE}`,
  `nodedev-detach ${DEVICE}`,
  ...runs("unmanaged"),
  "destroy unmanaged",
  `nodedev-reattach ${DEVICE}`,
  ...runs("unassigned"),
  "destroy unassigned",
  `nodedev-reset pci_0000_05_00_0`,
  ...runs("mixed"),
  ...["keyboard", "sticks", "anyStick", "moved", "missing", "requisite", "noPlace"].map(
    (one) => `start ${one}`,
  ),
  ...["stick", "movedOptional", "placed", "optional", "shared"].flatMap(runs),
  ...["tape", "tapeShared", "sharedToo", "notShared", "noTape", "noAdapter"].map(
    (one) => `start ${one}`,
  ),
  ...["mdev", "noMdev", "vhost", "vhostToo"].map((one) => `start ${one}`),
  "start plain",
  ...Object.keys(PARTS).map((part) => `attach-device plain @${part} --live`),
  "attach-device plain @pci --live",
  "dumpxml plain --xpath //hostdev",
  "nodedev-reattach pci_0000_06_00_0",
  "detach-device plain @mousePart --live",
  "detach-device plain @mousePart --live",
  "detach-device plain @keyboardPart --live",
  "detach-device-alias plain hostdev9 --live",
  "attach-device plain @mousePart --config",
  "attach-device plain @mousePart --config",
  "detach-device plain @mousePart --config",
  "detach-device plain @mousePart --config",
  "destroy plain",
  "destroy mixed",
  ...runs("keyboard"),
  "destroy group",
];

async function answers(host: AssignedHost) {
  const domains = Object.entries(DOMAINS).map(([name, devices]): [string, string] => [
    name,
    host.domain(name, devices),
  ]);
  const files = { ...Object.fromEntries(domains), ...PARTS };
  const place = { files, directory: host.kernel.root };
  return { told: await transcript(host.daemon.uri, COMMANDS, place), writes: host.kernel.writes };
}

test("devices of the host go to guests as with libvirt", {
  skip: Libvirtd.missing() ?? EmulatedKernel.missing() ?? false,
}, async (t) => {
  const hosts = await Promise.all([AssignedHost.libvirtd(hardware), AssignedHost.vireod(hardware)]);
  t.after(() => Promise.all(hosts.map((host) => host.cleanUp())));
  const [wanted, got] = await Promise.all([answers(hosts[0]), answers(hosts[1])]);
  for (const [index, { command, answer }] of got.told.entries())
    await t.test(`${index} ${command}`, () =>
      assert.equal(answer, wanted.told[index]?.answer ?? ""),
    );
  await t.test("what is written to sysfs", () => assert.deepEqual(got.writes, wanted.writes));
});

/** Devices attached, changed and detached by virsh, on the real libvirtd and on vireod: the same answers. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { transcript, type Files } from "./transcript.ts";

const directory = mkdtempSync(join(tmpdir(), "vireo-devices-"));
const image = (name: string): string => {
  const path = join(directory, name);
  writeFileSync(path, Buffer.alloc(1024 * 1024));
  return path;
};
const [A, B, C, D] = [image("a.img"), image("b.img"), image("c.img"), image("d.img")];

const BASE = `<domain type='qemu'>
  <name>one</name>
  <uuid>0f0e0d0c-0b0a-4908-8706-050403020101</uuid>
  <maxMemory slots='4' unit='MiB'>256</maxMemory>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>
  <features><acpi/></features>
  <cpu mode='custom' match='exact'><model>qemu64</model><numa><cell id='0' cpus='0' memory='65536'/></numa></cpu>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${A}'/><target dev='vda' bus='virtio'/></disk>
    <disk type='file' device='cdrom'><driver name='qemu' type='raw'/><target dev='hdc' bus='ide'/><readonly/></disk>
    <disk type='file' device='floppy'><driver name='qemu' type='raw'/><source file='${C}'/><target dev='fda' bus='fdc'/></disk>
    <controller type='usb' index='0' model='piix3-uhci'/>
    <controller type='virtio-serial' index='0'/>
    <interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>
    <serial type='pty'/>
    <graphics type='vnc' autoport='yes' passwd='old'/>
    <memballoon model='virtio'/>
  </devices>
</domain>`;

const disk = (dev: string, bus: string, file: string, more = ""): string =>
  `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${file}'/><target dev='${dev}' bus='${bus}'/>${more}</disk>`;

const nic = (more: string, type = "user"): string =>
  `<interface type='${type}'><mac address='52:54:00:00:00:01'/><model type='virtio'/>${more}</interface>`;
const hostdev = (type: string, source: string): string =>
  `<hostdev mode='subsystem' type='${type}' ${type === "mdev" ? "model='vfio-pci'" : ""}><source>${source}</source></hostdev>`;

const FILES: Files = {
  one: BASE,
  scsi: disk("sdb", "scsi", B),
  usb: disk("sdc", "usb", B, "<shareable/>"),
  vdb: disk("vdb", "virtio", B, "<shareable/>"),
  none: disk("vdc", "virtio", join(directory, "none.img")),
  ide: disk("hda", "ide", B),
  vdaOther: disk("vda", "virtio", B),
  vdaSame: disk("vda", "virtio", A),
  noTarget: disk("vdz", "virtio", B),
  cdrom: `<disk type='file' device='cdrom'><source file='${D}'/><target dev='hdc' bus='ide'/><readonly/></disk>`,
  cdromEmpty: `<disk type='file' device='cdrom'><target dev='hdc' bus='ide'/><readonly/></disk>`,
  cdromNew: `<disk type='file' device='cdrom'><source file='${B}'/><target dev='hdd' bus='ide'/><readonly/></disk>`,
  nic: `<interface type='user'><mac address='52:54:00:00:00:02'/><model type='e1000'/></interface>`,
  nicDown: `<interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/><link state='down'/></interface>`,
  nicModel: `<interface type='user'><mac address='52:54:00:00:00:01'/><model type='e1000'/></interface>`,
  nicBridge: `<interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='nosuch0'/><model type='virtio'/></interface>`,
  nicNoBridge: `<interface type='bridge'><mac address='52:54:00:00:00:03'/><source bridge='nosuch0'/><model type='virtio'/></interface>`,
  nicNoNetwork: `<interface type='network'><mac address='52:54:00:00:00:04'/><source network='nosuch'/><model type='virtio'/></interface>`,
  nicUnknown: `<interface type='user'><mac address='52:54:00:00:00:99'/></interface>`,
  rng: `<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>`,
  channel: `<channel type='unix'><target type='virtio' name='org.example.0'/></channel>`,
  channelFile: `<channel type='file'><source path='${join(directory, "chan.log")}'/><target type='virtio' name='org.example.1'/></channel>`,
  channelPty: `<channel type='pty'><target type='virtio' name='org.example.2'/></channel>`,
  console: `<console type='pty'><target type='virtio'/></console>`,
  serial: `<serial type='pty'><target type='isa-serial' port='1'/></serial>`,
  parallel: `<parallel type='pty'/>`,
  watchdog: `<watchdog model='i6300esb' action='none'/>`,
  input: `<input type='tablet' bus='usb'/>`,
  inputPs2: `<input type='mouse' bus='ps2'/>`,
  dimm: `<memory model='dimm'><target><size unit='MiB'>64</size><node>0</node></target></memory>`,
  virtioMem: `<memory model='virtio-mem'><target><size unit='MiB'>64</size><node>0</node><block unit='MiB'>2</block><requested unit='MiB'>16</requested></target></memory>`,
  shmem: `<shmem name='shm0'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>`,
  redirdev: `<redirdev bus='usb' type='tcp'><source mode='connect' host='127.0.0.1' service='9'/></redirdev>`,
  controllerScsi: `<controller type='scsi' model='virtio-scsi' index='3'/>`,
  controllerUsb: `<controller type='usb' model='nec-xhci' index='1'/>`,
  lease: `<lease><lockspace>area</lockspace><key>mine</key><target path='${C}'/></lease>`,
  sound: `<sound model='ac97'/>`,
  graphics: `<graphics type='vnc' passwd='new'/>`,
  graphicsListen: `<graphics type='vnc' listen='127.0.0.2'/>`,
  graphicsSpice: `<graphics type='spice'/>`,
  vsock: `<vsock model='virtio'><cid auto='no' address='5'/></vsock>`,
  balloon: `<memballoon model='virtio'/>`,
  hub: `<hub type='usb'/>`,
  panic: `<panic model='isa'/>`,
  fs: `<filesystem type='mount'><source dir='${directory}'/><target dir='tag'/></filesystem>`,
  unknown: `<nosuch/>`,
  channelNoName: `<channel type='unix'><target type='virtio'/></channel>`,
  channelPath: `<channel type='unix'><source mode='bind' path='${join(directory, "chan")}'/><target type='virtio' name='org.example.0'/></channel>`,
  console1: `<console type='pty'><target type='virtio' port='1'/></console>`,
  consoleSerial: `<console type='pty'><target type='serial'/></console>`,
  serialPlain: `<serial type='pty'/>`,
  serialFirst: `<serial type='pty'><target port='0'/></serial>`,
  nicMtu: nic("<mtu size='1400'/>"),
  nicRom: nic("<rom bar='off'/>"),
  nicTarget: nic("<target dev='mine'/>"),
  nicBandwidth: nic("<bandwidth><inbound average='100'/></bandwidth>"),
  nicCoalesce: nic("<coalesce><rx><frames max='3'/></rx></coalesce>"),
  nicDriver: nic("<driver name='vhost' queues='2'/>"),
  nicBoot: nic("<boot order='1'/>"),
  nicTune: nic("<tune><sndbuf>7</sndbuf></tune>"),
  nicAlias: nic("<alias name='ua-mine'/>"),
  nicAddress: nic("<address type='pci' domain='0' bus='0' slot='0x1f' function='0'/>"),
  nicEthernet: nic("", "ethernet"),
  nicNetwork: nic("<source network='nosuch'/>", "network"),
  nicNoModel: `<interface type='user'><mac address='52:54:00:00:00:01'/></interface>`,
  hostUsb: hostdev("usb", "<vendor id='0x1234'/><product id='0xbeef'/>"),
  hostUsbPlace: hostdev("usb", "<address bus='250' device='250'/>"),
  hostPci: hostdev("pci", "<address domain='0' bus='0xfe' slot='0x1f' function='7'/>"),
  hostScsi: hostdev("scsi", "<adapter name='scsi_host99'/><address bus='0' target='0' unit='0'/>"),
  hostMdev: hostdev("mdev", "<address uuid='0f0e0d0c-0b0a-4908-8706-050403020199'/>"),
  video: `<video><model type='virtio'/></video>`,
  videoVga: `<video><model type='vga'/></video>`,
  iommu: `<iommu model='intel'/>`,
  nvram: `<nvram/>`,
  audio: `<audio id='1' type='none'/>`,
  vncNone: `<graphics type='vnc'><listen type='none'/></graphics>`,
  vncHere: `<graphics type='vnc' autoport='yes' passwd='new' listen='127.0.0.1'/>`,
  vncAuto: `<graphics type='vnc' autoport='yes'/>`,
};

/** One of every kind. */
const FIRST = Object.keys(FILES).slice(1, Object.keys(FILES).indexOf("unknown") + 1);

/** What libvirt refuses, and in which words: of the host's devices, lines, cards and displays. */
const named = (pattern: RegExp): readonly string[] =>
  Object.keys(FILES).filter((name) => pattern.test(name));
const each = (verb: string, names: readonly string[], where: string): readonly string[] =>
  names.map((name) => `${verb} one @${name} --${where}`);
const REFUSED = ["live", "config"].flatMap((where) => [
  "define @one",
  where === "live" ? "start one --paused" : "dominfo one",
  ...each("attach-device", named(/^(host|video|iommu|nvram|audio|channel|console|serial)/), where),
  ...each(
    "update-device",
    named(/^(nic(?!Unknown|Bridge)|vnc|host|video|console|channel|cdrom)/),
    where,
  ),
  `change-media one hdc ${D} --update --force --${where}`,
  `change-media one hdc ${join(directory, "none.img")} --update --${where}`,
  `change-media one hdc --eject --${where}`,
  ...each("detach-device", named(/^(host|video|iommu|nvram|audio|channel|serial)/), where),
  ...(where === "live" ? each("detach-device", named(/^console/), where) : []),
  "dumpxml one",
  where === "live" ? "destroy one" : "undefine one",
]);

/** What is attached while the guest runs; the definition stays as it was. */
const LIVE = [
  "define @one",
  "start one --paused",
  ...FIRST.flatMap((name) =>
    /^(vda|cdrom|nicDown|nicModel|nicBridge|nicUnknown|noTarget|graphics)/.test(name)
      ? []
      : [`attach-device one @${name} --live`],
  ),
  "dumpxml one",
  "attach-device one @vdb --live",
  "attach-device one @vdaOther --live",
  "update-device one @vdaOther --live",
  "update-device one @vdaSame --live",
  "update-device one @noTarget --live",
  "update-device one @cdrom --live",
  "update-device one @cdrom --live",
  "update-device one @cdromEmpty --live",
  "attach-device one @cdrom --live",
  "change-media one hdc --eject --live",
  `change-media one hdc ${D} --insert --live`,
  `change-media one hdc ${D} --insert --live`,
  "change-media one fda --eject --live",
  "change-media one hdx --eject",
  "attach-device one @cdromNew --live",
  "update-device one @nicDown --live",
  "domif-getlink one 52:54:00:00:00:01",
  "domif-setlink one 52:54:00:00:00:01 up",
  "domif-getlink one 52:54:00:00:00:01",
  "domif-getlink one 52:54:00:00:00:77",
  "update-device one @nicModel --live",
  "update-device one @nicBridge --live",
  "update-device one @nicUnknown --live",
  "update-device one @graphics --live",
  "update-device one @graphicsListen --live",
  "update-device one @graphicsSpice --live",
  "update-device one @rng --live",
  "update-device one @watchdog --live",
  "update-device one @sound --live",
  "update-device one @sound --config",
  "attach-device one @graphics --live",
  "attach-device one @graphics --config",
  "domblklist one",
  "domiflist one",
  "dumpxml one",
  "dumpxml one --inactive",
];
const DETACH = [
  ...[
    "usb",
    "rng",
    "channelFile",
    "input",
    "serial",
    "lease",
    "controllerUsb",
    "sound",
    "ide",
    "cdrom",
    "nicUnknown",
    "noTarget",
    "vsock",
    "panic",
  ].map((name) => `detach-device one @${name} --live`),
  "detach-device-alias one nosuch --live",
  "detach-device-alias one channel2 --live",
  "detach-disk one sdc --live",
  "detach-disk one vdx --live",
  "detach-disk one vda --config",
  "detach-interface one user --mac 52:54:00:00:00:55",
  "dumpxml one",
];
const CONFIG = [
  "destroy one",
  ...FIRST.map((name) => `attach-device one @${name} --config`),
  "dumpxml one",
  "update-memory-device one --alias nosuch --requested-size 32M --config",
  "update-memory-device one --requested-size 32768 --config --node 0",
  "attach-device one @vdb --live",
  "update-device one @vdaOther --config",
  "update-device one @nicDown --config",
  "update-device one @graphics --config",
  "update-device one @cdrom --config",
  "dumpxml one",
  ...[
    "scsi",
    "usb",
    "nic",
    "rng",
    "watchdog",
    "dimm",
    "virtioMem",
    "shmem",
    "lease",
    "sound",
    "vsock",
    "panic",
    "hub",
    "balloon",
    "noTarget",
    "nicUnknown",
    "controllerScsi",
    "input",
    "serial",
  ].map((name) => `detach-device one @${name} --config`),
  "dumpxml one",
  "undefine one",
];

/** What is different in XML of a running domain for reasons that are no matter of devices. */
const KNOWN: readonly RegExp[] = [
  /^ {2}<resource>\n[\s\S]*?<\/resource>\n/m, // guests are put into no cgroup yet
  /^ {2}<seclabel [\s\S]*?<\/seclabel>\n/m, // guests run as vireod's user, without a label
  /^ {6}<backingStore\/>\n/gm, // the end of a chain that nobody looked for
  /^ {6}<driver name='qemu'(?: type='raw')?\/>\n/gm, // an empty drive keeps the format it had
  / (?:port='59\d\d'|tty='\/dev\/pts\/N')/g, // chosen by the daemon
  /^ {6}<source index='\d+'\/>\n/gm, // libvirt also numbers the image that is not there
  / index='\d+'/g, // numbers that failed tries used up are lost in libvirt
  /mode='bind' path='[^']*'/g, // each has its own directory
];
const comparable = (answer: string | undefined): string | undefined =>
  KNOWN.reduce((text, pattern) => text?.replace(pattern, ""), answer);

test("virsh says the same of devices that come, change and go", async (t) => {
  const missing = Libvirtd.missing();
  if (missing !== undefined) return t.skip(missing);
  const [libvirtd, vireod] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(async () => {
    await Promise.all([libvirtd.cleanUp(), vireod.cleanUp()]);
    rmSync(directory, { recursive: true });
  });
  const place = { files: FILES, directory };
  const commands = [...LIVE, ...DETACH, ...CONFIG, ...REFUSED];
  const expected = await transcript(libvirtd.uri, commands, place);
  const actual = await transcript(vireod.uri, commands, place);
  for (const [index, { command, answer }] of actual.entries())
    await t.test(`${index} ${command}`, () =>
      assert.equal(comparable(answer), comparable(expected[index]?.answer)),
    );
});

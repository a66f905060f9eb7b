/** What cannot be made, defined or had of devices, of a host that has none of its own here: libvirt's words. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Files, transcript } from "../client/transcript.ts";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { virshOk } from "../harness/virsh.ts";
import { hostTreeText, writeHostTree } from "./host-tree.ts";

const UUID = "c60cc60c-c60c-460c-860c-c60cc60cc60c";
const THERE = "mdev_3627463d_b7f0_4fea_b468_f1da537d301b_0000_00_02_0";
const mdev = (inside: string, parent = "<parent>pci_0000_00_02_0</parent>"): string =>
  `<device>${parent}<capability type='mdev'>${inside}</capability></device>`;
const port = (parent: string, fc = "<capability type='fc_host'/>"): string =>
  `<device>${parent}<capability type='scsi_host'>${fc}</capability></device>`;

const FILES: Files = {
  notype: mdev(`<uuid>${UUID}</uuid>`),
  noid: mdev(`<type/><uuid>${UUID}</uuid>`),
  noparent: mdev("<type id='a'/>", "<parent>pci_9999_00_02_0</parent>"),
  parentless: mdev("<type id='a'/>", ""),
  baduuid: mdev("<type id='a'/><uuid>zz</uuid>"),
  nocap: "<device><name>x</name></device>",
  badcap: "<device><name>x</name><capability type='bogus'/></device>",
  pci: "<device><name>x</name><capability type='pci'><domain>0</domain><bus>0</bus><slot>2</slot><function>0</function><product id='0x1'/><vendor id='0x1'/></capability></device>",
  root: "<dev/>",
  hostonly: port("<parent>scsi_host5</parent>", "<host>9</host>"),
  incapable: port("<parent>scsi_host6</parent>"),
  nowhere: port("<parent>scsi_host99</parent>"),
  halfparent: port("<parent wwnn='2001001b32a9da4e'/>"),
};
const COMMANDS = [
  ...Object.keys(FILES).flatMap((name) => [`nodedev-define @${name}`, `nodedev-create @${name}`]),
  "nodedev-destroy pci_0000_00_02_0",
  ...["undefine", "start", "autostart", "info"].map((verb) => `nodedev-${verb} ${THERE}`),
  "nodedev-dumpxml 2001001b32a9da4e,2101001b32a9da4e",
  "nodedev-dumpxml 2001,33",
  "nodedev-info scsi_host7",
  ...["start", "autostart", "undefine"].map((verb) => `nodedev-${verb} pci_0000_10_00_0`),
  "nodedev-detach pci_0000_00_02_0 --driver foo",
  "nodedev-event --list",
  "nodedev-event --event bogus",
];

test("node devices: what cannot be made is refused in libvirt's words", {
  skip: Libvirtd.missing() ?? false,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-words-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const places = { sys: join(directory, "sys"), udev: join(directory, "udev") };
  for (const name of ["mdev", "fibre-channel"]) writeHostTree(places, hostTreeText(name));
  const real = await Libvirtd.started({ deviceRoot: directory });
  t.after(() => real.cleanUp());
  const ours = new Vireod(undefined, [], { VIREO_DEVICES: directory });
  t.after(() => ours.cleanUp());
  await ours.start();
  const wanted = await transcript(real.uri, COMMANDS, { files: FILES, directory });
  const got = await transcript(ours.uri, COMMANDS, { files: FILES, directory });
  for (const [at, { command, answer }] of got.entries())
    await t.test(command, () => assert.equal(answer, wanted[at]?.answer));
});

test("node devices: definitions of mediated devices come and go, with and without a type's parent", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-mdev-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const places = { sys: join(directory, "sys"), udev: join(directory, "udev") };
  for (const name of ["mdev", "s390"]) writeHostTree(places, hostTreeText(name));
  const ours = new Vireod(undefined, [], { VIREO_DEVICES: directory });
  t.after(() => ours.cleanUp());
  await ours.start();
  for (const [parent, address] of [
    ["pci_0000_00_02_0", "0000:00:02.0"],
    ["css_0_0_0002", "0.0.0002"],
    ["ap_matrix", "matrix"],
  ]) {
    const files = { one: mdev(`<type id='a'/><uuid>${UUID}</uuid>`, `<parent>${parent}</parent>`) };
    await transcript(ours.uri, ["nodedev-define @one"], { files, directory });
    const name = `mdev_${UUID}_${address}`.replace(/[^\w]/g, "_");
    assert.equal(await virshOk(ours.uri, "nodedev-list", "--inactive"), name);
    const xml = await virshOk(ours.uri, "nodedev-dumpxml", name);
    assert.match(xml, new RegExp(`<parent>${parent}</parent>[^]*<parent_addr>${address}<`));
    await virshOk(ours.uri, "nodedev-autostart", name);
    assert.match(
      await virshOk(ours.uri, "nodedev-info", name),
      /Persistent: +yes\nAutostart: +yes/,
    );
    await virshOk(ours.uri, "nodedev-undefine", name);
    assert.equal(await virshOk(ours.uri, "nodedev-list", "--inactive"), "");
  }
});

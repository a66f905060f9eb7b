/** The same snapshot commands on the real libvirtd and on vireod: the same answers, errors included. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { transcript, type Exchange, type Files } from "./transcript.ts";

const COMMANDS = `define @one
define @raw
snapshot-list one
snapshot-current one
snapshot-create-as one
snapshot-create-as one s1 --description first
snapshot-create-as one s1
snapshot-create-as one a/b
snapshot-create-as one .x
snapshot-create-as one s2 --halt
snapshot-create-as one x --quiesce
snapshot-create-as one x --live
snapshot-create-as one x --memspec /tmp/nope
snapshot-create-as one x --diskspec vdz
snapshot-create-as one x --diskspec vda --diskspec vda
snapshot-create-as one x --diskspec vda,snapshot=external --diskspec vdb,snapshot=internal
snapshot-create-as one x --diskspec vda,snapshot=no --diskspec vdb,snapshot=no
snapshot-create-as raw x
snapshot-info one s1
snapshot-info one nope
snapshot-parent one s2
snapshot-parent one s1
snapshot-list one --tree
snapshot-list one --leaves --name
snapshot-list one --no-leaves --name
snapshot-list one --no-metadata
snapshot-list one --from s1 --name
snapshot-list one --active
snapshot-list one --inactive --name
snapshot-list one --external
snapshot-current one --name
snapshot-current one s1
snapshot-current one --name
snapshot-revert one nope
snapshot-revert one s2 --running --paused
snapshot-dumpxml one s1
snapshot-create one @redefined
snapshot-create one @redefined --redefine
snapshot-create one @nameless --redefine
snapshot-create one @badMemory
snapshot-create one @notXml
snapshot-delete one nope
snapshot-delete one s2 --children-only
snapshot-delete one s2 --metadata
undefine one
list --all --with-snapshot --name
list --all --without-snapshot --name
start one
snapshot-create-as one live1
domstate one --reason
snapshot-create-as one live2 --disk-only --diskspec vda,snapshot=internal
snapshot-create-as one live2 --disk-only
snapshot-info one live2
snapshot-list one --name
domblklist one
domstate one --reason
snapshot-revert one live1
domstate one --reason
snapshot-revert one s1
domstate one --reason`.split("\n");

const redefinition = (inside: string): string =>
  `<domainsnapshot>${inside}<state>shutoff</state><creationTime>5</creationTime></domainsnapshot>`;

function filesIn(directory: string): Files {
  const image = (name: string, format: string): string => {
    const path = join(directory, name);
    execFileSync("qemu-img", ["create", "-q", "-f", format, path, "8M"]);
    return path;
  };
  const disk = (path: string, target: string, format: string): string =>
    `<disk type='file'><driver name='qemu' type='${format}'/><source file='${path}'/>
    <target dev='${target}' bus='virtio'/></disk>`;
  const domain = (name: string, last: string, disks: string): string =>
    `<domain type='qemu'><name>${name}</name><uuid>0f0e0d0c-0b0a-4908-8706-05040302010${last}</uuid>
    <memory unit='MiB'>32</memory><os><type arch='x86_64' machine='pc'>hvm</type></os>
    <devices>${disks}<memballoon model='none'/></devices></domain>`;
  const two = disk(image("a.qcow2", "qcow2"), "vda", "qcow2");
  return {
    one: domain("one", "1", two + disk(image("b.qcow2", "qcow2"), "vdb", "qcow2")),
    raw: domain("raw", "2", disk(image("r.img", "raw"), "vda", "raw")),
    redefined: redefinition("<name>re</name><parent><name>nope</name></parent>"),
    nameless: redefinition(""),
    badMemory: "<domainsnapshot><memory snapshot='internal' file='/x'/></domainsnapshot>",
    notXml: "<domainsnap",
  };
}

/** Times are a run's own; so are the words of an XML parser. */
const settled = ({ command, answer }: Exchange): string =>
  `${command}\n${answer}`
    .replace(/\d{10}/g, "TIME")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+/g, "DATE")
    .replace(/(\(domain_snapshot\):\d+): [^]*$/, "$1: WORDS");

test("snapshots: virsh says the same on both", {
  skip: Libvirtd.missing() ?? false,
  timeout: 180_000,
}, async (t) => {
  const [theirs, ours] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(() => Promise.all([theirs.cleanUp(), ours.cleanUp()]));
  const said = [];
  for (const { uri } of [theirs, ours]) {
    const directory = mkdtempSync(join(tmpdir(), "vireo-snapshots-"));
    t.after(() => rmSync(directory, { recursive: true }));
    chmodSync(directory, 0o755);
    const exchanges = await transcript(uri, COMMANDS, { files: filesIn(directory), directory });
    said.push(exchanges.map((one) => settled(one).replaceAll(directory, "DIR")));
  }
  assert.deepEqual(said[1], said[0]);
});

/** virsh's commands about CPUs on the real libvirtd and on vireod: the same answers, errors included. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { transcript, type Files } from "./transcript.ts";

const hostCpu = (model: string, vendor: string, ...features: readonly string[]): string =>
  `<cpu><arch>x86_64</arch><model>${model}</model><vendor>${vendor}</vendor>${features
    .map((name) => `<feature name='${name}'/>`)
    .join("")}</cpu>`;
const domain = (cpu: string): string =>
  `<domain type='qemu'><name>cpus</name><memory>16384</memory><os><type arch='x86_64' machine='pc'>hvm</type></os>${cpu}</domain>`;

const CPUS: Files = {
  guest: "<cpu><model>Penryn</model></cpu>",
  strict: "<cpu match='strict'><model>qemu64</model></cpu>",
  hostModel: "<cpu mode='host-model'/>",
  foreign: "<cpu><arch>ppc64</arch><model>POWER8</model></cpu>",
  noModel: "<cpu><arch>x86_64</arch></cpu>",
  bareFeatures: "<cpu><feature name='sse'/></cpu>",
  badModel: "<cpu><model>NoSuch</model></cpu>",
  badFeature: hostCpu("Penryn", "Intel", "nosuch"),
  epyc: hostCpu("EPYC", "AMD", "vmx", "invtsc"),
  two: hostCpu("EPYC-Milan", "AMD") + hostCpu("EPYC", "AMD", "x2apic"),
  intel: hostCpu("Cascadelake-Server", "Intel") + hostCpu("Haswell", "Intel", "invtsc"),
  makers: hostCpu("EPYC-Milan", "AMD") + hostCpu("Penryn", "Intel"),
};
const DOMAINS: Files = {
  domainHostModel: domain("<cpu mode='host-model'/>"),
  domainPassthrough: domain("<cpu mode='host-passthrough'/>"),
  domainTooMuch: domain("<cpu check='partial'><model>Icelake-Server</model></cpu>"),
  domainOptional: domain(
    "<cpu match='minimum'><model>Penryn</model><feature policy='disable' name='aes'/></cpu>",
  ),
};

/** Only x86 CPUs have a map here. */
const isComparable = (name: string, command: string): boolean =>
  !(name === "foreign" && command.includes("baseline"));

const COMMANDS = [
  ...Object.keys(CPUS).flatMap((name) =>
    [
      "cpu-compare",
      "cpu-compare --error",
      "hypervisor-cpu-compare --virttype qemu",
      "hypervisor-cpu-compare --virttype qemu --error",
      "cpu-baseline",
      "cpu-baseline --features",
      "cpu-baseline --migratable",
      "hypervisor-cpu-baseline --virttype qemu",
      "hypervisor-cpu-baseline --virttype qemu --features",
    ]
      .filter((command) => isComparable(name, command))
      .map((command) => `${command} @${name}`),
  ),
  ...["x86_64", "i686", "s390x", "aarch64", "sparc", "nosuch"].map((arch) => `cpu-models ${arch}`),
  "hypervisor-cpu-compare --virttype qemu --arch ppc64 @guest",
  "hypervisor-cpu-compare --virttype nosuch @guest",
  "hypervisor-cpu-compare --virttype qemu --machine nosuch @guest",
  "hypervisor-cpu-compare --virttype qemu --emulator /nosuch @guest",
  "domcapabilities --virttype qemu",
  "domcapabilities --virttype qemu --machine q35",
  ...Object.keys(DOMAINS).map((name) => `domxml-to-native qemu-argv @${name}`),
  "domxml-to-native nosuch @domainHostModel",
  "domxml-from-native qemu-argv @domainHostModel",
];

/** A command line names places and ids of its own run. */
const comparable = (answer: string): string =>
  answer
    .replaceAll(/(?<==)\S*\/(?=domain--1-cpus)/g, "PLACE/")
    .replaceAll(/(?<="file":")[^"]*\/(?=domain--1-cpus)/g, "PLACE/")
    .replaceAll(/(?<=-uuid )\S+/g, "UUID")
    .replace(/PATH=\S+/, "PATH=P");

test("virsh: CPUs are compared, joined and given to guests as libvirtd does it", {
  skip: Libvirtd.missing() ?? (existsSync("/usr/share/libvirt/cpu_map") ? false : "no CPU map"),
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-cpu-"));
  const [libvirtd, vireod] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(async () => {
    await Promise.all([libvirtd.cleanUp(), vireod.cleanUp()]);
    rmSync(directory, { recursive: true });
  });
  const place = { files: { ...CPUS, ...DOMAINS }, directory };
  const theirs = await transcript(libvirtd.uri, COMMANDS, place);
  const ours = await transcript(vireod.uri, COMMANDS, place);
  for (const [at, { command, answer }] of theirs.entries())
    assert.equal(comparable(ours[at]?.answer ?? ""), comparable(answer), command);
});

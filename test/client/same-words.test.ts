/** The same virsh commands on the real libvirtd and on vireod: the same answers, errors included. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { emptyXml } from "../harness/domain-xml.ts";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { transcript, type Files } from "./transcript.ts";

const uuidOf = (last: string): string => `0f0e0d0c-0b0a-4908-8706-05040302010${last}`;
const withUuid = (name: string, last: string): string =>
  emptyXml(name).replace("</name>", `</name>\n  <uuid>${uuidOf(last)}</uuid>`);

const ONE = withUuid("one", "1");
const FILES: Files = {
  one: ONE,
  two: withUuid("two", "2"),
  fleeting: withUuid("fleeting", "3"),
  sameName: withUuid("one", "4"),
  sameUuid: withUuid("other", "1"),
  notClosed: ONE.replace("</memory>", "</memor>"),
  cut: ONE.slice(0, 120),
  noName: ONE.replace(/<name>.*<\/name>/, ""),
  noMemory: ONE.replace(/<memory.*<\/memory>/, ""),
  badMemory: ONE.replace(">16<", ">much<"),
  badType: ONE.replace("type='qemu'", "type='nosuch'"),
  badArch: ONE.replace("arch='x86_64'", "arch='nosuch'"),
  badUuid: ONE.replace(uuidOf("1"), "0f0e-1"),
  slashName: ONE.replace("<name>one<", "<name>o/ne<"),
  noOs: ONE.replace(/<os>.*<\/os>/, ""),
  notDomain: "<network><name>one</name></network>",
  empty: "",
};

const UNKNOWN = (
  "dominfo start destroy suspend resume shutdown reboot reset domstate dumpxml undefine autostart " +
  "domuuid domid domcontrol console vcpucount domtime"
)
  .split(" ")
  .map((command) => `${command} nosuch`);

const BAD_XML = Object.keys(FILES)
  .slice(5)
  .flatMap((name) => [`define @${name}`, `create @${name}`]);

const LIFE = [
  "list --all",
  "define @one",
  "define @one",
  "define @sameName",
  "define @sameUuid",
  "create @sameName",
  "create @sameUuid",
  "list --all",
  "dominfo one",
  "domstate one --reason",
  "domid one",
  "vcpucount one",
  "destroy one",
  "suspend one",
  "resume one",
  "shutdown one",
  "reboot one",
  "reset one",
  "domcontrol one",
  "start one --paused",
  "start one",
  "list",
  "domid one",
  "domname 1",
  "domname 99",
  `domname ${uuidOf("1")}`,
  `domname ${uuidOf("9")}`,
  "domstate one --reason",
  "domcontrol one",
  "resume one",
  "resume one",
  "domstate one --reason",
  "suspend one",
  "suspend one",
  "define @two",
  "domrename one two",
  "domrename two one",
  "domrename two two",
  "domrename two three",
  "domrename three two",
  "autostart two",
  "autostart two",
  "list --all --autostart",
  "list --all --name",
  "list --all --uuid",
  "list --inactive",
  "list --state-paused",
  "list --persistent --all --table --title",
  "create @fleeting --paused",
  "create @fleeting",
  "autostart fleeting",
  "undefine fleeting",
  "domrename fleeting gone",
  "define @fleeting",
  "undefine fleeting",
  "destroy fleeting",
  "dominfo fleeting",
  "desc two",
  "desc two --config --new-desc Words",
  "desc two",
  "desc one --live --new-desc Alive",
  "desc one --title --new-desc Heading",
  "metadata two --uri urn:a",
  "metadata two --uri urn:a --set <b/>",
  "metadata two --uri urn:a --key k --set <b/>",
  "metadata two --uri urn:a",
  "metadata two --uri urn:a --remove",
  "metadata two --uri urn:a --remove",
  "undefine one",
  "list --all",
  "destroy one --graceful",
  "destroy one",
  "undefine two",
  "undefine two",
  "list --all",
];

const XML = [
  "define @one",
  "dumpxml one",
  "dumpxml one --inactive",
  "dumpxml one --migratable",
  "dumpxml one --security-info",
  "start one --paused",
  "dumpxml one",
  "dumpxml one --inactive",
  "dumpxml one --migratable",
  "destroy one",
  "undefine one",
];

/** What libvirtd's XML of a running domain has and ours has not yet, with the reason. */
const KNOWN_DIFFERENCES: readonly (readonly [RegExp, string])[] = [
  [/^ {2}<resource>\n[\s\S]*?<\/resource>\n/m, "guests are put into no cgroup yet"],
  [/^ {2}<seclabel [\s\S]*?<\/seclabel>\n/m, "guests run as vireod's user, without a label"],
  [/^ {2}<cpu [\s\S]*?<\/cpu>\n/m, "the migratable form names the CPU that QEMU made"],
];

const comparable = (answer: string | undefined): string | undefined =>
  KNOWN_DIFFERENCES.reduce((text, [pattern]) => text?.replace(pattern, ""), answer);

async function compare(t: TestContext, commands: readonly string[]): Promise<void> {
  const missing = Libvirtd.missing();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), "vireo-words-"));
  const [libvirtd, vireod] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(async () => {
    await Promise.all([libvirtd.cleanUp(), vireod.cleanUp()]);
    rmSync(directory, { recursive: true });
  });
  const place = { files: FILES, directory };
  const expected = await transcript(libvirtd.uri, commands, place);
  const actual = await transcript(vireod.uri, commands, place);
  for (const [index, { command, answer }] of actual.entries())
    await t.test(command, () =>
      assert.equal(comparable(answer), comparable(expected[index]?.answer)),
    );
}

test("virsh says the same: a domain nobody knows", (t) => compare(t, UNKNOWN));
test("virsh says the same: XML that is not right", (t) => compare(t, BAD_XML));
test("virsh says the same: a domain's life", (t) => compare(t, LIFE));
test("virsh says the same: the forms of a domain's XML", (t) => compare(t, XML));

/**
 * Definitions of host interfaces that are refused: libvirt's own words, from its test driver in virsh's library, for the
 * daemon of Debian cannot define any.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { formatHostInterface, parseHostInterface } from "@vireo/model/node/host-interface";
import { run } from "../harness/run.ts";

const link = (type: string, inner = "", name = " name='a'"): string =>
  `<interface type='${type}'${name}>${inner}</interface>`;
const port = (type: string, inner = ""): string => link(type, inner, " name='x'");

const REFUSED = [
  "<network/>",
  "<interface name='a'/>",
  link("nosuch"),
  link("ethernet", "", ""),
  link("ethernet", "<start mode='later'/>"),
  link("ethernet", "<protocol/>"),
  link("ethernet", "<protocol family='ipx'/>"),
  link("ethernet", "<protocol family='ipv4'><dhcp peerdns='perhaps'/></protocol>"),
  link("ethernet", "<link state='odd'/>"),
  link("bridge"),
  link("bridge", `<bridge>${link("ethernet", "", "")}</bridge>`),
  link("bridge", `<bridge>${port("bridge", "<bridge/>")}</bridge>`),
  link("bond"),
  link("bond", "<bond mode='odd'/>"),
  link("bond", `<bond>${port("bridge", "<bridge/>")}</bond>`),
  link("bond", "<bond><miimon/></bond>"),
  link("bond", "<bond><miimon freq='often'/></bond>"),
  link("bond", "<bond><miimon freq='1' downdelay='long'/></bond>"),
  link("bond", "<bond><miimon freq='1' updelay='long'/></bond>"),
  link("bond", "<bond><miimon freq='1' carrier='pigeon'/></bond>"),
  link("bond", "<bond><arpmon target='10.0.0.1'/></bond>"),
  link("bond", "<bond><arpmon interval='1'/></bond>"),
  link("bond", "<bond><arpmon interval='1' target='10.0.0.1' validate='odd'/></bond>"),
  link("vlan"),
  link("vlan", "<vlan><interface name='b'/></vlan>"),
  link("vlan", "<vlan tag='1'/>"),
  link("vlan", "<vlan tag='1'><interface/></vlan>"),
];

const KEPT = [
  link(
    "bridge",
    `<mac address='02:00:00:00:00:01'/><bridge>${port("ethernet", "<mac address='02:00:00:00:00:02'/>")}</bridge>`,
  ),
  link("bond", `<mac address='02:00:00:00:00:01'/><bond mode='802.3ad'>${port("ethernet")}</bond>`),
  link(
    "ethernet",
    "<start mode='hotplug'/><mtu size='9000'/><protocol family='ipv6'><autoconf/><dhcp peerdns='no'/></protocol>",
  ),
];

function refusal(xml: string): string {
  try {
    parseHostInterface(xml);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
}

test("definitions of interfaces are refused, and kept, in libvirt's words", {
  skip: existsSync("/usr/bin/virsh") ? false : "virsh is not installed",
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-interface-words-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "a.xml");
  const theirs = async (xml: string, ...commands: readonly string[]): Promise<string> => {
    writeFileSync(path, xml);
    const words = [`iface-define ${path}`, ...commands].join("; ");
    const { stdout, stderr } = await run("virsh", ["-q", "-c", "test:///default", words]);
    return `${stdout}${stderr}`;
  };
  for (const xml of REFUSED)
    await t.test(xml, async () => {
      const told = /^error: (?!Failed)(.*)$/m.exec(await theirs(xml))?.[1] ?? "";
      assert.notEqual(told, "");
      assert.equal(refusal(xml), told);
    });
  for (const xml of KEPT)
    await t.test(xml, async () =>
      assert.equal(
        formatHostInterface(parseHostInterface(xml)).trim(),
        (await theirs(xml, "iface-dumpxml a")).trim(),
      ),
    );
});

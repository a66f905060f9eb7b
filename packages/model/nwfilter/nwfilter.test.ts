import assert from "node:assert/strict";
import { test } from "node:test";
import { formatHostInterface, parseHostInterface } from "../node/host-interface.ts";
import { formatNwFilter, parseNwFilter } from "./nwfilter.ts";

const UUID = "3e3fce45-4f53-4fa7-bb32-11f34168b82b";
const printed = (rule: string, chain = "root"): string =>
  formatNwFilter(
    parseNwFilter(
      `<filter name='f' chain='${chain}'><rule action='drop' direction='in'>${rule}</rule></filter>`,
      () => UUID,
    ),
  );

test("numbers that have a word are printed as the word, masks as prefixes", () => {
  assert.match(
    printed("<ip protocol='17' srcipmask='255.255.128.0'/>"),
    /srcipmask='17' protocol='udp'/,
  );
  assert.match(printed("<mac protocolid='0x0806'/>"), /protocolid='arp'/);
});

test("variables stand for any value", () => {
  assert.match(printed("<tcp srcportstart='$PORT[@0]'/>"), /srcportstart='\$PORT'/);
  assert.match(printed("<tcp srcportstart='$PORT[@1]'/>"), /srcportstart='\$PORT\[@1\]'/);
});

test("values out of range and masks with a hole are refused", () => {
  for (const rule of ["<tcp dscp='64'/>", "<ip srcipmask='255.0.255.0'/>", "<vlan vlanid='4096'/>"])
    assert.throws(() => printed(rule), /has illegal value/, rule);
  assert.throws(() => printed("<all/>", "toolongachain"), /chain/);
});

test("a chain has the priority of its protocol, a chain of one's own none", () => {
  assert.match(printed("<all/>", "arp"), /chain='arp' priority='-500'/);
  assert.doesNotMatch(printed("<all/>", "arp-mine"), /chain='arp-mine' priority/);
});

test("references and rules stay in their order", () => {
  const inner =
    "  <filterref filter='a'/>\n  <rule action='drop' direction='in' priority='500'/>\n  <filterref filter='b'/>\n";
  const xml = `<filter name='f' chain='root'>\n  <uuid>${UUID}</uuid>\n${inner}</filter>\n`;
  assert.equal(formatNwFilter(parseNwFilter(xml, () => UUID)), xml);
});

test("interfaces of the host contain interfaces", () => {
  const xml =
    "<interface type='bridge' name='br0'>\n  <bridge stp='off'>\n    <interface type='ethernet' name='eth9'>\n    </interface>\n  </bridge>\n</interface>\n";
  assert.equal(formatHostInterface(parseHostInterface(xml)), xml);
});

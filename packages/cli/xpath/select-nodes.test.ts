import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "@vireo/model/xml/parse-xml";
import { XpathError } from "./parse-xpath.ts";
import { selectNodes } from "./select-nodes.ts";

const root = parseXml(`<domain type='qemu'>
  <name>web</name>
  <devices>
    <disk type='file'><source file='/a'/><target dev='vda' bus='virtio'/></disk>
    <disk type='block'><source dev='/b'/><target dev='vdb' bus='virtio'/><readonly/></disk>
    <interface type='user'><target dev='tap0'/></interface>
  </devices>
</domain>`);

const show = (expression: string): string[] =>
  selectNodes(root, expression).map((node) =>
    node.kind === "element" ? node.element.name : node.value,
  );

const cases: readonly (readonly [string, string[]])[] = [
  ["/domain/name", ["name"]],
  ["/domain/name/text()", ["web"]],
  ["//target/@dev", ["vda", "vdb", "tap0"]],
  ["//disk[2]/target/@dev", ["vdb"]],
  ["//disk[last()]/@type", ["block"]],
  ["//disk[@type='file']/source/@file", ["/a"]],
  ["//disk[target/@dev='vdb']/source/@dev", ["/b"]],
  ["//disk[readonly]/@type", ["block"]],
  ["//disk[@type='file' or readonly]/@type", ["file", "block"]],
  ["//disk[@type='block' and readonly]/@type", ["block"]],
  ["//disk[@type!='file']/@type", ["block"]],
  ["//devices/*", ["disk", "disk", "interface"]],
  ["//target/..", ["disk", "disk", "interface"]],
  ["//name | //interface", ["name", "interface"]],
  ["/domain[name='web']/@type", ["qemu"]],
  ["//nosuch", []],
  ["/*", ["domain"]],
];

for (const [expression, expected] of cases)
  test(`xpath: ${expression}`, () => {
    assert.deepEqual(show(expression), expected);
  });

test("xpath: what is not a set of nodes is refused", () => {
  for (const expression of ["string(//name)", "count(//disk)", "//", "//disk[", "1+1", ""])
    assert.throws(() => show(expression), XpathError, expression);
});

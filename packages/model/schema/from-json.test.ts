import assert from "node:assert/strict";
import { test } from "node:test";
import { Domain } from "../domain/domain.ts";
import { readDocument } from "../xml/read-document.ts";
import { format } from "./format.ts";
import { fromJson } from "./from-json.ts";
import { parse } from "./parse.ts";

const XML = `<domain type='qemu'>
  <name>a</name>
  <memory unit='KiB'>65536</memory>
  <vcpu placement='static' cpuset='0-1'>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <bootmenu enable='yes'/>
  </os>
  <features>
    <acpi/>
  </features>
  <devices>
    <disk type='file' device='disk'>
      <source file='/a&amp;b'/>
      <target dev='vda' bus='virtio'/>
      <readonly/>
    </disk>
  </devices>
</domain>
`;
const parsed = () => parse(Domain, readDocument(XML, { root: "domain", label: "domain" }), []);

test("from json: a document that travelled as JSON prints the same", () => {
  const json: unknown = JSON.parse(JSON.stringify(parsed()));
  assert.equal(format(Domain, fromJson(Domain, json)), format(Domain, parsed()));
});

const faulty: readonly (readonly [change: object, message: RegExp])[] = [
  [{ type: "zen" }, /domain\.type: expected/],
  [{ name: undefined }, /domain\.name: is missing/],
  [{ colour: "red" }, /domain\.colour: is not known here/],
  [{ iothreads: "many" }, /domain\.iothreads: expected/],
  [
    { devices: { disks: [{ type: "file" }, { type: "cloud" }] } },
    /domain\.devices\.disks\.1\.type/,
  ],
  [{ devices: { disks: {} } }, /domain\.devices\.disks: expected a list/],
  [{ memory: { sizeKiB: -1 } }, /domain\.memory\.sizeKiB: expected a size/],
  [{ os: 7 }, /domain\.os: expected an object/],
];
for (const [change, message] of faulty)
  test(`from json: ${JSON.stringify(change)} is refused by its place`, () => {
    const json: unknown = JSON.parse(JSON.stringify({ ...parsed(), ...change }));
    assert.throws(() => fromJson(Domain, json), message);
  });

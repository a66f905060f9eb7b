import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "../xml/parse-xml.ts";
import { element, type Infer, lazy } from "./element.ts";
import type { Element } from "./declaration.ts";
import { format } from "./format.ts";
import type { Issue } from "./issue.ts";
import {
  attr,
  child,
  children,
  choice,
  content,
  discriminant,
  flag,
  raw,
  requiredAttr,
  requiredChild,
  scaledContent,
  text,
  texts,
} from "./member.ts";
import { parse } from "./parse.ts";
import { hex, oneOf, onOff, string, uint, unless, yesNo } from "./scalar.ts";
import { KIB } from "./unit.ts";

const FileSource = element("source", "An image.", { file: attr(string, { doc: "Path." }) });
const BlockSource = element("source", "A device.", { dev: attr(string, { doc: "Path." }) });
const Memory = element("memory", "Size.", {
  dumpCore: attr(onOff, { doc: "In core dumps." }),
  size: scaledContent({ unit: KIB, doc: "Size in KiB." }),
});
interface Chain {
  readonly format?: string;
  readonly backingStore?: Chain;
}
const Chain: Element<Chain> = element(
  "backingStore",
  "A layer.",
  {
    format: attr(string, { doc: "Format." }),
    backingStore: child(
      lazy((): Element<Chain> => Chain),
      { doc: "Next layer." },
    ),
  },
  { empty: true },
);
const Disk = element("disk", "A disk.", {
  type: discriminant(["file", "block"], { doc: "Kind.", default: "file" }),
  device: attr(oneOf("disk", "cdrom"), { default: "disk", doc: "What." }),
  mode: attr(unless("default", oneOf("fast", "slow")), { doc: "Mode." }),
  slot: attr(hex(2), { doc: "Slot." }),
  policy: attr(string, { doc: "Policy.", older: ["source@policy", "@oldPolicy"] }),
  source: choice({
    file: child(FileSource, { doc: "File." }),
    block: requiredChild(BlockSource, { doc: "Device." }),
  }),
  chain: child(Chain, { doc: "Layers." }),
  memory: child(Memory, { doc: "Size." }),
  readOnly: flag({ name: "readonly", doc: "Read-only." }),
  serial: text(string, { doc: "Serial." }),
  args: texts(string, { name: "arg", doc: "Arguments." }),
  alias: child(element("alias", "Name.", { name: requiredAttr(string, { doc: "Id." }) }), {
    doc: "Name.",
    show: "live",
  }),
  metadata: raw({ doc: "Yours." }),
});
type Disk = Infer<typeof Disk>;
const List = element("list", "Disks.", { disks: children(Disk, { doc: "Disks." }) });

const read = (xml: string, live = true): { value: Disk; issues: Issue[] } => {
  const issues: Issue[] = [];
  return { value: parse(Disk, parseXml(xml), issues, { live }), issues };
};
const messages = (xml: string): string[] =>
  read(xml).issues.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`);

// what the declaration infers to, checked by the compiler
const block: Disk = { type: "block", source: { dev: "/x" } };
// @ts-expect-error a block disk needs its source
const noSource: Disk = { type: "block" };
// @ts-expect-error a block device has no file
const wrongSource: Disk = { type: "block", source: { file: "/x" } };

test("parse: values, defaults, absent words and older places", () => {
  const { value, issues } = read(
    "<disk mode='default' slot='0x0a' oldPolicy='x'><source file='/a'/><serial>S</serial><arg>1</arg><arg>2</arg><readonly/></disk>",
  );
  assert.deepEqual(issues, []);
  assert.deepEqual(value, {
    type: "file",
    device: "disk",
    slot: 10,
    policy: "x",
    source: { file: "/a" },
    readOnly: true,
    serial: "S",
    args: ["1", "2"],
  });
});

test("parse: a choice reads the member of its case", () => {
  assert.deepEqual(read("<disk type='block'><source dev='/a'/></disk>").value, {
    ...block,
    device: "disk",
    source: { dev: "/a" },
  });
  assert.deepEqual(messages("<disk type='block'/>"), [
    "1:1 /disk Missing required element 'source' in element 'disk'",
  ]);
  void noSource;
  void wrongSource;
});

test("parse: illegal values name place and rule", () => {
  assert.deepEqual(messages("<disk\n  device='tape'\n  slot='z'/>"), [
    "2:3 /disk@device Invalid value for attribute 'device' in element 'disk': 'tape'.",
    "3:3 /disk@slot Invalid value for attribute 'slot' in element 'disk': 'z'. Expected non-negative integer value",
  ]);
});

test("parse: unknown content is reported as ignored, with its place", () => {
  const { issues } = read("<disk foo='1'>\n  <bar/>\n  <readonly x='1'/>\n</disk>");
  assert.ok(issues.every(({ severity }) => severity === "ignored"));
  assert.deepEqual(messages("<disk foo='1'>\n  <bar/>\n  <readonly x='1'/>\n</disk>"), [
    "3:13 /disk/readonly@x Unknown attribute 'x' in element 'readonly'",
    "1:7 /disk@foo Unknown attribute 'foo' in element 'disk'",
    "2:3 /disk/bar Unknown element 'bar' in element 'disk'",
  ]);
});

test("parse: what only a running domain has is passed over in a definition", () => {
  const xml = "<disk><alias name='a0'/></disk>";
  assert.deepEqual(read(xml).value.alias, { name: "a0" });
  assert.equal(read(xml, false).value.alias, undefined);
  assert.deepEqual(read(xml, false).issues, []);
});

test("format: declaration order, escapes, nested layers, scaled sizes", () => {
  const xml = [
    "<list>",
    "  <disk type='file' device='disk' slot='0x0a'>",
    "    <source file='/a&amp;b&apos;'/>",
    "    <backingStore format='raw'>",
    "      <backingStore/>",
    "    </backingStore>",
    "    <memory dumpCore='on' unit='KiB'>2048</memory>",
    "    <readonly/>",
    "    <metadata>",
    '      <app:x xmlns:app="http://app/1" a="1">',
    "        <b>text</b>",
    "      </app:x>",
    "    </metadata>",
    "  </disk>",
    "</list>",
    "",
  ].join("\n");
  const issues: Issue[] = [];
  const value = parse(List, parseXml(xml.replace("unit='KiB'>2048", "unit='MiB'>2")), issues);
  assert.deepEqual(issues, []);
  assert.equal(format(List, value), xml);
});

test("format: live members only in the live view", () => {
  const { value } = read("<disk><alias name='a0'/></disk>");
  assert.doesNotMatch(format(Disk, value), /alias/);
  assert.match(
    format(Disk, value, { live: true, secure: false, migratable: false }),
    /<alias name='a0'\/>/,
  );
});

test("parse: own text beside attributes", () => {
  const Model = element("model", "CPU model.", {
    fallback: attr(oneOf("allow", "forbid"), { doc: "Fallback." }),
    name: content(string, { doc: "Name." }),
    on: attr(yesNo, { doc: "On." }),
    count: attr(uint, { doc: "Count." }),
  });
  const issues: Issue[] = [];
  const value = parse(
    Model,
    parseXml("<model fallback='allow' on='yes' count='0x10'>qemu64</model>"),
    issues,
  );
  assert.deepEqual(
    [value, issues],
    [{ fallback: "allow", name: "qemu64", on: true, count: 16 }, []],
  );
  assert.equal(
    format(Model, value),
    "<model fallback='allow' on='yes' count='16'>qemu64</model>\n",
  );
});

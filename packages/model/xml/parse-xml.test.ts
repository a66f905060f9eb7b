import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dumpNode } from "./dump-node.ts";
import { escapeXml } from "./escape-xml.ts";
import { parseXml } from "./parse-xml.ts";
import { attributePosition } from "./position.ts";
import { XmlError } from "./xml-error.ts";

const failure = (text: string): XmlError => {
  try {
    parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) return error;
    throw error;
  }
  return assert.fail("accepted");
};

test("parseXml: tree with text, comments, CDATA and instructions", () => {
  const root = parseXml(
    "<?xml version='1.0'?><a x='1&amp;2'><!-- c --><b>t<![CDATA[<]]></b><?pi x?></a>",
  );
  assert.deepEqual(
    [
      root.name,
      root.attributes.get("x"),
      root.children[0]?.text,
      root.nodes.map(({ kind }) => kind),
    ],
    ["a", "1&2", "t<", ["comment", "element", "instruction"]],
  );
});

test("parseXml: places of elements and attributes", () => {
  const root = parseXml("<a>\n  <b\n    c='1' d = \"x\"/>\n</a>");
  const b = root.children[0];
  assert.ok(b);
  assert.deepEqual([b.line, b.column], [2, 3]);
  assert.deepEqual(attributePosition(b, "c"), { line: 3, column: 5 });
  assert.deepEqual(attributePosition(b, "d"), { line: 3, column: 11 });
});

test("parseXml: namespaces; an undeclared prefix is part of the name", () => {
  const root = parseXml("<a xmlns:q='u'><q:b/><z:c/></a>");
  assert.deepEqual(
    root.children.map(({ name, prefix, namespace }) => [name, prefix, namespace]),
    [
      ["b", "q", "u"],
      ["z:c", "", ""],
    ],
  );
});

/** As virsh 9.0.0 prints them for `(domain_definition)`. */
const BROKEN: readonly (readonly [text: string, line: number, message: string, excerpt: string])[] =
  [
    ["", 1, "Document is empty", "(null)\n^"],
    ["hello\n", 1, "Start tag expected, '<' not found", "hello\n^"],
    [
      "<d>\n  <name>a</nam>\n</d>\n",
      2,
      "Opening and ending tag mismatch: name line 2 and nam",
      "  <name>a</nam>\n---------------^",
    ],
    ["<d>\n  <name>a</name>\n", 3, "Premature end of data in tag d line 1", "(null)\n^"],
    ["<d>\n  <name", 2, "Couldn't find end of Start Tag name line 2", "  <name\n-------^"],
    ["<d type=qemu/>", 1, "AttValue: \" or ' expected", "<d type=qemu/>\n--------^"],
    ["<d type>", 1, "Specification mandates value for attribute type", "<d type>\n-------^"],
    ["<d a='1' a='2'/>", 1, "Attribute a redefined", "<d a='1' a='2'/>\n--------------^"],
    ["<d a='1<2'/>", 1, "Unescaped '<' not allowed in attributes values", "<d a='1<2'/>\n-------^"],
    ["<d>a & b</d>", 1, "xmlParseEntityRef: no name", "<d>a & b</d>\n------^"],
    ["<d>&foo;</d>", 1, "Entity 'foo' not defined", "<d>&foo;</d>\n--------^"],
    ["<d/>\nfoo\n", 2, "Extra content at the end of the document", "foo\n^"],
    [
      "<d><!-- a -- b --></d>",
      1,
      "Double hyphen within comment: <!-- a ",
      "<d><!-- a -- b --></d>\n----------^",
    ],
    ["<d>ü<1/></d>", 1, "StartTag: invalid element name", "<d>ü<1/></d>\n------^"],
  ];
for (const [text, line, message, excerpt] of BROKEN)
  test(`parseXml: ${message}`, () => {
    const error = failure(text);
    assert.deepEqual(
      [error.line, error.message, error.excerpt, error.reason],
      [line, message, excerpt, "syntax"],
    );
  });

test("parseXml: a document type is refused, so entities never grow", () => {
  const bomb = `<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>`;
  assert.equal(failure(bomb).reason, "refused");
});

const LIMITED: readonly (readonly [what: string, text: string])[] = [
  ["length", `<d>${" ".repeat(5 * 1024 * 1024)}</d>`],
  ["depth", "<d>".repeat(100_000)],
  ["attributes", `<d ${Array.from({ length: 50_000 }, (_, at) => `a${at}='1'`).join(" ")}/>`],
  ["nodes", `<d>${"<a/>".repeat(400_000)}</d>`],
];
const LONGEST_US = 1_000_000;
for (const [what, text] of LIMITED)
  test(`parseXml: ${what} has a limit, reached soon`, () => {
    const start = process.threadCpuUsage();
    assert.equal(failure(text).reason, "limit");
    const { user, system } = process.threadCpuUsage(start);
    assert.ok(user + system < LONGEST_US); // processor time: the host is shared
  });

test("parseXml: any text gives a tree or an XmlError", () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    "/",
    "a",
    "&",
    "'",
    '"',
    "=",
    " ",
    "!",
    "-",
    "[",
    "]",
    "?",
    ";",
    "\n",
    "xmlns:",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((all) => `<a>${all.join("")}`),
      ),
      (text) => {
        try {
          parseXml(text);
        } catch (error) {
          assert.ok(error instanceof XmlError);
          assert.ok(error.line >= 1 && error.column >= 1);
        }
      },
    ),
  );
});

test("escapeXml: what is written is read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const clean = escapeXml(text);
      const root = parseXml(`<a b='${clean.replace(/[\t\n\r]/g, " ")}'>${clean}</a>`);
      // oxlint-disable-next-line no-control-regex -- these are the ones XML forbids
      const legal = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
      assert.equal(root.text, legal.replace(/\r\n?/g, "\n"));
      assert.equal(root.attributes.get("b"), legal.replace(/[\t\n\r]/g, " "));
    }),
  );
});

test("dumpNode: libxml2's layout, declarations from outside, text left alone", () => {
  const root = parseXml("<a xmlns:o='urn:o'><m>\n<o:x p='1'>   <y>a<z/></y><!--c--></o:x></m></a>");
  const m = root.children[0];
  assert.ok(m);
  assert.equal(
    dumpNode(m),
    '<m xmlns:o="urn:o">\n  <o:x p="1">\n    <y>a<z/></y>\n    <!--c-->\n  </o:x>\n</m>',
  );
});

/** What is too large, too deep or forbidden is refused at once, in words that say why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cpuMs } from "../harness/cpu-time.ts";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { isError, VireoError } from "@vireo/model/error";

const LONGEST_MS = 100;
const MIB = 2 ** 20;

const inside = (text: string, attributes = ""): string =>
  `<domain type='qemu'${attributes}><name>n</name>${text}</domain>`;

const depth = Math.floor(MIB / "<a></a>".length);
const attributes = Array.from({ length: 1_000_000 }, (_, at) => ` a${at}='1'`).join("");
const lol = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} '${`&l${at};`.repeat(10)}'>`);

const CASES: readonly (readonly [what: string, xml: string, words: RegExp])[] = [
  ["1 MiB of nesting", inside("<a>".repeat(depth) + "</a>".repeat(depth)), /depth|deep|nest/i],
  ["1 MiB of nesting that is never closed", "<a>".repeat(MIB / 3), /depth|deep|nest/i],
  ["10^6 attributes", inside("", attributes), /attribute|large|long/i],
  ["10^6 attributes without end", `<domain${attributes}`, /attribute|large|long/i],
  [
    "attributes that fit the length of a document",
    inside("", attributes.slice(0, MIB)),
    /attribute/i,
  ],
  ["a text of 64 MiB", inside("x".repeat(64 * MIB)), /long|large|size|limit/i],
  ["a DTD", `<!DOCTYPE domain>${inside("")}`, /doctype|DTD/i],
  ["a DTD elsewhere", `<!DOCTYPE domain SYSTEM 'file:///etc/passwd'>${inside("")}`, /doctype|DTD/i],
  [
    "entities of entities",
    `<!DOCTYPE domain [<!ENTITY l0 'lol'>${lol.join("")}]>${inside("&l9;")}`,
    /doctype|DTD/i,
  ],
  ["an entity nobody declared", inside("<title>&file;</title>"), /entity/i],
];

test("limits: 10^6 elements are refused", () => {
  assert.throws(() => parseDomain(inside("<a/>".repeat(1_000_000))), /nodes/);
});

for (const [what, xml, words] of CASES)
  test(`limits: ${what} is refused within ${LONGEST_MS} ms`, () => {
    const start = cpuMs();
    assert.throws(
      () => parseDomain(xml),
      (error) => {
        assert.ok(error instanceof VireoError && isError(error, "xmlDetail"));
        assert.match(error.message.slice(0, 1000), words);
        return true;
      },
    );
    const took = cpuMs() - start;
    assert.ok(took < LONGEST_MS, `${took} ms`);
  });

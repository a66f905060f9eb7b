import assert from "node:assert/strict";
import { test } from "node:test";
import { withMetadata } from "./metadata.ts";
import { parseDomain } from "./parse-domain.ts";
import { TAGS_PREFIX, TAGS_URI, tagsElement } from "./tags-element.ts";
import { tagsOf } from "./tags.ts";

const { domain } = parseDomain(
  "<domain type='test'><name>a</name><memory>1</memory><os><type>hvm</type></os></domain>",
);
const place = { kind: "element", uri: TAGS_URI } as const;
const prefix = TAGS_PREFIX;

test("tags: what is written as metadata is read again", () => {
  const tags = ["web", "R&D <1>", "büro"];
  const tagged = withMetadata(domain, place, { value: tagsElement(tags), prefix });
  assert.deepEqual(tagsOf(tagged), tags);
  assert.deepEqual(tagsOf(withMetadata(tagged, place, { value: tagsElement([]), prefix })), []);
});

test("tags: other metadata is none, and stays", () => {
  const other = { kind: "element", uri: "http://example.org/x" } as const;
  const noted = withMetadata(domain, other, { value: "<tags><tag>no</tag></tags>", prefix: "x" });
  assert.deepEqual(tagsOf(noted), []);
  const both = withMetadata(noted, place, { value: tagsElement(["yes"]), prefix });
  assert.deepEqual(tagsOf(both), ["yes"]);
  assert.match(both.metadata ?? "", /example\.org/);
});

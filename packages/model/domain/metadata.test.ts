import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "../error.ts";
import { domainMetadata, withMetadata } from "./metadata.ts";
import { parseDomain } from "./parse-domain.ts";
import { formatDomain } from "./format-domain.ts";

const { domain } = parseDomain(
  "<domain type='test'><name>a</name><memory>1</memory><os><type>hvm</type></os></domain>",
);
const app = { kind: "element", uri: "http://example.org/a" } as const;

test("metadata: an element is kept in its namespace and read back without it", () => {
  const value = '<foo bar="1"><child>x</child></foo>';
  const changed = withMetadata(domain, app, { value, prefix: "app" });
  assert.equal(domainMetadata(changed, app), '<foo bar="1">\n  <child>x</child>\n</foo>');
  assert.match(
    formatDomain(changed),
    /<app:foo xmlns:app="http:\/\/example.org\/a" bar="1">\n +<app:child>x/,
  );
});

test("metadata: one element of a namespace, the last one set", () => {
  const first = withMetadata(domain, app, { value: "<a/>", prefix: "p" });
  const other = withMetadata(
    first,
    { ...app, uri: "http://example.org/b" },
    { value: "<b/>", prefix: "q" },
  );
  const second = withMetadata(other, app, { value: "<c/>", prefix: "r" });
  assert.equal(domainMetadata(second, app), "<c/>");
  assert.equal(domainMetadata(second, { ...app, uri: "http://example.org/b" }), "<b/>");
  const removed = withMetadata(second, app, {});
  assert.throws(
    () => domainMetadata(removed, app),
    (error) => isError(error, "noDomainMetadata"),
  );
});

test("metadata: what is no XML is refused with its place", () => {
  assert.throws(
    () => withMetadata(domain, app, { value: "<broken>", prefix: "p" }),
    (error) => isError(error, "xmlDetail") && error.message.startsWith("(metadata_xml):1:"),
  );
});

test("metadata: title and description", () => {
  const titled = withMetadata(domain, { kind: "title" }, { value: "T" });
  assert.equal(domainMetadata(titled, { kind: "title" }), "T");
  assert.equal(withMetadata(titled, { kind: "title" }, {}).title, undefined);
  assert.throws(() => withMetadata(domain, { kind: "title" }, { value: "a\nb" }), /newlines/);
});

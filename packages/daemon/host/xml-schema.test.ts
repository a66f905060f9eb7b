import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { schemaObjection } from "./xml-schema.ts";

const domain = (more: string): string =>
  `<domain type='qemu'><name>a</name><memory>1</memory><os><type>hvm</type></os>${more}</domain>`;
const SKIP = existsSync("/usr/share/libvirt/schemas/domain.rng")
  ? false
  : "no schemas: package libvirt0";

test("schema: a domain that it knows passes, again and again", { skip: SKIP }, async () => {
  for (let i = 0; i < 3; i++)
    assert.equal(await schemaObjection(domain("<devices/>"), "domain"), undefined);
});

test("schema: what it does not know is told with its name", { skip: SKIP }, async () => {
  const objection = await schemaObjection(domain("<frobnicate/>"), "domain");
  assert.match(objection ?? "", /^Unable to validate doc against .*domain\.rng\n/);
  assert.match(objection ?? "", /frobnicate/);
});

test("schema: a host without schemas objects to nothing", async () => {
  assert.equal(await schemaObjection("<domain/>", "domain", "/nonexistent"), undefined);
});

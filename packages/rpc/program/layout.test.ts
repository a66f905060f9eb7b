import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { layoutListing } from "./layout.ts";

test("layout: the frozen listing equals the declarations", () => {
  const frozen = readFileSync(new URL("layout.txt", import.meta.url), "utf8");
  assert.equal(layoutListing(), frozen, "run node packages/rpc/program/write-layout.ts");
});

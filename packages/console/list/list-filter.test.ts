import assert from "node:assert/strict";
import { test } from "node:test";
import { allTags, fits, readFilter } from "./list-filter.ts";

const domains = [
  { name: "web1", title: "Shop", state: "running", tags: ["prod", "web"] },
  { name: "db1", state: "shutoff", tags: ["prod"] },
  { name: "lab", state: "running", tags: [] },
] as const;
const names = (search: object): readonly string[] =>
  domains.filter(fits(readFilter({ ...search }))).map(({ name }) => name);

test("list filter: name or title, state and tag, all together", () => {
  assert.deepEqual(names({}), ["web1", "db1", "lab"]);
  assert.deepEqual(names({ name: "shop" }), ["web1"]);
  assert.deepEqual(names({ state: "running", tag: "prod" }), ["web1"]);
  assert.deepEqual(names({ tag: "absent" }), []);
  assert.deepEqual(names({ tag: 5 }), ["web1", "db1", "lab"], "nonsense in the URL is no filter");
});

test("list filter: each tag is offered once", () => {
  assert.deepEqual(allTags(domains), ["prod", "web"]);
});

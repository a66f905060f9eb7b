import assert from "node:assert/strict";
import { test } from "node:test";
import { expandFilter, variablesWithin } from "./expand-filter.ts";
import { type NwFilter, parseNwFilter } from "./nwfilter.ts";
import { STANDARD_FILTERS } from "./standard-filters.ts";

const known = new Map<string, NwFilter>(STANDARD_FILTERS.map((one) => [one.name, one]));
const finder = (filter: NwFilter) => (name: string) => {
  const found = name === filter.name ? filter : known.get(name);
  assert.ok(found, name);
  return found;
};
const parsed = (inner: string): NwFilter =>
  parseNwFilter(`<filter name='f'>${inner}</filter>`, () => "u");

function expanded(inner: string, variables: Readonly<Record<string, readonly string[]>> = {}) {
  const filter = parsed(inner);
  const context = { find: finder(filter), learned: new Set<string>() };
  return expandFilter("f", new Map(Object.entries(variables)), context);
}

const TCP = (attributes: string): string =>
  `<rule action='accept' direction='out'><tcp ${attributes}/></rule>`;
const matches = (inner: string, variables: Readonly<Record<string, readonly string[]>>) =>
  expanded(inner, variables).flatMap(({ rules }) => rules.map(({ match }) => match));

test("variables: those of one iterator advance together, each combination once", () => {
  const variables = { A: ["1.1.1.1", "2.2.2.2", "1.1.1.1"], B: ["80", "90", "80"] };
  assert.deepEqual(matches(TCP("srcipaddr='$A' srcportstart='$B'"), variables), [
    { srcipaddr: "1.1.1.1", srcportstart: "80" },
    { srcipaddr: "2.2.2.2", srcportstart: "90" },
  ]);
});

test("variables: other iterators make all combinations, an index picks one", () => {
  const variables = { A: ["1.1.1.1", "2.2.2.2"], B: ["80", "90"] };
  assert.equal(matches(TCP("srcipaddr='$A' srcportstart='$B[@1]'"), variables).length, 4);
  assert.deepEqual(matches(TCP("srcportstart='$B[1]'"), variables), [{ srcportstart: "90" }]);
});

test("variables: one without a value is named", () => {
  assert.throws(() => expanded(TCP("srcipaddr='$NOBODY'")), /elements: NOBODY$/);
  assert.throws(() => expanded(TCP("srcportstart='$B[2]'"), { B: ["1"] }), /elements: B\[2\]$/);
  assert.throws(
    () => expanded(TCP("srcipaddr='$A' srcportstart='$B'"), { A: ["1.1.1.1"], B: ["1", "2"] }),
    /Cardinality/,
  );
});

test("references: what is given from outside wins over what a reference gives", () => {
  const inner =
    "<filterref filter='no-ip-spoofing'><parameter name='IP' value='10.0.0.1'/></filterref>";
  const addresses = (variables: Readonly<Record<string, readonly string[]>>) =>
    matches(inner, variables).flatMap(({ srcipaddr }) => srcipaddr ?? []);
  assert.deepEqual(addresses({}), ["0.0.0.0", "10.0.0.1"]);
  assert.deepEqual(addresses({ IP: ["10.0.0.2"] }), ["0.0.0.0", "10.0.0.2"]);
});

test("chains: of several filters one chain, its rules by priority", () => {
  const chains = expanded("<filterref filter='clean-traffic'/>", { MAC: ["m"], IP: ["i"] });
  assert.equal(chains[0]?.name, "root");
  const priorities = chains.map(({ rules }) => rules.map(({ priority }) => priority));
  for (const list of priorities)
    assert.deepEqual(
      list,
      list.toSorted((a, b) => a - b),
    );
  assert.ok(chains.some(({ name, priority }) => name === "arp-mac" && priority === -520));
});

test("variables asked for: those of all filters within", () => {
  const filter = parsed("<filterref filter='clean-traffic'/>");
  assert.deepEqual([...variablesWithin("f", finder(filter))].toSorted(), ["IP", "MAC"]);
});

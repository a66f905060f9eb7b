/** What is printed is read back the same, for any domain that can be declared. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Domain } from "@vireo/model/domain/domain";
import { Devices } from "@vireo/model/domain/device/devices";
import type { AnyElement } from "@vireo/model/schema/declaration";
import { planOf } from "@vireo/model/schema/element";
import { format } from "@vireo/model/schema/format";
import type { Issue } from "@vireo/model/schema/issue";
import { parse } from "@vireo/model/schema/parse";
import { parseXml } from "@vireo/model/xml/parse-xml";
import { elementValue, type Model, WHOLE } from "./arbitrary.ts";

const SEED = 20_261_121;

function roundTrips(type: AnyElement, value: Model): void {
  const xml = format(type, value, WHOLE);
  if (xml === "") return; // nothing to say, nothing printed
  const issues: Issue[] = [];
  const again = parse(type, parseXml(xml), issues);
  assert.deepEqual(issues, [], xml);
  assert.deepEqual(again, value, xml);
  assert.equal(format(type, again, WHOLE), xml);
}

const holds = (type: AnyElement, numRuns: number): void =>
  fc.assert(
    fc.property(elementValue(type), (value) => roundTrips(type, value)),
    { seed: SEED, numRuns },
  );

for (const { key, member } of planOf(Devices, undefined).members) {
  const { element } = member;
  if (element !== undefined) test(`round trip: devices/${key}`, () => holds(element, 300));
}

for (const { key, member } of planOf(Domain, undefined).members) {
  const { element } = member;
  // the namespace of `qemu:` elements is declared around them
  if (element !== undefined && element.options.namespace === undefined && key !== "devices")
    test(`round trip: ${key}`, () => holds(element, 200));
}

test("round trip: whole domains", () => holds(Domain, 300));

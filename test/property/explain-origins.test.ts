/** Every argument of QEMU leads to a place in the domain, and every device to an argument or a reason. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { domainPlaces, followed, tracedFrom, traceResolve } from "@vireo/model/domain/explain";
import { isWithin } from "@vireo/model/domain/explain-path";
import { isResolved } from "@vireo/model/domain/resolve/resolve";
import { commandLine } from "@vireo/qemu/command/command-line";
import { absenceOf, silenceOf } from "@vireo/qemu/command/explain-silence";
import { latestFacts, withEnvironment } from "../conformance/corpus-facts.ts";
import { readManifest } from "../conformance/manifest.ts";
import type { ArgsCase } from "../conformance/qemu-args.ts";
import { latestCapabilities } from "../conformance/qemu-args-capabilities.ts";
import { mockContext } from "../conformance/qemu-args-context.ts";
import { startedDomain } from "../conformance/qemu-args-start.ts";
import { CORPUS } from "../harness/corpus.ts";

const FOLDER = "qemu-args";
const skip = existsSync(join(CORPUS, FOLDER)) ? false : `there is no corpus at ${CORPUS}`;

interface Translated {
  readonly id: string;
  readonly origins: readonly string[];
  readonly texts: ReadonlyMap<string, string | undefined>;
}

function translated(one: ArgsCase): Translated {
  const facts = withEnvironment(latestFacts(CORPUS), one);
  const xml = readFileSync(join(CORPUS, FOLDER, one.input), "utf8");
  const resolved = traceResolve(tracedFrom(xml), facts);
  assert.ok(isResolved(resolved.domain), one.id);
  const started = startedDomain(resolved.domain, join(CORPUS, FOLDER), one);
  const { args } = commandLine(started, latestCapabilities(CORPUS), mockContext(started, one));
  const places = domainPlaces(followed(resolved, started, "nameDevices"));
  return {
    id: one.id,
    origins: args.map(({ origin }) => origin),
    texts: new Map(places.map(({ path, text }) => [path, text])),
  };
}

const cases: readonly Translated[] = skip
  ? []
  : (readManifest(CORPUS, FOLDER) as readonly ArgsCase[])
      .filter((one) => one.tier === "A" && one.error === undefined && one.capsDependent !== true)
      .map(translated);

const DEVICE = /^\/domain\/devices\/[^/@]+$/;

/** The device an origin is about, as places write it. */
function isOf(device: string, origin: string, texts: Translated["texts"]): boolean {
  const steps = origin
    .split(/\/(?![^[]*\])/)
    .slice(0, 4)
    .join("/");
  return isWithin(device, steps, (path) => texts.get(path));
}

test("explain: every argument of the corpus has an origin that is there", { skip }, () => {
  assert.ok(cases.length > 0);
  for (const { id, origins, texts } of cases)
    for (const origin of new Set(origins)) {
      const found =
        texts.has(origin) ||
        [...texts.keys()].some((path) => isWithin(path, origin, (at) => texts.get(at)));
      assert.ok(found || absenceOf(origin) !== undefined, `${id}: ${origin}`);
    }
});

test("explain: every device of the corpus makes an argument, or says why not", { skip }, () => {
  for (const { id, origins, texts } of cases)
    for (const device of [...texts.keys()].filter((path) => DEVICE.test(path))) {
      const made = origins.some((origin) => isOf(device, origin, texts));
      const silent = silenceOf(device, (path) => texts.get(`${device}/${path}`));
      assert.ok(made || silent !== undefined, `${id}: ${device}`);
    }
});
